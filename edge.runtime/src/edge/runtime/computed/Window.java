// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import edge.api.device.Reading;
import edge.api.value.Value;

/**
 * The readings of one tag during the time before now, summed up in {@link #PARTS} parts, so that a window of a day costs no more
 * than one of a minute. The oldest part leaves as a whole: a window covers its length to within one part. Safe on every thread.
 */
final class Window {
    static final int PARTS = 60;

    /**
     * What is known of the window.
     *
     * @param count GOOD readings
     * @param others readings that were not GOOD or no number; they count for nothing else
     * @param isFull whether the window has been watched for its whole length
     */
    record Summary(long count, long others, double sum, double min, double max, double first, double last, boolean isFull) {
    }

    private static final class Part {
        private long number = Long.MIN_VALUE;
        private long count;
        private long others;
        private double sum;
        private double min;
        private double max;
        private double first;
        private double last;

        private void begin(long newNumber) {
            number = newNumber;
            count = 0;
            others = 0;
            sum = 0;
        }

        private void add(double value) {
            min = count == 0 ? value : Math.min(min, value);
            max = count == 0 ? value : Math.max(max, value);
            first = count == 0 ? value : first;
            last = value;
            sum += value;
            count++;
        }
    }

    private final long partNanos;
    private final long born;
    private final Part[] parts = new Part[PARTS]; // guarded by this

    /** @param now monotonic time */
    Window(long windowNanos, long now) {
        partNanos = Math.max(1, windowNanos / PARTS);
        born = number(now);
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part();
        }
    }

    /** @param now monotonic time at which the gateway got the reading */
    synchronized void add(Reading reading, long now) {
        long number = number(now);
        Part part = parts[Math.floorMod(number, PARTS)];
        if (part.number > number) {
            return; // of a part that has left the window already
        }
        if (part.number != number) {
            part.begin(number);
        }
        Value value = Evaluation.plain(reading.value());
        if (!reading.quality().isGood()) {
            part.others++;
        } else if (value instanceof Value.Real real) {
            part.add(real.value());
        } else if (value instanceof Value.Bool bool) {
            part.add(bool.value() ? 1 : 0);
        } else {
            part.others++;
        }
    }

    /** @param now monotonic time */
    synchronized Summary summary(long now) {
        long newest = number(now);
        long count = 0;
        long others = 0;
        double sum = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double first = Double.NaN;
        double last = Double.NaN;
        for (long number = newest - PARTS + 1; number <= newest; number++) {
            Part part = parts[Math.floorMod(number, PARTS)];
            if (part.number != number) {
                continue;
            }
            others += part.others;
            if (part.count > 0) {
                first = count == 0 ? part.first : first;
                last = part.last;
                min = Math.min(min, part.min);
                max = Math.max(max, part.max);
                sum += part.sum;
                count += part.count;
            }
        }
        return new Summary(count, others, sum, min, max, first, last, newest - born >= PARTS);
    }

    private long number(long nanos) {
        return Math.floorDiv(nanos, partNanos);
    }
}
