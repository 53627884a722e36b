// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import java.time.Duration;

/**
 * How much of the backlog may be under way, so that a live value never waits long behind it. On one connection everything
 * queues in one line: the time that the target takes to answer is how long that line is. The window grows while answers
 * come quickly and is halved when they do not. Not safe for several threads.
 */
final class BacklogPace {

    private static final int FIRST = 32;

    private final Duration quick;
    private int window = FIRST;
    /** No two cuts for the same line: what was sent before the last cut says nothing about it. */
    private long lastCut;

    /** @param quick answers within that time let the window grow */
    BacklogPace(Duration quick) {
        this.quick = quick;
    }

    /** How many messages may be under way. */
    int window() {
        return window;
    }

    /** @param most the target's own window: beyond it growing is of no use */
    void answered(int messages, long sentAt, long now, int most) {
        if (now - sentAt <= quick.toNanos()) {
            window = Math.min(Math.max(FIRST, most), window + messages);
        } else if (sentAt - lastCut >= 0 || lastCut == 0) {
            window = Math.max(1, window / 2);
            lastCut = now;
        }
    }

    /** A new connection may be another line. */
    void reset() {
        window = FIRST;
        lastCut = 0;
    }
}
