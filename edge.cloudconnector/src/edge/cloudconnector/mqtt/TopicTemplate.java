// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import edge.api.gateway.Gateway;
import edge.api.journal.JournalRecord;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.api.uplink.OutboundMessage;
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
 * ingest stream the rule's name), and those of one message: {@code {tag}} ({@code _} if it is about a whole record),
 * {@code {epoch}}, {@code {sequence}}, {@code {lane}} and {@code {topic}} (the local topic; the stream's name where there is
 * none). Not safe for several threads.
 */
final class TopicTemplate {

    /** What can be filled in. */
    enum Placeholder {
        ORG("org"), SITE("site"), GATEWAY("gateway"), GATEWAY_ID("gatewayId"), STREAM("stream"), DEVICE("device"),
        TAG("tag"), EPOCH("epoch"), SEQUENCE("sequence"), LANE("lane"), TOPIC("topic");

        private final String text;

        Placeholder(String text) {
            this.text = text;
        }

        /** Whether it differs between messages of a stream. */
        boolean isOfMessage() {
            return ordinal() >= TAG.ordinal();
        }

        static Optional<Placeholder> of(String text) {
            for (Placeholder placeholder : values()) {
                if (placeholder.text.equals(text)) {
                    return Optional.of(placeholder);
                }
            }
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "{" + text + "}";
        }
    }

    /** A placeholder, or text if there is none. */
    private record Part(Optional<Placeholder> placeholder, String text) {
    }

    private static final int MAX_LENGTH = 1024;

    private final List<Part> parts;
    private final UUID gatewayId;
    private final boolean ofMessage;
    private final Map<StreamId, String> topics = new HashMap<>();
    private Gateway.Labels labels;

    private TopicTemplate(List<Part> parts, UUID gatewayId) {
        this.parts = parts;
        this.gatewayId = gatewayId;
        this.ofMessage = parts.stream().anyMatch(part -> part.placeholder().filter(Placeholder::isOfMessage).isPresent());
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
        return Placeholder.of(text).orElseThrow(() -> new IllegalArgumentException("there is no placeholder {" + text
            + "}; there are " + String.join(", ", List.of(Placeholder.values()).stream().map(Placeholder::toString).toList())));
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

    /** Whether it tells of a record which one it is, so that its payload need not. */
    boolean identifies() {
        List<Placeholder> there = parts.stream().flatMap(part -> part.placeholder().stream()).toList();
        return there.contains(Placeholder.EPOCH) && there.contains(Placeholder.SEQUENCE)
            && there.contains(Placeholder.LANE) && there.contains(Placeholder.STREAM);
    }

    /** Whether it is the same for all messages of the gateway. */
    boolean isOfGateway() {
        return parts.stream().flatMap(part -> part.placeholder().stream())
            .noneMatch(placeholder -> placeholder.ordinal() >= Placeholder.STREAM.ordinal());
    }

    /** The topic of a message, with the labels as they are now. */
    String topic(OutboundMessage message, Gateway.Labels now) {
        if (!now.equals(labels)) {
            labels = now;
            topics.clear();
        }
        StreamId stream = message.record().key().stream();
        return ofMessage ? fill(stream, message) : topics.computeIfAbsent(stream, key -> fill(key, message));
    }

    /** The topic of the gateway; only if {@link #isOfGateway()}. */
    String topic(Gateway.Labels now) {
        labels = now;
        return fill(null, null);
    }

    private String fill(StreamId stream, OutboundMessage message) {
        StringBuilder topic = new StringBuilder();
        for (Part part : parts) {
            topic.append(part.placeholder().map(placeholder -> switch (placeholder) {
                case ORG -> labels.org();
                case SITE -> labels.site();
                case GATEWAY -> labels.gateway();
                case GATEWAY_ID -> gatewayId.toString();
                case STREAM -> stream.label();
                case DEVICE -> stream.name();
                case TAG -> message.tag().isEmpty() ? "_" : message.tag();
                case EPOCH -> RecordKey.epochText(message.record().key().epoch());
                case SEQUENCE -> Long.toString(message.record().key().sequence());
                case LANE -> message.lane().name().toLowerCase(Locale.ROOT);
                case TOPIC -> message.record() instanceof JournalRecord.Stored stored ? stored.message().topic()
                    : stream.label();
            }).orElse(part.text()));
        }
        return topic.toString();
    }
}
