// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.taglist;

import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the readers of other products' lists share: a tag in the making, and what could not be translated. */
abstract class ForeignList {
    final List<Problem> warnings;

    ForeignList(List<Problem> warnings) {
        this.warnings = warnings;
    }

    /** @param name begins the names of the devices */
    abstract List<Device> read(Json root, String name) throws JsonException;

    final void warn(Json at, String attribute, String message) {
        warnings.add(new Problem(at.place().line(), at.place().column(), attribute, message));
    }

    /** Tells of each member that nothing was made of. */
    final void warnOfOthers(Json.Obj object, Set<String> known, String what) {
        object.members().forEach((name, value) -> {
            if (!known.contains(name) && !isNothing(value)) {
                warn(value, name, what + " is not translated");
            }
        });
    }

    private static boolean isNothing(Json value) {
        return value instanceof Json.Null || value instanceof Json.Text text && text.value().isEmpty()
            || value instanceof Json.Array array && array.items().isEmpty()
            || value instanceof Json.Obj object && object.members().isEmpty();
    }

    static Optional<Json.Obj> object(Json.Obj parent, String name) throws JsonException {
        return parent.has(name) && !(parent.get(name) instanceof Json.Null) ? Optional.of(parent.get(name).asObject())
            : Optional.empty();
    }

    static List<Json> array(Json.Obj parent, String name) throws JsonException {
        return parent.has(name) && !(parent.get(name) instanceof Json.Null) ? parent.get(name).asArray() : List.of();
    }

    /** A number that may be written as a text. */
    static Optional<Double> number(Json.Obj parent, String name) throws JsonException {
        if (!parent.has(name) || parent.get(name) instanceof Json.Null) {
            return Optional.empty();
        }
        Json node = parent.get(name);
        if (node instanceof Json.Text text) {
            try {
                return text.value().isBlank() ? Optional.empty() : Optional.of(Double.parseDouble(text.value().strip()));
            } catch (NumberFormatException e) {
                throw node.place().problem(name + " must be a number, not " + node.describe());
            }
        }
        return Optional.of(node.asNumber());
    }

    /** The attributes of a tag. */
    static final class Attributes {
        final Map<String, Json> members = new LinkedHashMap<>();

        Attributes text(String name, String value) {
            if (!value.isEmpty()) {
                members.put(name, Device.text(value));
            }
            return this;
        }

        Attributes number(String name, double value, double otherwise) {
            if (value != otherwise) {
                members.put(name, Device.number(value));
            }
            return this;
        }

        Attributes access(boolean read, boolean write) {
            return write ? text("access", read ? "read-write" : "write") : this;
        }
    }

    /** Does what may go wrong for one tag only. */
    final void each(List<Json> items, Step step) {
        List<Json> all = new ArrayList<>(items);
        for (Json item : all) {
            try {
                step.take(item.asObject());
            } catch (JsonException e) {
                warnings.add(new Problem(e.line(), e.column(), e.path(), e.getMessage() + "; this tag is left out"));
            }
        }
    }

    /** What is done with each tag. */
    interface Step {
        void take(Json.Obj item) throws JsonException;
    }
}
