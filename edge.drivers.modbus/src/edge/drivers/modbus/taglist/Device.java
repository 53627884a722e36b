// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.taglist;

import edge.api.config.Problem;
import edge.api.device.Tag;
import edge.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A device in the making: its scalar attributes and its tags. */
final class Device {
    static final Json.Place NOWHERE = new Json.Place(0, 0, "");
    /** So much of a name is left when a number comes behind. */
    private static final int MAX_STEM = 56;

    private final String name;
    private final Map<String, Json> attributes = new LinkedHashMap<>();
    private final List<Json.Obj> tags = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    /** Where to go on counting for names that begin so. */
    private final Map<String, Integer> next = new HashMap<>();

    Device(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    Map<String, Json> attributes() {
        return attributes;
    }

    List<Json.Obj> tags() {
        return tags;
    }

    void set(String attribute, String text) {
        attributes.put(attribute, text(text));
    }

    void set(String attribute, long number) {
        attributes.put(attribute, number(number));
    }

    /** Adds a tag. Its name is made one that can be, and one of its own; what was changed is told. */
    void add(String wanted, Json.Place at, Map<String, Json> members, List<Problem> warnings) {
        String name = asName(wanted);
        if (!names.add(name)) {
            String stem = name.substring(0, Math.min(name.length(), MAX_STEM));
            int number = next.getOrDefault(stem, 2);
            for (name = stem + '_' + number; !names.add(name); name = stem + '_' + number) {
                number++;
            }
            next.put(stem, number + 1);
        }
        if (!name.equals(wanted)) {
            warnings.add(new Problem(at.line(), at.column(), at.path(), "'" + wanted + "' "
                + (Tag.isName(wanted) ? "is there already" : "cannot be a name") + "; the tag is called " + name));
        }
        Map<String, Json> all = new LinkedHashMap<>();
        all.put("name", text(name));
        all.putAll(members);
        tags.add(new Json.Obj(at, all));
    }

    /** The text with everything that cannot be in a name replaced. */
    static String asName(String text) {
        String name = text.replaceAll("[^A-Za-z0-9_.-]", "_");
        return name.isEmpty() ? "_" : name.substring(0, Math.min(name.length(), 64));
    }

    static Json text(String text) {
        return new Json.Text(NOWHERE, text);
    }

    static Json number(double number) {
        BigDecimal exact = BigDecimal.valueOf(number).stripTrailingZeros();
        return new Json.Num(NOWHERE, exact.scale() < 0 ? exact.setScale(0) : exact);
    }
}
