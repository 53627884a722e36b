// SPDX-License-Identifier: Apache-2.0
package edge.web.parts;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.gateway.Gateway;
import edge.api.gateway.Moment;
import edge.api.health.Events.Event;
import edge.api.health.GatewayHealth;
import edge.api.health.HealthReport;
import edge.api.health.LogBook;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalStatus;
import edge.api.message.BrokerStatus;
import edge.api.message.RecordKey;
import edge.api.uplink.UplinkStatus;
import edge.json.JsonWriter;
import edge.web.parts.Parts.Part;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The gateway, its health and the parts behind the scan engine as JSON. */
public final class GatewayJson {

    private GatewayJson() {
    }

    public static void gateway(JsonGenerator out, Parts parts) throws IOException {
        Gateway gateway = parts.gateway();
        out.writeStartObject();
        out.writeStringField("id", gateway.id().toString());
        labels(out, gateway);
        out.writeStringField("version", gateway.version());
        out.writeStringField("java", Runtime.version().toString());
        out.writeStringField("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
            + System.getProperty("os.arch"));
        JsonWriter.time(out, "startedAt", gateway.startedAt());
        out.writeFieldName("clock");
        clock(out, parts);
        out.writeEndObject();
    }

    /** Writes {@code "labels"}. */
    public static void labels(JsonGenerator out, Gateway gateway) throws IOException {
        out.writeObjectFieldStart("labels");
        out.writeStringField("org", gateway.labels().org());
        out.writeStringField("site", gateway.labels().site());
        out.writeStringField("gateway", gateway.labels().gateway());
        out.writeEndObject();
    }

    /** The clock, or null if there is none. */
    public static void clock(JsonGenerator out, Parts parts) throws IOException {
        Optional<Moment> now = parts.find(Part.CLOCK).map(clock -> clock.now());
        if (now.isEmpty()) {
            out.writeNull();
            return;
        }
        out.writeStartObject();
        JsonWriter.time(out, "time", now.get().wall());
        out.writeStringField("confidence", JsonWriter.lower(now.get().confidence()));
        out.writeEndObject();
    }

    /** The word for the whole and every part. */
    public static void health(JsonGenerator out, List<GatewayHealth.Part> all) throws IOException {
        out.writeStartObject();
        out.writeStringField("status", all.isEmpty() ? "ok" : JsonWriter.lower(all.get(0).report().status()));
        out.writeArrayFieldStart("items");
        for (GatewayHealth.Part part : all) {
            HealthReport report = part.report();
            out.writeStartObject();
            out.writeStringField("subject", part.subject());
            out.writeStringField("status", JsonWriter.lower(report.status()));
            JsonWriter.time(out, "since", report.since());
            text(out, "reason", report.reason());
            text(out, "remedy", report.remedy());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    public static void event(JsonGenerator out, Event event) throws IOException {
        out.writeStartObject();
        JsonWriter.time(out, "time", event.time());
        out.writeStringField("level", JsonWriter.lower(event.level()));
        out.writeStringField("subject", event.subject());
        out.writeStringField("text", event.text());
        out.writeEndObject();
    }

    public static void line(JsonGenerator out, LogBook.Line line) throws IOException {
        out.writeStartObject();
        out.writeNumberField("number", line.number());
        JsonWriter.time(out, "time", line.time());
        out.writeStringField("level", JsonWriter.lower(line.level()));
        out.writeStringField("logger", line.logger());
        out.writeStringField("text", line.text());
        text(out, "trace", line.trace());
        out.writeEndObject();
    }

    public static void uplink(JsonGenerator out, UplinkStatus uplink) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", uplink.name());
        out.writeStringField("address", uplink.address());
        out.writeStringField("phase", JsonWriter.lower(uplink.phase()));
        JsonWriter.time(out, "since", uplink.since());
        text(out, "detail", uplink.detail());
        out.writeObjectFieldStart("backlog");
        out.writeNumberField("records", uplink.backlog().records());
        out.writeNumberField("bytes", uplink.backlog().bytes());
        out.writeNumberField("historical", uplink.historical().records());
        out.writeEndObject();
        out.writeNumberField("inFlight", uplink.inFlight());
        out.writeNumberField("delivered", uplink.delivered());
        out.writeNumberField("rejected", uplink.rejected());
        out.writeNumberField("deadLetters", uplink.deadLetters());
        JsonWriter.time(out, "lastDelivery", uplink.lastDelivery());
        JsonWriter.time(out, "lastProbe", uplink.lastProbe());
        out.writeObjectFieldStart("traffic");
        out.writeNumberField("today", uplink.traffic().today());
        out.writeNumberField("forecast", uplink.traffic().forecast());
        if (uplink.traffic().budget() > 0) {
            out.writeNumberField("budget", uplink.traffic().budget());
        }
        out.writeEndObject();
        if (uplink.replay().isPresent()) {
            out.writeObjectFieldStart("replay");
            JsonWriter.time(out, "from", uplink.replay().get().from());
            JsonWriter.time(out, "until", uplink.replay().get().until());
            out.writeNumberField("sent", uplink.replay().get().sent());
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    public static void journal(JsonGenerator out, JournalStatus journal) throws IOException {
        out.writeStartObject();
        out.writeNumberField("bytes", journal.bytes());
        out.writeNumberField("quota", journal.quota());
        out.writeNumberField("segments", journal.segments());
        out.writeNumberField("appended", journal.appended());
        out.writeNumberField("refused", journal.refused());
        out.writeNumberField("syncs", journal.syncs());
        text(out, "lastError", journal.lastError());
        out.writeStringField("policy", journal.policy());
        out.writeArrayFieldStart("streams");
        for (JournalStatus.Stream stream : journal.streams()) {
            out.writeStartObject();
            out.writeStringField("stream", stream.id().label());
            out.writeStringField("epoch", RecordKey.epochText(stream.epoch()));
            out.writeNumberField("lastSequence", stream.lastSequence());
            out.writeNumberField("bytes", stream.bytes());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeObjectFieldStart("lost");
        for (Map.Entry<JournalRecord.Loss, Long> lost : new TreeMap<>(journal.lost()).entrySet()) {
            out.writeNumberField(JsonWriter.lower(lost.getKey()), lost.getValue());
        }
        out.writeEndObject();
        out.writeStringField("lastStop", JsonWriter.lower(journal.lastStop()));
        out.writeEndObject();
    }

    public static void broker(JsonGenerator out, BrokerStatus broker) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("listeners");
        for (BrokerStatus.Listener listener : broker.listeners()) {
            out.writeStartObject();
            out.writeStringField("address", listener.address());
            out.writeBooleanField("listening", listener.listening());
            text(out, "problem", listener.problem());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("clients");
        for (BrokerStatus.Client client : broker.clients()) {
            out.writeStartObject();
            out.writeStringField("id", client.id());
            out.writeStringField("user", client.user());
            out.writeStringField("address", client.address());
            JsonWriter.time(out, "since", client.since());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeNumberField("sessions", broker.sessions());
        out.writeNumberField("messagesIn", broker.messagesIn());
        out.writeNumberField("messagesOut", broker.messagesOut());
        out.writeNumberField("connectionsRefused", broker.connectionsRefused());
        out.writeNumberField("publishesRefused", broker.publishesRefused());
        out.writeNumberField("dropped", broker.dropped());
        out.writeEndObject();
    }

    static void text(JsonGenerator out, String name, String text) throws IOException {
        if (!text.isEmpty()) {
            out.writeStringField(name, text);
        }
    }
}
