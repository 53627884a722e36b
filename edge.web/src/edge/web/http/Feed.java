// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

/** Writes an answer that has no end of its own, such as a live stream. */
@FunctionalInterface
public interface Feed {

    /** Called once, after the headers are on their way. Returns at once. */
    void start(Sink sink);

    /** Where a feed writes. Any thread, one at a time. Never blocks. */
    interface Sink {

        /** False while the last write has not left: writing now would only fill the memory. */
        boolean isReady();

        /** False once the client is gone or {@link #close} was called. */
        boolean isOpen();

        /** Writes; only when ready. The bytes must not be changed afterwards. */
        void write(byte[] bytes);

        /** Ends the answer. Twice does no harm. */
        void close();

        /** Cuts the client off, because it does not take what is written. */
        void abort(String why);
    }
}
