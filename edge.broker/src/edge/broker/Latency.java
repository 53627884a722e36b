// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** How long messages take through the broker: counts in classes that grow by a quarter, forgotten every ten seconds or so. */
public final class Latency {

    private static final int CLASSES = 96;
    private static final double GROWTH = Math.log(1.25);

    private volatile AtomicIntegerArray current = new AtomicIntegerArray(CLASSES);
    private volatile AtomicIntegerArray last = new AtomicIntegerArray(CLASSES);

    void add(long nanos) {
        current.incrementAndGet(classOf(TimeUnit.NANOSECONDS.toMicros(nanos)));
    }

    private static int classOf(long micros) {
        return micros <= 1 ? 0 : Math.min(CLASSES - 1, (int) (Math.log(micros) / GROWTH));
    }

    /** What was counted until now is what is told until the next call. */
    void turn() {
        last = current;
        current = new AtomicIntegerArray(CLASSES);
    }

    /** The time that this part of the messages keeps to, in microseconds; 0 if there were none. */
    long micros(double part) {
        AtomicIntegerArray counts = last;
        long total = 0;
        for (int i = 0; i < CLASSES; i++) {
            total += counts.get(i);
        }
        long wanted = (long) Math.ceil(total * part);
        long seen = 0;
        for (int i = 0; i < CLASSES && total > 0; i++) {
            seen += counts.get(i);
            if (seen >= wanted) {
                return Math.round(Math.exp((i + 1) * GROWTH));
            }
        }
        return 0;
    }
}
