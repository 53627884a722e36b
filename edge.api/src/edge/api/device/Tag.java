// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

import edge.api.value.DataType;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * One named data point of a device. Where it lies in the device (its address) is the driver's own business.
 *
 * @param name unique within the device, {@code [A-Za-z0-9_.-]{1,64}}
 * @param type type of the value after scaling
 * @param unit unit for people, may be empty
 * @param access which ways the value may go
 * @param period scan period, 10 ms to 1 day; {@link Duration#ZERO} for tags that report by themselves
 * @param report which readings are published
 * @param description one line for people, may be empty
 */
public record Tag(String name, DataType type, String unit, Access access, Duration period, ReportPolicy report,
                  String description) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Duration MIN_PERIOD = Duration.ofMillis(10);
    private static final Duration MAX_PERIOD = Duration.ofDays(1);

    public Tag {
        if (!isName(name)) {
            throw new IllegalArgumentException("'" + name + "' is not a tag name: 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        if (!period.isZero() && (period.compareTo(MIN_PERIOD) < 0 || period.compareTo(MAX_PERIOD) > 0)) {
            throw new IllegalArgumentException("tag " + name + ": period must be 10 ms to 1 day, not " + period);
        }
    }

    // What the language makes of a record goes through method handles; whoever stores readings asks for each of them.
    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof Tag tag && name.equals(tag.name) && type == tag.type && unit.equals(tag.unit)
            && access == tag.access && period.equals(tag.period) && report.equals(tag.report)
            && description.equals(tag.description);
    }

    @Override
    public int hashCode() {
        return (name.hashCode() * 31 + unit.hashCode()) * 31 + type.ordinal();
    }

    /** Whether the text can be the name of a tag, device, stream or label. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
