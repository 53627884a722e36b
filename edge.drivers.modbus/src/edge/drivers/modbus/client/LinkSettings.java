// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import java.time.Duration;

/**
 * How a connection behaves. Where users of a shared connection differ, the gentler value counts: the smallest number in
 * flight, the longest times.
 *
 * @param connectTimeout how long establishing a connection may take
 * @param maxInFlight how many requests may wait for an answer at a time, 1 to 16
 * @param maxQueued how many requests may wait to be sent; more fail at once
 * @param reconnectMin pause after the first failed attempt, doubled with each further one
 * @param reconnectMax longest pause
 */
public record LinkSettings(Duration connectTimeout, int maxInFlight, int maxQueued, Duration reconnectMin,
                           Duration reconnectMax) {

    /** One in flight, as the weakest devices need it. */
    public static final LinkSettings DEFAULT =
        new LinkSettings(Duration.ofSeconds(3), 1, 1024, Duration.ofMillis(500), Duration.ofSeconds(10));

    public static final int MAX_IN_FLIGHT = 16;

    public LinkSettings {
        if (maxInFlight < 1 || maxInFlight > MAX_IN_FLIGHT) {
            throw new IllegalArgumentException("maxInFlight must be 1 to " + MAX_IN_FLIGHT + ", not " + maxInFlight);
        }
        if (maxQueued < 1) {
            throw new IllegalArgumentException("maxQueued must be 1 or more, not " + maxQueued);
        }
        if (!isPositive(connectTimeout) || !isPositive(reconnectMin) || reconnectMax.compareTo(reconnectMin) < 0) {
            throw new IllegalArgumentException("times must be positive, and reconnectMax not below reconnectMin");
        }
    }

    private static boolean isPositive(Duration time) {
        return !time.isZero() && !time.isNegative();
    }

    LinkSettings gentler(LinkSettings other) {
        return new LinkSettings(longer(connectTimeout, other.connectTimeout), Math.min(maxInFlight, other.maxInFlight),
            Math.max(maxQueued, other.maxQueued), longer(reconnectMin, other.reconnectMin),
            longer(reconnectMax, other.reconnectMax));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
