// SPDX-License-Identifier: Apache-2.0
package edge.json;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A node of a parsed JSON text that remembers where it stood. Immutable.
 *
 * <p>The accessors that expect a type throw a {@link JsonException} that names the attribute, line and column.
 */
public sealed interface Json {

    Place place();

    /**
     * Where a node stands. It knows the place that it belongs to and puts its path together only when asked: names are long in a
     * hostile text, and nodes many.
     */
    final class Place {
        private static final int NO_ITEM = -1;

        private final int line;
        private final int column;
        /** Null for a path that is given as a whole. */
        private final Place parent;
        private final String name;
        private final int index;

        /**
         * @param line from 1
         * @param column from 1
         * @param path from the root: {@code tags[3].address}; empty for the root
         */
        public Place(int line, int column, String path) {
            this(line, column, null, path, NO_ITEM);
        }

        private Place(int line, int column, Place parent, String name, int index) {
            this.line = line;
            this.column = column;
            this.parent = parent;
            this.name = name;
            this.index = index;
        }

        static Place ofMember(Place parent, String name, int line, int column) {
            return new Place(line, column, parent, name, NO_ITEM);
        }

        static Place ofItem(Place parent, int index, int line, int column) {
            return new Place(line, column, parent, "", index);
        }

        public int line() {
            return line;
        }

        public int column() {
            return column;
        }

        public String path() {
            if (parent == null) {
                return name;
            }
            String before = parent.path();
            return index != NO_ITEM ? before + '[' + index + ']' : before.isEmpty() ? name : before + '.' + name;
        }

        public JsonException problem(String message) {
            return new JsonException(line, column, path(), message);
        }

        @Override
        public String toString() {
            return path() + " in line " + line + ", column " + column;
        }
    }

    record Null(Place place) implements Json {
    }

    record Bool(Place place, boolean value) implements Json {
    }

    /** @param value exact, as it was written */
    record Num(Place place, BigDecimal value) implements Json {
    }

    record Text(Place place, String value) implements Json {
    }

    record Array(Place place, List<Json> items) implements Json {
    }

    /** @param members in the order of the text */
    record Obj(Place place, Map<String, Json> members) implements Json {

        public boolean has(String name) {
            return members.containsKey(name);
        }

        /** The member, which must be there. */
        public Json get(String name) throws JsonException {
            Json member = members.get(name);
            if (member == null) {
                throw place.problem("'" + name + "' is missing");
            }
            return member;
        }

        /** Refuses any member that is not named here, at its own place. */
        public void allowOnly(Set<String> names) throws JsonException {
            for (Map.Entry<String, Json> member : members.entrySet()) {
                if (!names.contains(member.getKey())) {
                    throw member.getValue().place()
                        .problem("unknown attribute; known are " + String.join(", ", new java.util.TreeSet<>(names)));
                }
            }
        }

        public String text(String name) throws JsonException {
            return get(name).asText();
        }

        public String text(String name, String otherwise) throws JsonException {
            return has(name) ? text(name) : otherwise;
        }

        public boolean bool(String name, boolean otherwise) throws JsonException {
            return has(name) ? get(name).asBool() : otherwise;
        }

        public long integer(String name, long min, long max) throws JsonException {
            return get(name).asInteger(min, max);
        }

        public long integer(String name, long otherwise, long min, long max) throws JsonException {
            return has(name) ? integer(name, min, max) : otherwise;
        }

        public double number(String name, double otherwise) throws JsonException {
            return has(name) ? get(name).asNumber() : otherwise;
        }
    }

    default String asText() throws JsonException {
        if (this instanceof Text text) {
            return text.value();
        }
        throw place().problem("must be a text, not " + describe());
    }

    default boolean asBool() throws JsonException {
        if (this instanceof Bool bool) {
            return bool.value();
        }
        throw place().problem("must be true or false, not " + describe());
    }

    /** A whole number in [min, max]; {@code 3.0} counts as whole. */
    default long asInteger(long min, long max) throws JsonException {
        if (this instanceof Num num && num.value().precision() - num.value().scale() <= 20
            && num.value().stripTrailingZeros().scale() <= 0) {
            BigDecimal value = num.value();
            if (value.compareTo(BigDecimal.valueOf(min)) >= 0 && value.compareTo(BigDecimal.valueOf(max)) <= 0) {
                return value.longValueExact();
            }
        }
        throw place().problem("must be a whole number from " + min + " to " + max + ", not " + describe());
    }

    /** A finite number. */
    default double asNumber() throws JsonException {
        if (this instanceof Num num && Double.isFinite(num.value().doubleValue())) {
            return num.value().doubleValue();
        }
        throw place().problem("must be a number, not " + describe());
    }

    default List<Json> asArray() throws JsonException {
        if (this instanceof Array array) {
            return array.items();
        }
        throw place().problem("must be a list [ ], not " + describe());
    }

    default Obj asObject() throws JsonException {
        if (this instanceof Obj object) {
            return object;
        }
        throw place().problem("must be an object { }, not " + describe());
    }

    /** The node in a few words, for messages; long texts are cut. */
    default String describe() {
        if (this instanceof Null) {
            return "null";
        } else if (this instanceof Bool bool) {
            return Boolean.toString(bool.value());
        } else if (this instanceof Num num) {
            return num.value().precision() > 40 ? "a number of " + num.value().precision() + " digits"
                : num.value().toString();
        } else if (this instanceof Text text) {
            String value = text.value();
            return '"' + (value.length() > 40 ? value.substring(0, 40) + "…" : value) + '"';
        } else if (this instanceof Array) {
            return "a list";
        }
        return "an object";
    }
}
