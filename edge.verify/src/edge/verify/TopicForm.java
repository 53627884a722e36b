// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import edge.verify.Arrival.Lost;
import edge.verify.Arrival.Stream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads which record a message is from its topic, for uplinks that pass payloads on as they were published: the same template
 * as the uplink's, with its placeholders. It has to have {@code {stream}}, {@code {epoch}}, {@code {sequence}} and
 * {@code {lane}}; the gateway is what {@code {gatewayId}} says, or else {@code {gateway}}. Immutable.
 */
public final class TopicForm {

    private static final String LEVEL = "[^/]+";
    private static final Map<String, String> PLACEHOLDERS = Map.ofEntries(Map.entry("org", LEVEL), Map.entry("site", LEVEL),
        Map.entry("gateway", LEVEL), Map.entry("gatewayId", "[0-9a-f-]{36}"), Map.entry("stream", LEVEL + "/" + LEVEL),
        Map.entry("device", LEVEL), Map.entry("tag", LEVEL), Map.entry("epoch", "[0-9a-f]{16}"),
        Map.entry("sequence", "[0-9]{1,18}"), Map.entry("lane", "live|backlog|replay"), Map.entry("topic", ".+"));
    private static final List<String> NEEDED = List.of("stream", "epoch", "sequence", "lane");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");

    private final String template;
    private final Pattern pattern;

    private TopicForm(String template, Pattern pattern) {
        this.template = template;
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException if it is no template that tells which record it is; the message says why */
    public static TopicForm parse(String template) {
        StringBuilder form = new StringBuilder();
        Matcher placeholder = PLACEHOLDER.matcher(template);
        int at = 0;
        while (placeholder.find()) {
            String name = placeholder.group(1);
            String values = PLACEHOLDERS.get(name);
            if (values == null) {
                throw new IllegalArgumentException("there is no placeholder {" + name + "}");
            }
            boolean first = form.indexOf("(?<" + name + ">") < 0;
            form.append(Pattern.quote(template.substring(at, placeholder.start())))
                .append(first ? "(?<" + name + ">" + values + ")" : "\\k<" + name + ">");
            at = placeholder.end();
        }
        form.append(Pattern.quote(template.substring(at)));
        for (String name : NEEDED) {
            if (form.indexOf("(?<" + name + ">") < 0) {
                throw new IllegalArgumentException("a topic tells which record it is by {stream}, {epoch}, {sequence} and"
                    + " {lane}; '" + template + "' has no {" + name + "}");
            }
        }
        return new TopicForm(template, Pattern.compile(form.toString()));
    }

    /**
     * What a message says has arrived.
     *
     * @param payload looked at only for an entry of the loss ledger, and believed to be one only if it says itself that it is
     *     the record of its topic: whoever publishes at the gateway chooses payloads, but no sequences
     * @throws IOException if its topic is not of this form
     */
    public Arrival read(String topic, byte[] payload) throws IOException {
        Matcher matcher = pattern.matcher(topic);
        if (!matcher.matches()) {
            throw new IOException("the topic " + topic + " is not of the form " + template);
        }
        Stream stream = new Stream(gateway(matcher), matcher.group("stream"), matcher.group("epoch"));
        long sequence = Long.parseLong(matcher.group("sequence"));
        if (sequence < 1) {
            throw new IOException("the topic " + topic + " has no sequence: they begin at 1");
        }
        return new Arrival(stream, sequence, matcher.group("lane"), 1, 1, lost(payload, stream, sequence));
    }

    private String gateway(Matcher matcher) {
        if (template.contains("{gatewayId}")) {
            return matcher.group("gatewayId");
        }
        return template.contains("{gateway}") ? matcher.group("gateway") : "?";
    }

    private static Optional<Lost> lost(byte[] payload, Stream stream, long sequence) {
        try {
            List<Arrival> own = Payloads.read(payload);
            return own.stream().filter(one -> own.size() == 1 && one.sequence() == sequence
                && one.stream().name().equals(stream.name()) && one.stream().epoch().equals(stream.epoch()))
                .findFirst().flatMap(Arrival::lost);
        } catch (IOException e) {
            // Mostly it is none: a third party's payload.
            return Optional.empty();
        }
    }
}
