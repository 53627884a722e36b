// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.json.Json;
import edge.json.JsonException;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.util.List;
import org.osgi.service.metatype.AttributeDefinition;

/**
 * One attribute of a configuration as Metatype describes it: turns JSON into the typed value that the component expects.
 *
 * @param cardinality as in Metatype: 0 a single value, above 0 an array of at most that many, below 0 a list
 * @param options the permitted values; empty if all are
 * @param min least value, or least length of a text; empty if there is none
 * @param max greatest value, or greatest length of a text; empty if there is none
 */
record Attribute(String id, int type, int cardinality, boolean mustBeGiven, List<String> options, String min, String max) {

    boolean isSecret() {
        return type == AttributeDefinition.PASSWORD;
    }

    /** The typed value: a wrapper, a text, an array of those, or a list of those. */
    Object value(Json node) throws JsonException {
        if (cardinality == 0) {
            return single(node);
        }
        List<Json> items = node.asArray();
        int limit = cardinality == Integer.MIN_VALUE ? Integer.MAX_VALUE : Math.abs(cardinality);
        if (items.size() > limit) {
            throw node.place().problem("has " + items.size() + " values; at most " + limit + " are allowed");
        }
        Object array = Array.newInstance(javaType(), items.size());
        for (int i = 0; i < items.size(); i++) {
            Array.set(array, i, single(items.get(i)));
        }
        return cardinality > 0 ? array : List.of((Object[]) array);
    }

    private Class<?> javaType() {
        return switch (type) {
            case AttributeDefinition.LONG -> Long.class;
            case AttributeDefinition.INTEGER -> Integer.class;
            case AttributeDefinition.SHORT -> Short.class;
            case AttributeDefinition.BYTE -> Byte.class;
            case AttributeDefinition.CHARACTER -> Character.class;
            case AttributeDefinition.DOUBLE -> Double.class;
            case AttributeDefinition.FLOAT -> Float.class;
            case AttributeDefinition.BOOLEAN -> Boolean.class;
            default -> String.class;
        };
    }

    private Object single(Json node) throws JsonException {
        Object value = switch (type) {
            case AttributeDefinition.LONG -> integer(node, Long.MIN_VALUE, Long.MAX_VALUE);
            case AttributeDefinition.INTEGER -> (int) integer(node, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case AttributeDefinition.SHORT -> (short) integer(node, Short.MIN_VALUE, Short.MAX_VALUE);
            case AttributeDefinition.BYTE -> (byte) integer(node, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case AttributeDefinition.CHARACTER -> character(node);
            case AttributeDefinition.DOUBLE -> real(node);
            case AttributeDefinition.FLOAT -> (float) real(node);
            case AttributeDefinition.BOOLEAN -> node.asBool();
            case AttributeDefinition.PASSWORD -> secret(node);
            default -> text(node);
        };
        if (!options.isEmpty() && !options.contains(value.toString())) {
            throw node.place().problem("must be one of " + String.join(", ", options) + ", not " + node.describe());
        }
        return value;
    }

    private long integer(Json node, long least, long greatest) throws JsonException {
        return node.asInteger(min.isEmpty() ? least : Math.max(least, new BigDecimal(min).longValue()),
            max.isEmpty() ? greatest : Math.min(greatest, new BigDecimal(max).longValue()));
    }

    private double real(Json node) throws JsonException {
        double value = node.asNumber();
        if (!min.isEmpty() && value < Double.parseDouble(min) || !max.isEmpty() && value > Double.parseDouble(max)) {
            throw node.place().problem("must be a number" + range() + ", not " + node.describe());
        }
        return value;
    }

    private static char character(Json node) throws JsonException {
        String text = node.asText();
        if (text.length() != 1) {
            throw node.place().problem("must be one character, not " + node.describe());
        }
        return text.charAt(0);
    }

    private String text(Json node) throws JsonException {
        String text = node.asText();
        if (!hasGoodLength(text)) {
            throw node.place().problem("must be a text with a length" + range() + ", not " + node.describe());
        }
        return text;
    }

    /** Says nothing about the value: the message ends up in logs. An encrypted value's length says nothing either. */
    private String secret(Json node) throws JsonException {
        if (!(node instanceof Json.Text text)) {
            throw node.place().problem("must be a text (a secret)");
        }
        if (!Secrets.isEncrypted(text.value()) && !hasGoodLength(text.value())) {
            throw node.place().problem("must be a text (a secret) with a length" + range());
        }
        return text.value();
    }

    private boolean hasGoodLength(String text) {
        return (min.isEmpty() || text.length() >= new BigDecimal(min).intValue())
            && (max.isEmpty() || text.length() <= new BigDecimal(max).intValue());
    }

    private String range() {
        if (max.isEmpty()) {
            return " of at least " + min;
        }
        return min.isEmpty() ? " of at most " + max : " from " + min + " to " + max;
    }
}
