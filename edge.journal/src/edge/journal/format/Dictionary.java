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

    /** So many objects are remembered, for all blocks. */
    private static final int MOST = 1 << 15;

    private final Map<String, Integer> texts = new HashMap<>();
    private final Map<Object, Integer> defined = new IdentityHashMap<>();
    // The same tag, caller or quality comes again and again, and hashing all of its content each time would cost more than
    // everything else about a record: that is done once, to find the first object that equals it.
    private final Map<Object, Object> firsts = new IdentityHashMap<>();
    private final Map<Object, Object> unequal = new HashMap<>();
    private final Output added = new Output(1024);
    private final Output content = new Output(256);
    private int next;
    private int firstAdded;

    void clear() {
        texts.clear();
        defined.clear();
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
        Integer known = texts.get(text);
        if (known != null) {
            return known;
        }
        content.cut(0);
        content.putText(text);
        texts.put(text, next);
        return add(Fields.TEXT);
    }

    int caller(Caller caller) {
        Object first = first(caller);
        Integer known = defined.get(first);
        if (known != null) {
            return known;
        }
        content.cut(0);
        content.put(Codes.code(Codes.CALLER_KINDS, caller.kind())).putText(caller.name());
        content.put(Codes.code(Codes.ROLES, caller.role())).putText(caller.origin());
        return define(first, Fields.CALLER_DEFINITION);
    }

    int quality(Quality quality) {
        Object first = first(quality);
        Integer known = defined.get(first);
        if (known != null) {
            return known;
        }
        content.cut(0);
        content.put(Codes.code(Codes.LEVELS, quality.level())).put(Codes.code(Codes.REASONS, quality.reason()));
        content.putText(quality.detail());
        return define(first, Fields.QUALITY);
    }

    int tag(Tag tag) {
        Object first = first(tag);
        Integer known = defined.get(first);
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
        return define(first, Fields.TAG);
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

    private Object first(Object object) {
        Object first = firsts.get(object);
        if (first == null) {
            if (firsts.size() == MOST) {
                firsts.clear();
                unequal.clear();
            }
            Object before = unequal.putIfAbsent(object, object);
            first = before == null ? object : before;
            firsts.put(object, first);
        }
        return first;
    }

    private int define(Object first, int kind) {
        defined.put(first, next);
        return add(kind);
    }

    private int add(int kind) {
        added.put(kind).putVar(content.size()).putBytes(content.array(), 0, content.size());
        return next++;
    }
}
