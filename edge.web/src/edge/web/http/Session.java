// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import edge.api.access.Caller;

/** One signed-in person in one browser. Made and ended by {@link Sessions}. */
public final class Session {
    private final Caller caller;
    private final long createdNanos;
    private volatile long activeNanos;
    private volatile boolean ended;

    Session(Caller caller, long nowNanos) {
        this.caller = caller;
        this.createdNanos = nowNanos;
        this.activeNanos = nowNanos;
    }

    public Caller caller() {
        return caller;
    }

    long createdNanos() {
        return createdNanos;
    }

    long activeNanos() {
        return activeNanos;
    }

    void touch(long nowNanos) {
        activeNanos = nowNanos;
    }

    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }
}
