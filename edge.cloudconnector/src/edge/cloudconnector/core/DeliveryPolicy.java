// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * How an uplink delivers; see {@link DeliveryConfig} for what the numbers mean.
 *
 * @param dailyBytes 0 for no limit
 */
record DeliveryPolicy(int messagesPerSecond, int burst, int backlogRecordsPerSecond, int backlogBytesPerSecond,
                      long dailyBytes, ConnectionWindows windows, Priorities priorities, int recordsPerMessage,
                      boolean gzip, int rejections, int deadLetters, Duration probeEvery, int breakerFailures,
                      Duration breakerDelay) {

    private static final int KILO = 1000;

    static final DeliveryPolicy STANDARD = new DeliveryPolicy(0, 100, 0, 0, 0, ConnectionWindows.NONE,
        Priorities.NONE, 1, false, 5, 1000, Duration.ofMinutes(1), 10, Duration.ofMinutes(5));

    /** @throws IllegalArgumentException if something is wrong; the message names it */
    static DeliveryPolicy of(DeliveryConfig config) {
        return new DeliveryPolicy(config.messagesPerSecond(), config.burst(), config.backlogRecordsPerSecond(),
            config.backlogBytesPerSecond(), (long) KILO * config.dailyKilobytes(),
            ConnectionWindows.of(List.of(config.windows()), zone(config.timeZone())),
            Priorities.of(List.of(config.priorities())), config.recordsPerMessage(), gzip(config.compression()),
            config.rejections(), config.deadLetters(), Duration.ofSeconds(config.probeSeconds()),
            config.breakerFailures(), Duration.ofMinutes(config.breakerMinutes()));
    }

    static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("there is no time zone '" + name + "'; for example Europe/Berlin or UTC", e);
        }
    }

    private static boolean gzip(String compression) {
        return switch (compression) {
            case "none" -> false;
            case "gzip" -> true;
            default -> throw new IllegalArgumentException("compression must be none or gzip, not " + compression);
        };
    }
}
