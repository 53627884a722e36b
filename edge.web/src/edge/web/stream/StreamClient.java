// SPDX-License-Identifier: Apache-2.0
package edge.web.stream;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.device.DeviceState;
import edge.api.device.Reading;
import edge.api.device.TagState;
import edge.api.health.LogBook;
import edge.json.JsonWriter;
import edge.web.http.Feed;
import edge.web.http.Session;
import edge.web.parts.DeviceJson;
import edge.web.parts.DeviceSummary;
import edge.web.parts.GatewayJson;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One client of the stream and what it has been told. Used by the ticking thread only. */
final class StreamClient {
    private static final long HEARTBEAT_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();
    /** A machine's secret is looked at anew this often. */
    private static final long MACHINE_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int LINES = 500;

    private final Parts parts;
    private final Feed.Sink sink;
    private final Optional<Session> session;
    private final List<String> watched;
    private final Optional<LogBook.Level> level;
    private final String run;
    private final long openedNanos = System.nanoTime();
    private final Map<String, byte[]> told = new HashMap<>();
    private final Map<String, DeviceSummary> toldDevices = new HashMap<>();
    private final Map<String, Map<String, Reading>> toldTags = new HashMap<>();
    private long seenLine;
    private long wroteNanos = openedNanos;
    private boolean begun;

    StreamClient(Parts parts, Feed.Sink sink, Optional<Session> session, List<String> watched,
        Optional<LogBook.Level> level, String run, long seenLine) {
        this.parts = parts;
        this.sink = sink;
        this.session = session;
        this.watched = watched;
        this.level = level;
        this.run = run;
        this.seenLine = seenLine;
    }

    Optional<Session> session() {
        return session;
    }

    boolean isOpen() {
        return sink.isOpen();
    }

    boolean isTooOld() {
        return session.isEmpty() && System.nanoTime() - openedNanos > MACHINE_NANOS;
    }

    /** Says that the session is over, and ends. */
    void end() {
        if (sink.isReady()) {
            sink.write("event: ended\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8));
        }
        sink.close();
    }

    void abort(String why) {
        sink.abort(why);
    }

    /** @param fresh whether the picture was taken anew for this tick */
    void tick(Picture picture, boolean fresh) {
        long now = System.nanoTime();
        if (!sink.isReady()) {
            if (now - wroteNanos > PATIENCE_NANOS) {
                sink.abort("the client takes nothing");
            }
            return;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean first = !begun;
        if (first) {
            begun = true;
            out.writeBytes("retry: 2000\n\n".getBytes(StandardCharsets.UTF_8));
        }
        if (fresh || first) {
            topics(out, picture);
            devices(out, picture);
        }
        for (String device : watched) {
            tags(out, device);
        }
        level.ifPresent(atLeast -> log(out, atLeast));
        if (out.size() == 0 && now - wroteNanos > HEARTBEAT_NANOS) {
            out.writeBytes(":\n\n".getBytes(StandardCharsets.UTF_8));
        }
        if (out.size() > 0) {
            wroteNanos = now;
            sink.write(out.toByteArray());
        }
    }

    private void topics(ByteArrayOutputStream out, Picture picture) {
        picture.topics().forEach((topic, json) -> {
            if (!Arrays.equals(json, told.get(topic))) {
                told.put(topic, json);
                event(out, topic, json);
            }
        });
    }

    private void devices(ByteArrayOutputStream out, Picture picture) {
        List<DeviceSummary> changed = new ArrayList<>();
        picture.devices().forEach((name, summary) -> {
            if (!summary.equals(toldDevices.get(name))) {
                changed.add(summary);
            }
        });
        List<String> gone = toldDevices.keySet().stream().filter(name -> !picture.devices().containsKey(name)).toList();
        if (changed.isEmpty() && gone.isEmpty() && told.containsKey("devices")) {
            return;
        }
        told.put("devices", new byte[0]);
        changed.forEach(summary -> toldDevices.put(summary.info().name(), summary));
        gone.forEach(toldDevices::remove);
        event(out, "devices", JsonWriter.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("items");
            for (DeviceSummary summary : changed) {
                DeviceJson.summary(json, summary);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("gone");
            for (String name : gone) {
                json.writeString(name);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    private void tags(ByteArrayOutputStream out, String name) {
        Optional<DeviceState> device = parts.find(Part.TAGS).flatMap(table -> table.device(name));
        Map<String, Reading> before = toldTags.get(name);
        if (device.isEmpty()) {
            toldTags.remove(name);
            return;
        }
        // A device that came back with other tags is told whole, like one that is told for the first time.
        boolean whole = before == null || before.size() != device.get().tags().size()
            || !device.get().tags().stream().allMatch(tag -> isKnown(before, tag));
        Map<String, Reading> now = whole ? new HashMap<>() : before;
        List<TagState> changed = new ArrayList<>();
        for (TagState tag : device.get().tags()) {
            if (now.put(tag.reading().tag().name(), tag.reading()) != tag.reading()) {
                changed.add(tag);
            }
        }
        toldTags.put(name, now);
        if (whole) {
            event(out, "device", JsonWriter.bytes(json -> DeviceJson.whole(json, device.get())));
        } else if (!changed.isEmpty()) {
            event(out, "tags", JsonWriter.bytes(json -> changes(json, name, changed)));
        }
    }

    private static boolean isKnown(Map<String, Reading> before, TagState tag) {
        Reading known = before.get(tag.reading().tag().name());
        return known != null && known.tag().equals(tag.reading().tag());
    }

    private static void changes(JsonGenerator json, String device, List<TagState> changed) throws IOException {
        json.writeStartObject();
        json.writeStringField("device", device);
        json.writeArrayFieldStart("items");
        for (TagState tag : changed) {
            DeviceJson.value(json, tag);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void log(ByteArrayOutputStream out, LogBook.Level atLeast) {
        List<LogBook.Line> lines = parts.find(Part.LOG).map(book -> book.lines(seenLine, atLeast, LINES)).orElse(List.of());
        if (lines.isEmpty()) {
            return;
        }
        seenLine = lines.get(lines.size() - 1).number();
        out.writeBytes(("id: " + run + "-" + seenLine + "\n").getBytes(StandardCharsets.UTF_8));
        event(out, "log", JsonWriter.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("items");
            for (LogBook.Line line : lines) {
                GatewayJson.line(json, line);
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }

    /** JSON as it is written here holds no line break, so that one data line is enough. */
    private static void event(ByteArrayOutputStream out, String name, byte[] json) {
        out.writeBytes(("event: " + name + "\ndata: ").getBytes(StandardCharsets.UTF_8));
        out.writeBytes(json);
        out.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
    }
}
