// SPDX-License-Identifier: Apache-2.0
package edge.web.stream;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a counter counts, over the last few seconds. One thread. */
final class Rate {
    private static final long WINDOW_NANOS = 4_000_000_000L;

    private record Sample(long nanos, long count) {
    }

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** @return per second; 0 as long as there is nothing to compare with, and when the counter began anew */
    double of(long count, long nowNanos) {
        if (!samples.isEmpty() && count < samples.peekLast().count()) {
            samples.clear();
        }
        while (samples.size() > 1 && nowNanos - samples.peekFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        samples.addLast(new Sample(nowNanos, count));
        Sample first = samples.peekFirst();
        double seconds = (nowNanos - first.nanos()) / 1e9;
        return seconds <= 0 ? 0 : Math.round((count - first.count()) / seconds * 10) / 10.0;
    }
}
