// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import edge.api.gateway.Gateway;
import edge.api.message.StreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A topic with placeholders: {@code {org}}, {@code {site}}, {@code {gateway}} (the labels), {@code {gatewayId}},
 * {@code {stream}} (two levels: {@code device/boiler-1}) and {@code {device}} (the name alone: {@code boiler-1}; for an
 * ingest stream the rule's name). Not safe for several threads.
 */
final class TopicTemplate {

    /** What can be filled in. */
    enum Placeholder {
        ORG("org"), SITE("site"), GATEWAY("gateway"), GATEWAY_ID("gatewayId"), STREAM("stream"), DEVICE("device");

        private final String text;

        Placeholder(String text) {
            this.text = text;
        }

        static Optional<Placeholder> of(String text) {
            for (Placeholder placeholder : values()) {
                if (placeholder.text.equals(text)) {
                    return Optional.of(placeholder);
                }
            }
            return Optional.empty();
        }
    }

    /** A placeholder, or text if there is none. */
    private record Part(Optional<Placeholder> placeholder, String text) {
    }

    private static final int MAX_LENGTH = 1024;

    private final List<Part> parts;
    private final UUID gatewayId;
    private final Map<StreamId, String> topics = new HashMap<>();
    private Gateway.Labels labels;

    private TopicTemplate(List<Part> parts, UUID gatewayId) {
        this.parts = parts;
        this.gatewayId = gatewayId;
    }

    /**
     * @throws IllegalArgumentException if it is no topic, or has a placeholder that there is not; the message says which
     */
    static TopicTemplate parse(String template, UUID gatewayId) {
        if (template.isEmpty() || template.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a topic has 1 to " + MAX_LENGTH + " characters");
        }
        List<Part> parts = new ArrayList<>();
        int at = 0;
        while (at < template.length()) {
            int open = template.indexOf('{', at);
            int end = open < 0 ? template.length() : open;
            if (end > at) {
                parts.add(new Part(Optional.empty(), checked(template.substring(at, end))));
            }
            at = end;
            if (open >= 0) {
                int close = template.indexOf('}', open);
                if (close < 0) {
                    throw new IllegalArgumentException("the { of '" + template.substring(open) + "' is never closed");
                }
                parts.add(new Part(Optional.of(placeholder(template.substring(open + 1, close))), ""));
                at = close + 1;
            }
        }
        return new TopicTemplate(List.copyOf(parts), gatewayId);
    }

    private static Placeholder placeholder(String text) {
        return Placeholder.of(text).orElseThrow(() -> new IllegalArgumentException(
            "there is no placeholder {" + text + "}; there are {org}, {site}, {gateway}, {gatewayId}, {stream}, {device}"));
    }

    private static String checked(String text) {
        for (char c : text.toCharArray()) {
            if (c == '+' || c == '#') {
                throw new IllegalArgumentException("a topic to publish to must not contain the wildcard " + c);
            } else if (c == '}') {
                throw new IllegalArgumentException("there is a } without its {");
            } else if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "a topic must not contain the character U+%04X", (int) c));
            }
        }
        return text;
    }

    /** The topic of a stream, with the labels as they are now. */
    String topic(StreamId stream, Gateway.Labels now) {
        if (!now.equals(labels)) {
            labels = now;
            topics.clear();
        }
        return topics.computeIfAbsent(stream, this::fill);
    }

    private String fill(StreamId stream) {
        StringBuilder topic = new StringBuilder();
        for (Part part : parts) {
            topic.append(part.placeholder().map(placeholder -> switch (placeholder) {
                case ORG -> labels.org();
                case SITE -> labels.site();
                case GATEWAY -> labels.gateway();
                case GATEWAY_ID -> gatewayId.toString();
                case STREAM -> stream.label();
                case DEVICE -> stream.name();
            }).orElse(part.text()));
        }
        return topic.toString();
    }
}
