// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import edge.api.config.Problem;
import edge.api.device.Access;
import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.TagAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The list {@code tags} of a computed device, read strictly. Gathers every problem, at most one a tag. The tags come in an order
 * in which each is computed after those of the same device that it needs.
 */
final class ComputedTags {
    private static final Set<String> ATTRIBUTES =
        Stream.concat(Stream.of("name", "expression", "type", "unit", "description"), TagAttributes.NAMES.stream())
            .collect(Collectors.toUnmodifiableSet());
    private static final Duration DEFAULT_PERIOD = Duration.ofSeconds(1);

    private final String device;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Json.Obj> items = new LinkedHashMap<>();
    private final Map<String, DataType> types = new HashMap<>();
    private final Map<String, Computed> parsed = new LinkedHashMap<>();
    private final Map<String, Computed> ordered = new LinkedHashMap<>();

    /**
     * A tag and how it is computed.
     *
     * @param needs tags of the same device
     * @param windows every window it looks at
     */
    record Computed(Tag tag, Node expression, Set<String> needs, List<Node.OverWindow> windows) {
    }

    /** @param root the device's whole configuration */
    ComputedTags(String device, Json.Obj root) {
        this.device = device;
        try {
            TagAttributes common = new TagAttributes(root);
            List<Json> list = root.get("tags").asArray();
            if (list.isEmpty()) {
                throw root.get("tags").place().problem("there must be one tag at least");
            }
            for (Json item : list) {
                attempt(() -> readName(item));
            }
            for (Map.Entry<String, Json.Obj> item : items.entrySet()) {
                attempt(() -> parsed.put(item.getKey(), read(item.getKey(), item.getValue(), common)));
            }
            if (problems.isEmpty()) {
                for (String name : parsed.keySet()) {
                    order(name, new LinkedHashSet<>());
                }
            }
        } catch (JsonException e) {
            problem(e);
        }
    }

    /** What is wrong; {@link #inOrder} is complete only if this is empty. */
    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** The tags in the order in which they are computed. */
    List<Computed> inOrder() {
        return List.copyOf(ordered.values());
    }

    /** The tags in the order of the list. */
    List<Tag> tags() {
        return parsed.values().stream().map(Computed::tag).toList();
    }

    private interface Step {
        void run() throws JsonException;
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (JsonException e) {
            problem(e);
        }
    }

    private void problem(JsonException e) {
        problems.add(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
    }

    private void readName(Json node) throws JsonException {
        Json.Obj item = node.asObject();
        item.allowOnly(ATTRIBUTES);
        String name = item.text("name");
        Json.Place place = item.get("name").place();
        if (!Tag.isName(name)) {
            throw place.problem("must be 1 to 64 of A-Z a-z 0-9 _ . -, not " + item.get("name").describe());
        }
        Json.Obj first = items.putIfAbsent(name, item);
        if (first != null) {
            throw place.problem("the tag in line " + first.get("name").place().line() + " is called '" + name
                + "' already; names must differ");
        }
        types.put(name, DataType.FLOAT64);
        if (item.has("type")) {
            Json type = item.get("type");
            types.put(name, DataType.ofLabel(type.asText()).filter(known -> known != DataType.BYTES).orElseThrow(() ->
                type.place().problem("must be bool, text, a number type such as int32 or float64, not " + type.describe())));
        }
    }

    private Computed read(String name, Json.Obj item, TagAttributes common) throws JsonException {
        DataType type = types.get(name);
        Json text = item.get("expression");
        Parser parser;
        Node expression;
        try {
            parser = new Parser(text.asText(), device, own -> Optional.ofNullable(types.get(own)).map(Kind::of));
            expression = parser.parse();
        } catch (ExpressionException e) {
            throw at(text, e);
        }
        if (!expression.kind().mayBe(Kind.of(type))) {
            throw text.place().problem("gives " + expression.kind().words() + ", which the type " + type.label()
                + " cannot hold");
        }
        Tag tag = new Tag(name, type, item.text("unit", ""), Access.READ, common.period(item, DEFAULT_PERIOD),
            TagAttributes.report(item, type), item.text("description", ""));
        Set<String> needs = parser.references().stream().filter(tagOf -> tagOf.device().equals(device)).map(TagReference::tag)
            .collect(Collectors.toCollection(LinkedHashSet::new));
        return new Computed(tag, expression, needs, List.copyOf(parser.windows()));
    }

    // The column is exact as long as the text needs no escapes, which in JSON begin with a backslash.
    private static JsonException at(Json text, ExpressionException e) throws JsonException {
        Json.Place place = text.place();
        boolean escaped = text.asText().chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\');
        int column = escaped ? place.column() : place.column() + 1 + e.position();
        return new JsonException(place.line(), column, place.path(), "character " + (e.position() + 1) + ": "
            + e.getMessage());
    }

    private void order(String name, Set<String> above) throws JsonException {
        if (ordered.containsKey(name)) {
            return;
        }
        if (!above.add(name)) {
            throw items.get(name).get("expression").place().problem("is computed from itself: "
                + String.join(" needs ", above) + " needs " + name);
        }
        for (String needed : parsed.get(name).needs()) {
            order(needed, above);
        }
        above.remove(name);
        ordered.put(name, parsed.get(name));
    }
}
