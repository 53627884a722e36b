// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import java.time.Duration;
import java.util.Objects;

/**
 * Which readings of a tag are published. Under every rule but {@link Rule#NEVER} a change of quality is published at once. The
 * tag table has every reading, whatever the policy.
 *
 * @param rule which readings
 * @param deadband absolute; 0 for any change. Only for numbers.
 * @param deadbandPercent of the last published value, 0 for any change. Where both deadbands are given, the wider counts.
 * @param heartbeat publish at least this often although nothing changed; {@link Duration#ZERO} for never
 */
public record ReportPolicy(Rule rule, double deadband, double deadbandPercent, Duration heartbeat) {

    /** Which readings are published. */
    public enum Rule {
        /** Every reading. */
        ALWAYS,
        /** Only one that differs from the last published by more than the deadband. */
        ON_CHANGE,
        /** None: the tag is for the table and for what is computed from it. */
        NEVER
    }

    /** Every reading is published. */
    public static final ReportPolicy ALWAYS = new ReportPolicy(Rule.ALWAYS, 0, 0, Duration.ZERO);
    /** No reading is published. */
    public static final ReportPolicy NEVER = new ReportPolicy(Rule.NEVER, 0, 0, Duration.ZERO);

    public ReportPolicy {
        Objects.requireNonNull(rule, "rule");
        check("deadband", deadband);
        check("deadbandPercent", deadbandPercent);
        if (heartbeat.isNegative()) {
            throw new IllegalArgumentException("heartbeat must not be negative");
        }
    }

    /** With an absolute deadband only. */
    public ReportPolicy(boolean onChange, double deadband, Duration heartbeat) {
        this(onChange ? Rule.ON_CHANGE : Rule.ALWAYS, deadband, 0, heartbeat);
    }

    public boolean onChange() {
        return rule == Rule.ON_CHANGE;
    }

    private static void check(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + " must be 0 or more, not " + value);
        }
    }
}
