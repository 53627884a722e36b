// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.api.config.Problem;
import edge.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Checks a JSON value against the part of JSON Schema (draft 2020-12) that configurations need: {@code type, enum, const,
 * properties, required, additionalProperties, items, minItems, maxItems, uniqueItems, minimum, maximum, exclusiveMinimum,
 * exclusiveMaximum, pattern, minLength, maxLength} and {@code $ref} to {@code #/$defs/NAME}.
 */
final class SchemaCheck {
    private static final Set<String> CHECKED = Set.of("type", "enum", "const", "properties", "required",
        "additionalProperties", "items", "minItems", "maxItems", "uniqueItems", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum", "pattern", "minLength", "maxLength", "$ref", "$defs");
    private static final Set<String> REMARKS =
        Set.of("$schema", "$id", "$comment", "title", "description", "default", "examples", "format", "deprecated");
    private static final String DEFS = "#/$defs/";
    private static final int ENOUGH = 50;

    private final Json.Obj root;
    private final List<Problem> problems = new ArrayList<>();

    private SchemaCheck(Json.Obj root) {
        this.root = root;
    }

    /**
     * @param elsewhere members of the top level that somebody else has checked
     * @return what is wrong, at most about fifty problems
     */
    static List<Problem> check(Json.Obj value, Json.Obj schema, Set<String> elsewhere) {
        SchemaCheck check = new SchemaCheck(schema);
        check.object(value, schema, elsewhere);
        return check.problems;
    }

    private void value(Json node, Json schemaNode) {
        if (problems.size() >= ENOUGH) {
            return;
        }
        if (schemaNode instanceof Json.Bool allowed) {
            if (!allowed.value()) {
                problem(node, "is not allowed here");
            }
            return;
        }
        if (!(schemaNode instanceof Json.Obj schema)) {
            return;
        }
        if (schema.members().get("$ref") instanceof Json.Text ref && ref.value().startsWith(DEFS)
            && root.members().get("$defs") instanceof Json.Obj defs) {
            Json target = defs.members().get(ref.value().substring(DEFS.length()));
            if (target != null) {
                value(node, target);
            }
        }
        if (!hasType(node, schema) || !isAmong(node, schema)) {
            return;
        }
        if (node instanceof Json.Obj object) {
            object(object, schema, Set.of());
        } else if (node instanceof Json.Array array) {
            array(array, schema);
        } else if (node instanceof Json.Text text) {
            text(text, schema);
        } else if (node instanceof Json.Num number) {
            number(number, schema);
        }
    }

    private boolean hasType(Json node, Json.Obj schema) {
        List<String> types = texts(schema.members().get("type"));
        if (types.isEmpty() || types.stream().anyMatch(type -> isOfType(node, type))) {
            return true;
        }
        problem(node, "must be " + String.join(" or ", types.stream().map(SchemaCheck::typeInWords).toList()) + ", not "
            + node.describe());
        return false;
    }

    private static boolean isOfType(Json node, String type) {
        return switch (type) {
            case "object" -> node instanceof Json.Obj;
            case "array" -> node instanceof Json.Array;
            case "string" -> node instanceof Json.Text;
            case "boolean" -> node instanceof Json.Bool;
            case "null" -> node instanceof Json.Null;
            case "number" -> node instanceof Json.Num;
            case "integer" -> node instanceof Json.Num number && number.value().stripTrailingZeros().scale() <= 0;
            default -> false;
        };
    }

    private static String typeInWords(String type) {
        return switch (type) {
            case "object" -> "an object { }";
            case "array" -> "a list [ ]";
            case "string" -> "a text";
            case "boolean" -> "true or false";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            default -> type;
        };
    }

    private boolean isAmong(Json node, Json.Obj schema) {
        List<Json> allowed = new ArrayList<>();
        if (schema.members().get("enum") instanceof Json.Array options) {
            allowed.addAll(options.items());
        } else if (schema.has("const")) {
            allowed.add(schema.members().get("const"));
        } else {
            return true;
        }
        if (allowed.stream().anyMatch(option -> same(option, node))) {
            return true;
        }
        problem(node, "must be " + (allowed.size() > 1 ? "one of " : "")
            + String.join(", ", allowed.stream().map(Json::describe).toList()) + ", not " + node.describe());
        return false;
    }

    private static boolean same(Json a, Json b) {
        if (a instanceof Json.Num first && b instanceof Json.Num second) {
            return first.value().compareTo(second.value()) == 0;
        } else if (a instanceof Json.Text first && b instanceof Json.Text second) {
            return first.value().equals(second.value());
        } else if (a instanceof Json.Bool first && b instanceof Json.Bool second) {
            return first.value() == second.value();
        } else if (a instanceof Json.Array first && b instanceof Json.Array second) {
            return sameItems(first.items(), second.items());
        } else if (a instanceof Json.Obj first && b instanceof Json.Obj second) {
            return first.members().keySet().equals(second.members().keySet()) && first.members().entrySet().stream()
                .allMatch(member -> same(member.getValue(), second.members().get(member.getKey())));
        }
        return a instanceof Json.Null && b instanceof Json.Null;
    }

    private static boolean sameItems(List<Json> first, List<Json> second) {
        for (int i = 0; i < first.size() && first.size() == second.size(); i++) {
            if (!same(first.get(i), second.get(i))) {
                return false;
            }
        }
        return first.size() == second.size();
    }

    private void object(Json.Obj object, Json.Obj schema, Set<String> elsewhere) {
        for (String name : texts(schema.members().get("required"))) {
            if (!object.has(name)) {
                problem(object, "'" + name + "' is missing");
            }
        }
        Map<String, Json> properties =
            schema.members().get("properties") instanceof Json.Obj known ? known.members() : Map.of();
        Json additional = schema.members().get("additionalProperties");
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            if (elsewhere.contains(member.getKey())) {
                continue;
            }
            if (properties.containsKey(member.getKey())) {
                value(member.getValue(), properties.get(member.getKey()));
            } else if (additional instanceof Json.Bool allowed && !allowed.value()) {
                Set<String> known = new TreeSet<>(properties.keySet());
                problem(member.getValue(), "unknown attribute; known are " + String.join(", ", known));
            } else if (additional != null) {
                value(member.getValue(), additional);
            }
        }
    }

    private void array(Json.Array array, Json.Obj schema) {
        count(array, array.items().size(), schema, "minItems", "maxItems", "items");
        if (schema.members().get("uniqueItems") instanceof Json.Bool unique && unique.value()) {
            for (int i = 0; i < array.items().size(); i++) {
                for (int j = 0; j < i; j++) {
                    if (same(array.items().get(i), array.items().get(j))) {
                        problem(array.items().get(i), "is there twice: the same as item " + (j + 1));
                    }
                }
            }
        }
        if (schema.has("items")) {
            array.items().forEach(item -> value(item, schema.members().get("items")));
        }
    }

    private void text(Json.Text text, Json.Obj schema) {
        count(text, text.value().codePointCount(0, text.value().length()), schema, "minLength", "maxLength", "characters");
        if (schema.members().get("pattern") instanceof Json.Text pattern) {
            try {
                if (!Pattern.compile(pattern.value()).matcher(text.value()).find()) {
                    problem(text, "must match " + pattern.value() + ", not " + text.describe());
                }
            } catch (PatternSyntaxException e) {
                problem(text, "cannot be checked: the schema's pattern is wrong: " + e.getDescription());
            }
        }
    }

    private void count(Json node, int count, Json.Obj schema, String minKey, String maxKey, String what) {
        if (schema.members().get(minKey) instanceof Json.Num min && BigDecimal.valueOf(count).compareTo(min.value()) < 0) {
            problem(node, "has " + count + " " + what + "; at least " + min.value() + " are needed");
        }
        if (schema.members().get(maxKey) instanceof Json.Num max && BigDecimal.valueOf(count).compareTo(max.value()) > 0) {
            problem(node, "has " + count + " " + what + "; at most " + max.value() + " are allowed");
        }
    }

    private void number(Json.Num number, Json.Obj schema) {
        if (schema.members().get("minimum") instanceof Json.Num min && number.value().compareTo(min.value()) < 0) {
            problem(number, "must be at least " + min.value() + ", not " + number.describe());
        }
        if (schema.members().get("maximum") instanceof Json.Num max && number.value().compareTo(max.value()) > 0) {
            problem(number, "must be at most " + max.value() + ", not " + number.describe());
        }
        if (schema.members().get("exclusiveMinimum") instanceof Json.Num min
            && number.value().compareTo(min.value()) <= 0) {
            problem(number, "must be more than " + min.value() + ", not " + number.describe());
        }
        if (schema.members().get("exclusiveMaximum") instanceof Json.Num max
            && number.value().compareTo(max.value()) >= 0) {
            problem(number, "must be less than " + max.value() + ", not " + number.describe());
        }
    }

    private void problem(Json node, String message) {
        problems.add(Problems.at(node.place(), message));
    }

    private static List<String> texts(Json node) {
        List<String> texts = new ArrayList<>();
        if (node instanceof Json.Text text) {
            texts.add(text.value());
        } else if (node instanceof Json.Array array) {
            array.items().stream().filter(Json.Text.class::isInstance).forEach(item -> texts.add(((Json.Text) item).value()));
        }
        return texts;
    }

    /** Keywords that a schema uses and nobody checks, so that its author hears of it. */
    static Set<String> unknownKeywords(Json schemaNode) {
        Set<String> unknown = new HashSet<>();
        if (!(schemaNode instanceof Json.Obj schema)) {
            return unknown;
        }
        for (Map.Entry<String, Json> member : schema.members().entrySet()) {
            String keyword = member.getKey();
            if (keyword.equals("properties") || keyword.equals("$defs")) {
                if (member.getValue() instanceof Json.Obj named) {
                    named.members().values().forEach(inner -> unknown.addAll(unknownKeywords(inner)));
                }
            } else if (keyword.equals("items") || keyword.equals("additionalProperties")) {
                unknown.addAll(unknownKeywords(member.getValue()));
            } else if (!CHECKED.contains(keyword) && !REMARKS.contains(keyword)) {
                unknown.add(keyword);
            }
        }
        return unknown;
    }
}
