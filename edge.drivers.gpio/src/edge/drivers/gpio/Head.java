// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import java.time.Instant;

/**
 * The claimed lines of one device, named by their place in its configuration. Levels are electrical: true is high.
 *
 * <p>A head that has failed once is closed by its user. Called on the device's thread only.
 */
interface Head {

    /** Gets the edges of inputs; called on any thread, returns at once. */
    interface Listener {

        /**
         * An input has changed.
         *
         * @param missed how many edges of this line were lost since the one before
         */
        void edge(int index, boolean level, Instant time, int missed);

        /** Something is wrong with the lines: whoever reads one now will learn what. */
        void broken();
    }

    /** Begins to report edges; to be called once. */
    void listen(Listener listener);

    /**
     * Whether the kernel debounces, tells every edge and numbers them: then nobody has to look for changes that were not
     * told.
     */
    boolean isExact();

    /** The level now. */
    boolean level(int index) throws HeadException;

    /** Drives an output. */
    void drive(int index, boolean level) throws HeadException;

    /** Pulls a simulated input; other heads cannot. */
    default void pull(int index, boolean level) {
        throw new UnsupportedOperationException("not a simulated line");
    }

    /** Puts outputs into their safe state and gives all lines back. Closing twice does no harm. */
    void close();
}
