// SPDX-License-Identifier: Apache-2.0
package edge.web.parts;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.device.DeviceFact;
import edge.api.device.DeviceState;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ScanStatistics;
import edge.api.device.Tag;
import edge.api.device.TagState;
import edge.json.JsonWriter;
import java.io.IOException;

/** Devices and tags as JSON. */
public final class DeviceJson {

    private DeviceJson() {
    }

    /** A device without its tags. */
    public static void summary(JsonGenerator out, DeviceState device) throws IOException {
        out.writeStartObject();
        summaryMembers(out, DeviceSummary.of(device));
        out.writeEndObject();
    }

    /** The same, from a summary. */
    public static void summary(JsonGenerator out, DeviceSummary summary) throws IOException {
        out.writeStartObject();
        summaryMembers(out, summary);
        out.writeEndObject();
    }

    private static void summaryMembers(JsonGenerator out, DeviceSummary device) throws IOException {
        out.writeStringField("name", device.info().name());
        out.writeStringField("driver", device.info().driver());
        out.writeStringField("address", device.info().address());
        if (!device.info().description().isEmpty()) {
            out.writeStringField("description", device.info().description());
        }
        out.writeObjectFieldStart("link");
        out.writeStringField("phase", JsonWriter.lower(device.link().phase()));
        JsonWriter.time(out, "since", device.link().since());
        if (!device.link().detail().isEmpty()) {
            out.writeStringField("detail", device.link().detail());
        }
        out.writeEndObject();
        out.writeObjectFieldStart("tags");
        out.writeNumberField("total", device.tags());
        out.writeNumberField("uncertain", device.uncertain());
        out.writeNumberField("bad", device.bad());
        out.writeEndObject();
        out.writeNumberField("overruns", device.overruns());
    }

    /** A device with its tags and its scans. */
    public static void whole(JsonGenerator out, DeviceState device) throws IOException {
        out.writeStartObject();
        summaryMembers(out, DeviceSummary.of(device));
        out.writeArrayFieldStart("scans");
        for (ScanStatistics scan : device.scans()) {
            out.writeStartObject();
            out.writeNumberField("periodMillis", scan.period().toMillis());
            out.writeNumberField("tags", scan.tags());
            out.writeNumberField("completed", scan.completed());
            out.writeNumberField("overruns", scan.overruns());
            out.writeNumberField("lastMicros", scan.last().toNanos() / 1000);
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("facts");
        for (DeviceFact fact : device.facts()) {
            out.writeStartObject();
            out.writeStringField("name", fact.name());
            out.writeFieldName("value");
            JsonWriter.value(out, fact.value());
            if (!fact.unit().isEmpty()) {
                out.writeStringField("unit", fact.unit());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("items");
        for (TagState tag : device.tags()) {
            tag(out, tag);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    /** A tag with what it is and what it holds. */
    public static void tag(JsonGenerator out, TagState state) throws IOException {
        Tag tag = state.reading().tag();
        out.writeStartObject();
        out.writeStringField("name", tag.name());
        out.writeStringField("device", state.device());
        out.writeStringField("type", tag.type().label());
        if (!tag.unit().isEmpty()) {
            out.writeStringField("unit", tag.unit());
        }
        if (!tag.description().isEmpty()) {
            out.writeStringField("description", tag.description());
        }
        out.writeStringField("access", JsonWriter.lower(tag.access()));
        out.writeNumberField("periodMillis", tag.period().toMillis());
        valueMembers(out, state);
        out.writeEndObject();
    }

    /** Only what changes. */
    public static void value(JsonGenerator out, TagState state) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", state.reading().tag().name());
        valueMembers(out, state);
        out.writeEndObject();
    }

    private static void valueMembers(JsonGenerator out, TagState state) throws IOException {
        Reading reading = state.reading();
        out.writeFieldName("value");
        JsonWriter.value(out, reading.value());
        Quality quality = JsonWriter.quality(reading.value(), reading.quality());
        JsonWriter.qualityMembers(out, quality);
        JsonWriter.time(out, "time", reading.sourceTime());
        if (!quality.isGood() && state.lastGood() != reading) {
            out.writeObjectFieldStart("lastGood");
            out.writeFieldName("value");
            JsonWriter.value(out, state.lastGood().value());
            JsonWriter.time(out, "time", state.lastGood().sourceTime());
            out.writeEndObject();
        }
    }
}
