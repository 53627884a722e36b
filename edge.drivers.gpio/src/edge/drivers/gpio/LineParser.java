// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Access;
import edge.api.device.ReportPolicy;
import edge.api.value.DataType;
import edge.drivers.gpio.LineConfig.Edge;
import edge.drivers.gpio.LineConfig.Role;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.TagAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the {@code lines} of a configuration file and refuses what contradicts itself. */
final class LineParser {

    private static final int MAX_LINES = 256;
    private static final int MAX_LINE = 65_535;
    private static final Duration COUNTER_PERIOD = Duration.ofSeconds(1);

    private enum Direction {
        IN(Set.of("edge", "debounce", "pull", "toggle")),
        COUNTER(Set.of("edge", "debounce", "pull", "toggle", "perPulse", "unit", "rate", "access")),
        OUT(Set.of("drive", "initial", "afterCrash", "safe", "uplinkLoss", "pulse", "access"));

        private final Set<String> attributes;

        Direction(Set<String> attributes) {
            this.attributes = attributes;
        }
    }

    private static final Set<String> COMMON =
        Set.of("name", "line", "chip", "direction", "activeLow", "description");

    private final GpioProvider provider;
    private final String chip;
    private final TagAttributes attributes;
    private final Names names = new Names();
    private final Map<LineAddress, String> addresses = new HashMap<>();

    private LineParser(GpioProvider provider, String chip, TagAttributes attributes) {
        this.provider = provider;
        this.chip = chip;
        this.attributes = attributes;
    }

    /** The lines of a file, in its order. */
    static List<LineConfig> parse(String text) throws JsonException {
        Json.Obj root = JsonParser.parse(text).asObject();
        GpioProvider provider = provider(root);
        checkPath(root, provider);
        if (provider != GpioProvider.CHARDEV) {
            Attributes.refuse(root, "chip", "only the provider chardev has chips, not " + provider.label());
        }
        Json list = root.get("lines");
        List<Json> items = list.asArray();
        if (items.isEmpty() || items.size() > MAX_LINES) {
            throw list.place().problem("there must be 1 to " + MAX_LINES + " lines, not " + items.size());
        }
        LineParser parser = new LineParser(provider,
            provider == GpioProvider.CHARDEV ? root.text("chip", GpioConfig.DEFAULT_CHIP) : "", new TagAttributes(root));
        List<LineConfig> lines = new ArrayList<>(items.size());
        for (Json item : items) {
            lines.add(parser.line(item.asObject()));
        }
        return List.copyOf(lines);
    }

    private static GpioProvider provider(Json.Obj root) throws JsonException {
        String label = root.text("provider", GpioConfig.DEFAULT_PROVIDER);
        return GpioProvider.ofLabel(label).orElseThrow(() -> root.members().get("provider").place()
            .problem("must be " + GpioProvider.NAMES + ", not \"" + label + '"'));
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
        Direction direction = Attributes.choice(line, "direction", Direction.class);
        checkAttributes(line, direction);
        String name = names.read(line, "name");
        LineAddress address = address(line, name);
        boolean activeLow = line.bool("activeLow", false);
        RoleParser parser = new RoleParser(provider);
        Role role = switch (direction) {
            case IN -> parser.input(line, Edge.BOTH);
            case COUNTER -> parser.counter(line);
            case OUT -> parser.output(line);
        };
        if (role instanceof LineConfig.Counter counter && counter.rate().isPresent()) {
            names.read(line.get("rate").asObject(), "name");
        }
        boolean counts = direction == Direction.COUNTER;
        Duration period = attributes.period(line, counts ? COUNTER_PERIOD : Duration.ZERO);
        ReportPolicy report = TagAttributes.report(line, counts ? DataType.UINT64 : DataType.BOOL);
        if (role instanceof LineConfig.Input input) {
            checkReporting(line, input, period, report);
        }
        return new LineConfig(name, address, activeLow,
            direction == Direction.IN ? Access.READ : Attributes.access(line), period, report,
            line.text("description", ""), role);
    }

    private static void checkReporting(Json.Obj line, LineConfig.Input input, Duration period, ReportPolicy report)
        throws JsonException {
        if (!period.isZero()) {
            Attributes.refuse(line, "edge",
                "a line with a period is read, it does not report edges: leave out one of the two");
            Attributes.refuse(line, "debounce", "a line with a period is read as it is: leave out one of the two");
        }
        if (report.onChange() && input.edge() != Edge.BOTH) {
            throw line.get("onChange").place().problem("with edge " + Attributes.label(input.edge())
                + " each reading has the same value, so that none but the first would be published: leave it out");
        }
    }

    private static void checkAttributes(Json.Obj line, Direction direction) throws JsonException {
        for (Direction other : Direction.values()) {
            for (String attribute : other.attributes) {
                if (!direction.attributes.contains(attribute)) {
                    Attributes.refuse(line, attribute, "a line with direction " + Attributes.label(direction)
                        + " has none; " + Attributes.label(other) + " has");
                }
            }
        }
        Set<String> known = Attributes.withCommon(COMMON);
        known.addAll(direction.attributes);
        line.allowOnly(known);
    }

    private LineAddress address(Json.Obj line, String name) throws JsonException {
        if (provider != GpioProvider.CHARDEV) {
            Attributes.refuse(line, "chip", "only the provider chardev has chips, not " + provider.label());
        }
        Json node = line.get("line");
        LineAddress address;
        if (node instanceof Json.Text text && provider == GpioProvider.CHARDEV) {
            Attributes.refuse(line, "chip", "a line that is named is looked for on every chip: leave it out, or give the "
                + "line's number");
            if (text.value().isEmpty() || text.value().length() > 31) {
                throw node.place().problem("a line's name has 1 to 31 characters, not " + text.value().length());
            }
            address = LineAddress.named(text.value());
        } else {
            address = LineAddress.numbered(line.text("chip", chip), (int) line.integer("line", 0, MAX_LINE));
        }
        String other = addresses.putIfAbsent(address, name);
        if (other != null) {
            throw node.place().problem(address + " is already used by '" + other + "'");
        }
        return address;
    }
}
