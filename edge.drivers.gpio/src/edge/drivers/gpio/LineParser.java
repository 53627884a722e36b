// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Access;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.drivers.gpio.LineConfig.Direction;
import edge.drivers.gpio.LineConfig.Edge;
import edge.drivers.gpio.LineConfig.Pull;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads the {@code lines} of a configuration file and refuses what contradicts itself. */
final class LineParser {

    private static final int MAX_LINES = 256;
    private static final int MAX_LINE = 65_535;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long MAX_DEBOUNCE = 60_000;
    private static final int MIN_PERIOD = 10;
    private static final int MIN_TOGGLE = 20;

    private static final Set<String> COMMON =
        Set.of("name", "line", "direction", "activeLow", "period", "onChange", "heartbeat", "description");
    private static final Set<String> INPUT = Set.of("edge", "debounce", "pull", "toggle");
    private static final Set<String> OUTPUT = Set.of("initial", "safe", "access");

    private final GpioProvider provider;
    private final Map<String, Json.Place> names = new HashMap<>();
    private final Map<Long, String> numbers = new HashMap<>();

    private LineParser(GpioProvider provider) {
        this.provider = provider;
    }

    /** The lines of a file whose {@code provider} has been checked, in the order of the file. */
    static List<LineConfig> parse(String text) throws JsonException {
        Json.Obj root = JsonParser.parse(text).asObject();
        GpioProvider provider = provider(root);
        checkPath(root, provider);
        Json list = root.get("lines");
        List<Json> items = list.asArray();
        if (items.isEmpty() || items.size() > MAX_LINES) {
            throw list.place().problem("there must be 1 to " + MAX_LINES + " lines, not " + items.size());
        }
        LineParser parser = new LineParser(provider);
        List<LineConfig> lines = new ArrayList<>(items.size());
        for (Json item : items) {
            lines.add(parser.line(item.asObject()));
        }
        return List.copyOf(lines);
    }

    private static GpioProvider provider(Json.Obj root) throws JsonException {
        Json node = root.get("provider");
        return GpioProvider.ofLabel(node.asText()).orElseThrow(
            () -> node.place().problem("must be gpiod, linuxfs or mock, not " + node.describe()));
    }

    private static void checkPath(Json.Obj root, GpioProvider provider) throws JsonException {
        if (root.has("path")) {
            Json node = root.get("path");
            if (provider != GpioProvider.LINUXFS) {
                throw node.place().problem("only the provider linuxfs has a path, not " + provider.label());
            }
            if (!node.asText().startsWith("/")) {
                throw node.place().problem("must be an absolute path such as " + GpioConfig.DEFAULT_PATH + ", not "
                    + node.describe());
            }
        }
    }

    private LineConfig line(Json.Obj line) throws JsonException {
        Direction direction = choice(line, "direction", null, Direction.class);
        boolean input = direction == Direction.IN;
        checkAttributes(line, input);
        String name = name(line);
        int number = number(line, name);
        Duration period = millis(line, "period", MIN_PERIOD, DAY);
        boolean onChange = line.bool("onChange", false);
        Edge edge = choice(line, "edge", Edge.BOTH, Edge.class);
        if (!period.isZero()) {
            refuse(line, "edge", "a line with a period is read, it does not report edges: leave out one of the two");
            refuse(line, "debounce", "a line with a period is read as it is: leave out one of the two");
        }
        if (!onChange) {
            refuse(line, "heartbeat", "has an effect only with \"onChange\": true");
        }
        if (onChange && edge != Edge.BOTH) {
            throw line.get("onChange").place().problem("with edge " + label(edge)
                + " each reading has the same value, so that none but the first would be published: leave it out");
        }
        if (input && provider == GpioProvider.LINUXFS) {
            refuse(line, "pull", "the sysfs cannot set it: use a resistor, a device-tree overlay, or leave it out");
        }
        boolean safe = line.bool("safe", false);
        return new LineConfig(name, number, direction, edge, millis(line, "debounce", 0, MAX_DEBOUNCE),
            choice(line, "pull", Pull.NONE, Pull.class), line.bool("activeLow", false), line.bool("initial", safe), safe,
            access(line), period,
            new ReportPolicy(onChange, 0, millis(line, "heartbeat", MIN_PERIOD, DAY)), line.text("description", ""),
            toggle(line));
    }

    private static void checkAttributes(Json.Obj line, boolean input) throws JsonException {
        for (String foreign : input ? OUTPUT : INPUT) {
            refuse(line, foreign, "only an " + (input ? "output" : "input") + " has this, and direction is "
                + (input ? "in" : "out"));
        }
        Set<String> known = new java.util.HashSet<>(COMMON);
        known.addAll(input ? INPUT : OUTPUT);
        line.allowOnly(known);
    }

    private String name(Json.Obj line) throws JsonException {
        Json node = line.get("name");
        String name = node.asText();
        if (!Tag.isName(name)) {
            throw node.place().problem("must be 1 to 64 of A-Z a-z 0-9 _ . -, not " + node.describe());
        }
        Json.Place other = names.putIfAbsent(name, node.place());
        if (other != null) {
            throw node.place().problem("'" + name + "' is already the name of the line in row " + other.line());
        }
        return name;
    }

    private int number(Json.Obj line, String name) throws JsonException {
        long number = line.integer("line", 0, MAX_LINE);
        String other = numbers.putIfAbsent(number, name);
        if (other != null) {
            throw line.get("line").place().problem("line " + number + " is already used by '" + other + "'");
        }
        return (int) number;
    }

    private static Access access(Json.Obj line) throws JsonException {
        String access = line.text("access", "read");
        return switch (access) {
            case "read" -> Access.READ;
            case "read-write" -> Access.READ_WRITE;
            default -> throw line.get("access").place().problem("must be read or read-write, not \"" + access + '"');
        };
    }

    private Duration toggle(Json.Obj line) throws JsonException {
        if (provider != GpioProvider.MOCK) {
            refuse(line, "toggle", "only simulated lines can toggle, and the provider is " + provider.label());
        }
        return millis(line, "toggle", MIN_TOGGLE, DAY);
    }

    private static Duration millis(Json.Obj line, String name, long min, long max) throws JsonException {
        return Duration.ofMillis(line.has(name) ? line.integer(name, min, max) : 0);
    }

    private static void refuse(Json.Obj line, String name, String why) throws JsonException {
        if (line.has(name)) {
            throw line.get(name).place().problem(why);
        }
    }

    private static <E extends Enum<E>> E choice(Json.Obj line, String name, E otherwise, Class<E> type)
        throws JsonException {
        if (otherwise != null && !line.has(name)) {
            return otherwise;
        }
        Json node = line.get(name);
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

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
