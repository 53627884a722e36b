// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import edge.api.value.DataType;
import edge.api.value.Value;

/** What a part of an expression gives. What a tag of another device gives is known only when it is read. */
enum Kind {
    NUMBER("a number"), BOOL("true or false"), TEXT("a text"), UNKNOWN("anything");

    private final String words;

    Kind(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    /** Whether something of this kind may stand where the other is needed, as far as is known before it is read. */
    boolean mayBe(Kind needed) {
        return this == needed || this == UNKNOWN || needed == UNKNOWN;
    }

    /** The kind of two alternatives. */
    Kind or(Kind other) {
        return this == other ? this : UNKNOWN;
    }

    static Kind of(Value value) {
        if (value instanceof Value.Bool) {
            return BOOL;
        } else if (value instanceof Value.Text) {
            return TEXT;
        }
        return value instanceof Value.Real || value instanceof Value.Signed || value instanceof Value.Unsigned ? NUMBER : UNKNOWN;
    }

    /** What a tag of a type holds; UNKNOWN for bytes, which nothing can be computed from. */
    static Kind of(DataType type) {
        return switch (type) {
            case BOOL -> BOOL;
            case TEXT -> TEXT;
            case BYTES -> UNKNOWN;
            default -> NUMBER;
        };
    }
}
