// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.access.Caller;
import edge.api.device.Quality;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a block that is being read has defined so far; a {@link Dictionary} wrote it. Not thread-safe. */
final class Definitions {

    private final List<Object> definitions = new ArrayList<>();

    /** A block begins. */
    void clear() {
        definitions.clear();
    }

    /** @throws DamagedException if there is no such definition of that type */
    <T> T get(int number, Class<T> type) throws DamagedException {
        Object definition = number < definitions.size() ? definitions.get(number) : null;
        if (!type.isInstance(definition)) {
            throw new DamagedException("what the record refers to is not there");
        }
        return type.cast(definition);
    }

    /** Reads a DEFINITIONS frame behind its type. */
    void read(Input in) throws DamagedException {
        int next = in.getVarInt();
        if (next > Frames.MAX_BODY) {
            throw new DamagedException("more definitions than a block can hold");
        }
        while (definitions.size() < next) {
            definitions.add(null);
        }
        while (in.more()) {
            int kind = in.get();
            int outer = in.enter(in.getVarInt());
            Object definition = definition(kind, in);
            in.leave(outer);
            if (next < definitions.size()) {
                definitions.set(next, definition);
            } else {
                definitions.add(definition);
            }
            next++;
        }
    }

    /** Null for a kind that a newer version has. */
    private static Object definition(int kind, Input in) throws DamagedException {
        try {
            return switch (kind) {
                case Fields.TEXT -> in.getText();
                case Fields.STREAM -> new StreamDefinition(Codes.stream(in), in.getLong(), in.getVar());
                case Fields.CALLER_DEFINITION -> {
                    Caller.Kind caller = Codes.constant(Codes.CALLER_KINDS, in.get());
                    String name = in.getText();
                    yield new Caller(caller, name, Codes.constant(Codes.ROLES, in.get()), in.getText());
                }
                case Fields.QUALITY -> {
                    Quality.Level level = Codes.constant(Codes.LEVELS, in.get());
                    yield new Quality(level, Codes.constant(Codes.REASONS, in.get()), in.getText());
                }
                case Fields.TAG -> tag(in);
                default -> null;
            };
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new DamagedException(e.getMessage());
        }
    }

    private static Tag tag(Input in) throws DamagedException {
        String name = in.getText();
        var type = Codes.constant(Codes.TYPES, in.get());
        String unit = in.getText();
        var access = Codes.constant(Codes.ACCESSES, in.get());
        Duration period = duration(in);
        boolean onChange = in.get() != 0;
        double deadband = Double.longBitsToDouble(in.getLong());
        return new Tag(name, type, unit, access, period, new ReportPolicy(onChange, deadband, duration(in)), in.getText());
    }

    private static Duration duration(Input in) throws DamagedException {
        return Duration.ofSeconds(in.getZigZag(), in.getVar());
    }
}
