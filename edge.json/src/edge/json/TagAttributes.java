// SPDX-License-Identifier: Apache-2.0
package edge.json;

import edge.api.device.ReportPolicy;
import edge.api.value.DataType;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The attributes of a tag that mean the same in every driver: when it is read, and which of its readings are published. A
 * device may give names to periods: {@code "groups": {"fast": 100, "slow": 60000}}, in ms.
 */
public final class TagAttributes {
    /** The attributes of a tag that are read here. */
    public static final Set<String> NAMES =
        Set.of("period", "group", "publish", "onChange", "deadband", "deadbandPercent", "heartbeat");
    /** The attribute of a device that is read here. */
    public static final String GROUPS = "groups";

    private static final int MIN_PERIOD = 10;
    private static final int MAX_MILLIS = 86_400_000;

    private final Map<String, Duration> groups = new HashMap<>();

    /** @param root the device's whole configuration */
    public TagAttributes(Json.Obj root) throws JsonException {
        if (root.has(GROUPS)) {
            for (Map.Entry<String, Json> group : root.get(GROUPS).asObject().members().entrySet()) {
                groups.put(group.getKey(), Duration.ofMillis(group.getValue().asInteger(MIN_PERIOD, MAX_MILLIS)));
            }
        }
    }

    /** The scan period of a tag: its own, or that of its group. */
    public Duration period(Json.Obj tag, Duration otherwise) throws JsonException {
        if (!tag.has("group")) {
            return tag.has("period") ? Duration.ofMillis(tag.integer("period", MIN_PERIOD, MAX_MILLIS)) : otherwise;
        }
        Json node = tag.get("group");
        if (tag.has("period")) {
            throw node.place().problem("gives the tag a period already; use either group or period");
        }
        Duration period = groups.get(node.asText());
        if (period == null) {
            throw node.place().problem(groups.isEmpty() ? "there are no groups: name them under \"groups\""
                : "must be one of " + String.join(", ", new java.util.TreeSet<>(groups.keySet())) + ", not " + node.describe());
        }
        return period;
    }

    /** Which readings of a tag are published. */
    public static ReportPolicy report(Json.Obj tag, DataType type) throws JsonException {
        boolean onChange = tag.bool("onChange", false);
        double deadband = deadband(tag, "deadband", type);
        double percent = deadband(tag, "deadbandPercent", type);
        Duration heartbeat = Duration.ofMillis(tag.integer("heartbeat", 0, 0, MAX_MILLIS));
        if (!tag.bool("publish", true)) {
            refuse(tag, onChange, "onChange", "has no effect with \"publish\": false");
            refuse(tag, !heartbeat.isZero(), "heartbeat", "has no effect with \"publish\": false");
        }
        if (!onChange) {
            refuse(tag, deadband > 0, "deadband", "has an effect only with \"onChange\": true");
            refuse(tag, percent > 0, "deadbandPercent", "has an effect only with \"onChange\": true");
            refuse(tag, !heartbeat.isZero(), "heartbeat", "has an effect only with \"onChange\": true");
        }
        if (!tag.bool("publish", true)) {
            return ReportPolicy.NEVER;
        }
        return onChange ? new ReportPolicy(ReportPolicy.Rule.ON_CHANGE, deadband, percent, heartbeat) : ReportPolicy.ALWAYS;
    }

    private static double deadband(Json.Obj tag, String name, DataType type) throws JsonException {
        double value = tag.number(name, 0);
        if (value < 0) {
            throw tag.get(name).place().problem("must be 0 or more, not " + tag.get(name).describe());
        }
        refuse(tag, value > 0 && !type.isReal() && !type.isSigned() && !type.isUnsigned(), name,
            "is for numbers, not for a " + type.label());
        return value;
    }

    private static void refuse(Json.Obj tag, boolean refused, String name, String why) throws JsonException {
        if (refused) {
            throw tag.get(name).place().problem(name + " " + why);
        }
    }
}
