// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.access.Caller;
import edge.api.device.Quality;
import edge.api.device.Tag;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/** What a block has defined so far, and what the record in the making adds. */
final class Dictionary {

    private final Map<Object, Integer> defined = new HashMap<>();
    // The same tag, caller or quality comes again and again, and hashing all of its content each time would cost more than
    // everything else about a record.
    private final Map<Object, Integer> seen = new IdentityHashMap<>();
    private final Output added = new Output(1024);
    private final Output content = new Output(256);
    private int next;
    private int firstAdded;

    void clear() {
        defined.clear();
        seen.clear();
        added.cut(0);
        next = 0;
        firstAdded = 0;
    }

    /** How many bytes of new definitions wait to be written. */
    int added() {
        return added.size();
    }

    /** Writes the body of a DEFINITIONS frame with all that is new, and takes it as written. */
    void writeAdded(Output frame) {
        frame.put(Frames.DEFINITIONS).putVar(firstAdded).putBytes(added.array(), 0, added.size());
        added.cut(0);
        firstAdded = next;
    }

    int text(String text) {
        Integer known = defined.get(text);
        if (known != null) {
            return known;
        }
        content.cut(0);
        content.putText(text);
        return define(text, Fields.TEXT);
    }

    int caller(Caller caller) {
        Integer known = known(caller);
        if (known != null) {
            return known;
        }
        content.cut(0);
        content.put(Codes.code(Codes.CALLER_KINDS, caller.kind())).putText(caller.name());
        content.put(Codes.code(Codes.ROLES, caller.role())).putText(caller.origin());
        return define(caller, Fields.CALLER_DEFINITION);
    }

    int quality(Quality quality) {
        Integer known = known(quality);
        if (known != null) {
            return known;
        }
        content.cut(0);
        content.put(Codes.code(Codes.LEVELS, quality.level())).put(Codes.code(Codes.REASONS, quality.reason()));
        content.putText(quality.detail());
        return define(quality, Fields.QUALITY);
    }

    int tag(Tag tag) {
        Integer known = known(tag);
        if (known != null) {
            return known;
        }
        content.cut(0);
        content.putText(tag.name()).put(Codes.code(Codes.TYPES, tag.type())).putText(tag.unit());
        content.put(Codes.code(Codes.ACCESSES, tag.access()));
        put(tag.period());
        content.put(tag.report().onChange() ? 1 : 0).putLong(Double.doubleToRawLongBits(tag.report().deadband()));
        put(tag.report().heartbeat());
        content.putText(tag.description());
        return define(tag, Fields.TAG);
    }

    private void put(Duration duration) {
        content.putZigZag(duration.getSeconds()).putVar(duration.getNano());
    }

    int stream(StreamSlot stream, long base) {
        content.cut(0);
        Codes.put(content, stream.id);
        content.putLong(stream.epoch).putVar(base);
        return define(stream, Fields.STREAM);
    }

    private Integer known(Object object) {
        Integer known = seen.get(object);
        if (known == null) {
            known = defined.get(object);
            if (known != null) {
                seen.put(object, known);
            }
        }
        return known;
    }

    private int define(Object object, int kind) {
        added.put(kind).putVar(content.size()).putBytes(content.array(), 0, content.size());
        defined.put(object, next);
        return next++;
    }
}
