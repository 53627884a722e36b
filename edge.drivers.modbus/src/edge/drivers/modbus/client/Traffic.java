// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.Quality.Reason;
import java.time.Duration;

/**
 * What has happened on a link since it was opened. Counters only grow.
 *
 * @param requests sent, repetitions included
 * @param answers valid ones, exceptions included
 * @param exceptions answers that refuse
 * @param timeouts requests without an answer
 * @param malformed answers that were not what the protocol demands
 * @param skipped requests that were not sent, because the unit is silent and shares its line
 * @param busy how long requests of this link were on their way
 * @param lost the part of it that ended without a valid answer
 */
public record Traffic(long requests, long answers, long exceptions, long timeouts, long malformed, long skipped, Duration busy,
                      Duration lost) {

    /** Counts. Written on the line's thread, read on any. */
    static final class Counter {
        // A single writer: no increment can be lost.
        private volatile long requests;
        private volatile long answers;
        private volatile long exceptions;
        private volatile long timeouts;
        private volatile long malformed;
        private volatile long skipped;
        private volatile long busyNanos;
        private volatile long lostNanos;

        void sent() {
            requests++;
        }

        void answered(long nanos, boolean exception) {
            answers++;
            busyNanos += nanos;
            if (exception) {
                exceptions++;
            }
        }

        /** A request that was sent has no valid answer: a malformed one, or none. */
        void failed(Reason why, long nanos) {
            if (why == Reason.MALFORMED) {
                malformed++;
            } else {
                timeouts++;
            }
            busyNanos += nanos;
            lostNanos += nanos;
        }

        void skipped() {
            skipped++;
        }

        Traffic now() {
            return new Traffic(requests, answers, exceptions, timeouts, malformed, skipped, Duration.ofNanos(busyNanos),
                Duration.ofNanos(lostNanos));
        }
    }
}
