// SPDX-License-Identifier: Apache-2.0
package edge.web.stream;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.device.DeviceState;
import edge.api.device.LinkState;
import edge.api.device.ScanStatistics;
import edge.api.gateway.Moment;
import edge.api.journal.JournalStatus;
import edge.api.message.BrokerStatus;
import edge.api.uplink.UplinkStatus;
import edge.json.JsonWriter;
import edge.web.parts.BundleJson;
import edge.web.parts.DeviceSummary;
import edge.web.parts.GatewayJson;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The gateway as all clients of the stream see it, taken once a second for all of them together. One thread. */
final class Picture {
    private static final int EVENTS = 30;

    private final Parts parts;
    private final Rate readings = new Rate();
    private final Rate scans = new Rate();
    private final Rate appended = new Rate();
    private final Rate messagesIn = new Rate();
    private final Rate messagesOut = new Rate();
    private final Rate delivered = new Rate();
    private Map<String, byte[]> topics = Map.of();
    private Map<String, DeviceSummary> devices = Map.of();

    Picture(Parts parts) {
        this.parts = parts;
    }

    /** What is sent whole whenever it differs from what a client has: JSON by name of the event. */
    Map<String, byte[]> topics() {
        return topics;
    }

    Map<String, DeviceSummary> devices() {
        return devices;
    }

    /** Looks anew. */
    void take() {
        Map<String, byte[]> fresh = new LinkedHashMap<>();
        List<DeviceState> states = parts.find(Part.TAGS).map(table -> table.devices()).orElse(List.of());
        Map<String, DeviceSummary> summaries = new LinkedHashMap<>();
        for (DeviceState state : states) {
            summaries.put(state.info().name(), DeviceSummary.of(state));
        }
        devices = summaries;
        fresh.put("gateway", JsonWriter.bytes(this::gateway));
        fresh.put("flow", JsonWriter.bytes(out -> flow(out, states)));
        parts.find(Part.HEALTH).ifPresent(health ->
            fresh.put("health", JsonWriter.bytes(out -> GatewayJson.health(out, health.parts()))));
        parts.find(Part.UPLINKS).ifPresent(uplinks ->
            fresh.put("uplinks", list(uplinks.list(), GatewayJson::uplink)));
        parts.find(Part.DEPLOYER).ifPresent(deployer ->
            fresh.put("bundles", list(deployer.bundles(), BundleJson::bundle)));
        parts.find(Part.EVENTS).ifPresent(events ->
            fresh.put("events", list(events.recent(EVENTS), GatewayJson::event)));
        topics = fresh;
    }

    @FunctionalInterface
    private interface Writer<T> {
        void write(JsonGenerator out, T item) throws IOException;
    }

    private static <T> byte[] list(List<T> items, Writer<T> writer) {
        return JsonWriter.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (T item : items) {
                writer.write(out, item);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private void gateway(JsonGenerator out) throws IOException {
        out.writeStartObject();
        GatewayJson.labels(out, parts.gateway());
        out.writeStringField("version", parts.gateway().version());
        JsonWriter.time(out, "startedAt", parts.gateway().startedAt());
        out.writeArrayFieldStart("missing");
        for (String missing : missing()) {
            out.writeString(missing);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (Part<?> part : List.of(Part.TAGS, Part.BROKER, Part.JOURNAL, Part.UPLINKS, Part.CONFIGURATIONS,
            Part.DEPLOYER, Part.HEALTH)) {
            if (parts.find(part).isEmpty()) {
                missing.add(part.what());
            }
        }
        return missing;
    }

    private void flow(JsonGenerator out, List<DeviceState> states) throws IOException {
        long now = System.nanoTime();
        Optional<Moment> moment = parts.find(Part.CLOCK).map(clock -> clock.now());
        out.writeStartObject();
        JsonWriter.time(out, "time", moment.map(Moment::wall).orElseGet(Instant::now));
        out.writeStringField("clock", moment.map(at -> JsonWriter.lower(at.confidence())).orElse("unset"));
        long scanned = 0;
        long completed = 0;
        long overruns = 0;
        int connected = 0;
        int tags = 0;
        for (DeviceState state : states) {
            connected += state.link().phase() == LinkState.Phase.CONNECTED ? 1 : 0;
            tags += state.tags().size();
            for (ScanStatistics scan : state.scans()) {
                scanned += scan.completed() * scan.tags();
                completed += scan.completed();
                overruns += scan.overruns();
            }
        }
        out.writeObjectFieldStart("devices");
        out.writeNumberField("total", states.size());
        out.writeNumberField("connected", connected);
        out.writeNumberField("tags", tags);
        out.writeEndObject();
        out.writeObjectFieldStart("scan");
        out.writeNumberField("perSecond", readings.of(scanned, now));
        out.writeNumberField("scansPerSecond", scans.of(completed, now));
        out.writeNumberField("overruns", overruns);
        out.writeEndObject();
        Optional<BrokerStatus> broker = parts.find(Part.BROKER).map(info -> info.status());
        if (broker.isPresent()) {
            broker(out, broker.get(), now);
        }
        Optional<JournalStatus> journal = parts.find(Part.JOURNAL).map(log -> log.status());
        if (journal.isPresent()) {
            out.writeObjectFieldStart("journal");
            out.writeNumberField("perSecond", appended.of(journal.get().appended(), now));
            out.writeNumberField("bytes", journal.get().bytes());
            out.writeNumberField("quota", journal.get().quota());
            out.writeNumberField("refused", journal.get().refused());
            out.writeStringField("error", journal.get().lastError());
            out.writeEndObject();
        }
        List<UplinkStatus> uplinks = parts.find(Part.UPLINKS).map(all -> all.list()).orElse(List.of());
        out.writeObjectFieldStart("uplinks");
        out.writeNumberField("perSecond", delivered.of(uplinks.stream().mapToLong(UplinkStatus::delivered).sum(), now));
        out.writeNumberField("backlog", uplinks.stream().mapToLong(uplink -> uplink.backlog().records()).sum());
        out.writeEndObject();
        out.writeEndObject();
    }

    private void broker(JsonGenerator out, BrokerStatus broker, long now) throws IOException {
        out.writeObjectFieldStart("broker");
        out.writeBooleanField("listening", broker.listeners().stream().allMatch(BrokerStatus.Listener::listening));
        out.writeStringField("problem", broker.listeners().stream().map(BrokerStatus.Listener::problem)
            .filter(problem -> !problem.isEmpty()).findFirst().orElse(""));
        out.writeNumberField("clients", broker.clients().size());
        out.writeNumberField("inPerSecond", messagesIn.of(broker.messagesIn(), now));
        out.writeNumberField("outPerSecond", messagesOut.of(broker.messagesOut(), now));
        out.writeEndObject();
    }
}
