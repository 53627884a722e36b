// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Access;
import edge.api.device.ReportPolicy;
import edge.json.Json;
import edge.json.JsonException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads attributes that several kinds of lines and registers have. */
public final class Attributes {

    public static final long DAY = Duration.ofDays(1).toMillis();
    public static final int MIN_PERIOD = 10;

    private Attributes() {
    }

    public static Duration millis(Json.Obj object, String name, long otherwise, long min, long max) throws JsonException {
        return Duration.ofMillis(object.integer(name, otherwise, min, max));
    }

    /** Refuses an attribute that has no meaning here, with the reason. */
    public static void refuse(Json.Obj object, String name, String why) throws JsonException {
        if (object.has(name)) {
            throw object.get(name).place().problem(why);
        }
    }

    /** A constant by its {@link #label}. */
    public static <E extends Enum<E>> E choice(Json.Obj object, String name, E otherwise, Class<E> type) throws JsonException {
        return object.has(name) ? choice(object, name, type) : otherwise;
    }

    public static <E extends Enum<E>> E choice(Json.Obj object, String name, Class<E> type) throws JsonException {
        Json node = object.get(name);
        String text = node.asText();
        List<String> labels = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            if (label(constant).equals(text)) {
                return constant;
            }
            labels.add(label(constant));
        }
        throw node.place().problem("must be " + String.join(" or ", labels) + ", not " + node.describe());
    }

    /** How a constant is written in configurations: {@code push-pull}. */
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code onChange}, {@code deadband} and {@code heartbeat}. */
    public static ReportPolicy report(Json.Obj object) throws JsonException {
        boolean onChange = object.bool("onChange", false);
        if (!onChange) {
            refuse(object, "heartbeat", "has an effect only with \"onChange\": true");
            refuse(object, "deadband", "has an effect only with \"onChange\": true");
        }
        double deadband = object.number("deadband", 0);
        if (deadband < 0) {
            throw object.get("deadband").place().problem("must be 0 or more, not " + object.get("deadband").describe());
        }
        return new ReportPolicy(onChange, deadband, millis(object, "heartbeat", 0, MIN_PERIOD, DAY));
    }

    public static Access access(Json.Obj object) throws JsonException {
        String access = object.text("access", "read");
        return switch (access) {
            case "read" -> Access.READ;
            case "read-write" -> Access.READ_WRITE;
            default -> throw object.get("access").place().problem("must be read or read-write, not \"" + access + '"');
        };
    }
}
