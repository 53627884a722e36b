// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import java.time.Duration;

/**
 * Which readings of a tag are published. A change of quality is always published.
 *
 * @param onChange false: every reading is published; true: only one that differs by more than the deadband
 * @param deadband absolute; 0 for any change. Only for numbers.
 * @param heartbeat publish at least this often although nothing changed; {@link Duration#ZERO} for never
 */
public record ReportPolicy(boolean onChange, double deadband, Duration heartbeat) {

    /** Every reading is published. */
    public static final ReportPolicy ALWAYS = new ReportPolicy(false, 0, Duration.ZERO);

    public ReportPolicy {
        if (!(deadband >= 0) || Double.isInfinite(deadband)) {
            throw new IllegalArgumentException("deadband must be 0 or more, not " + deadband);
        }
        if (heartbeat.isNegative()) {
            throw new IllegalArgumentException("heartbeat must not be negative");
        }
    }
}
