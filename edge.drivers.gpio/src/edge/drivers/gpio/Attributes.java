// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Access;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.TagAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads attributes that several kinds of lines and registers have. */
public final class Attributes {

    public static final long DAY = Duration.ofDays(1).toMillis();

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

    /** A kind's own attributes, and those that every tag has. */
    public static Set<String> withCommon(Set<String> own) {
        Set<String> known = new HashSet<>(own);
        known.addAll(TagAttributes.NAMES);
        return known;
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
