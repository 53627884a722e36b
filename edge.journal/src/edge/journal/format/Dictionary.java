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

    /** Where a tag, a caller or a quality was defined last. */
    private static final class Known {
        private long block;
        private int number;
    }

    private final Map<String, Integer> texts = new HashMap<>();
    // The same tag, caller or quality comes again and again, and hashing all of its content each time would cost more than
    // everything else about a record: that is done once, to find what is known of one that equals it.
    private final Map<Object, Known> known = new IdentityHashMap<>();
    private final Map<Object, Known> equal = new HashMap<>();
    private final Output added = new Output(1024);
    private final Output content = new Output(256);
    private long block;
    private int next;
    private int firstAdded;

    /** A block begins, in which nothing is defined. */
    void clear() {
        block++;
        texts.clear();
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
        Known which = known(caller);
        if (which.block == block) {
            return which.number;
        }
        content.cut(0);
        content.put(Codes.code(Codes.CALLER_KINDS, caller.kind())).putText(caller.name());
        content.put(Codes.code(Codes.ROLES, caller.role())).putText(caller.origin());
        return define(which, Fields.CALLER_DEFINITION);
    }

    int quality(Quality quality) {
        Known which = known(quality);
        if (which.block == block) {
            return which.number;
        }
        content.cut(0);
        content.put(Codes.code(Codes.LEVELS, quality.level())).put(Codes.code(Codes.REASONS, quality.reason()));
        content.putText(quality.detail());
        return define(which, Fields.QUALITY);
    }

    int tag(Tag tag) {
        Known which = known(tag);
        if (which.block == block) {
            return which.number;
        }
        content.cut(0);
        content.putText(tag.name()).put(Codes.code(Codes.TYPES, tag.type())).putText(tag.unit());
        content.put(Codes.code(Codes.ACCESSES, tag.access()));
        put(tag.period());
        content.put(tag.report().onChange() ? 1 : 0).putLong(Double.doubleToRawLongBits(tag.report().deadband()));
        put(tag.report().heartbeat());
        content.putText(tag.description());
        return define(which, Fields.TAG);
    }

    private void put(Duration duration) {
        content.putZigZag(duration.getSeconds()).putVar(duration.getNano());
    }

    int stream(StreamSlot stream, long base) {
        content.cut(0);
        Codes.put(content, stream.id);
        content.putLong(stream.epoch).putVar(base);
        return add(Fields.STREAM);
    }

    private Known known(Object object) {
        Known which = known.get(object);
        if (which == null) {
            if (known.size() == MOST) {
                known.clear();
                equal.clear();
            }
            which = equal.computeIfAbsent(object, key -> new Known());
            known.put(object, which);
        }
        return which;
    }

    private int define(Known which, int kind) {
        which.block = block;
        which.number = next;
        return add(kind);
    }

    private int add(int kind) {
        added.put(kind).putVar(content.size()).putBytes(content.array(), 0, content.size());
        return next++;
    }
}
