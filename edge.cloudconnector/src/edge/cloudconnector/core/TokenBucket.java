// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

/**
 * Limits a rate: tokens come evenly and are saved up to a burst. What is taken at once may exceed what is there, and is paid
 * back before the next is taken. Not safe for several threads.
 */
final class TokenBucket {

    private static final double NANOS = 1e9;

    private final double perNano;
    private final double burst;
    private double tokens;
    private long at;

    /** @param perSecond 0 for no limit */
    TokenBucket(double perSecond, double burst, long now) {
        this.perNano = perSecond / NANOS;
        this.burst = Math.max(1, burst);
        this.tokens = this.burst;
        this.at = now;
    }

    /** How long until something may be taken: 0 if now. */
    long nanosUntilReady(long now) {
        if (perNano == 0) {
            return 0;
        }
        tokens = Math.min(burst, tokens + (now - at) * perNano);
        at = now;
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) / perNano);
    }

    /** How many whole tokens are there. */
    int available(long now) {
        return perNano == 0 ? Integer.MAX_VALUE : nanosUntilReady(now) > 0 ? 0 : (int) Math.min(tokens, Integer.MAX_VALUE);
    }

    void take(double amount) {
        tokens -= amount;
    }
}
