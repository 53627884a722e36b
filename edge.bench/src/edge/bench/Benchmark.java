// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import java.util.List;

/** Something that is measured. It may give several figures from one run. */
interface Benchmark {

    /** Names of the figures, in the order of {@link #measure}. */
    List<String> names();

    /** Measures once, product and peer in turn, so that both see the same machine. */
    List<Sample> measure(Bench bench) throws Exception;

    /** How often it is repeated; the medians are reported. */
    default int rounds() {
        return 5;
    }

    /**
     * One measured figure.
     *
     * @param value the product's
     * @param unit its unit
     * @param peer name of the peer, empty if there is none
     * @param peerValue the peer's figure; NaN if there is none
     */
    record Sample(double value, String unit, String peer, double peerValue) {

        static Sample alone(double value, String unit) {
            return new Sample(value, unit, "", Double.NaN);
        }
    }
}
