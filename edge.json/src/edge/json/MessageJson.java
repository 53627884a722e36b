// SPDX-License-Identifier: Apache-2.0
package edge.json;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.ClockCorrection;
import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord;
import edge.api.message.Message;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.ScanMessage;
import edge.api.uplink.Lane;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * Messages as JSON, for local subscribers and for the cloud. The formats are described in
 * {@code docs/reference/formats.md}; every payload names its schema.
 */
public final class MessageJson {

    public static final String SCAN_SCHEMA = "edge.scan/1";
    public static final String RAW_SCHEMA = "edge.raw/1";
    public static final String GAP_SCHEMA = "edge.gap/1";
    public static final String SUMMARY_SCHEMA = "edge.summary/1";
    public static final String CLOCK_SCHEMA = "edge.clock/1";

    private MessageJson() {
    }

    /** A scan, for local subscribers. */
    public static byte[] local(ScanMessage scan) {
        return local(scan.device(), scan.at(), scan.readings());
    }

    /** Readings of one device, for local subscribers: a scan, or the last known values. */
    public static byte[] local(String device, Moment at, List<Reading> readings) {
        return JsonWriter.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("schema", SCAN_SCHEMA);
            scanMembers(out, device, at, readings);
            out.writeEndObject();
        });
    }

    /** A record of the journal, for the cloud. */
    public static byte[] cloud(JournalRecord record, Lane lane) {
        return cloudPart(record, lane, 1, 1);
    }

    /**
     * A part of a record that is split into several messages.
     *
     * @param part from 1
     * @param parts how many the record has; 1 if it is whole
     */
    public static byte[] cloudPart(JournalRecord record, Lane lane, int part, int parts) {
        return JsonWriter.bytes(out -> {
            out.writeStartObject();
            if (parts > 1) {
                out.writeNumberField("part", part);
                out.writeNumberField("parts", parts);
            }
            if (record instanceof JournalRecord.Stored stored) {
                Message message = stored.message();
                if (message instanceof ScanMessage scan) {
                    out.writeStringField("schema", SCAN_SCHEMA);
                    keyMembers(out, record.key(), lane);
                    bootMembers(out, record, scan.at());
                    scanMembers(out, scan.device(), scan.at(), scan.readings());
                } else if (message instanceof RawMessage raw) {
                    out.writeStringField("schema", RAW_SCHEMA);
                    keyMembers(out, record.key(), lane);
                    bootMembers(out, record, raw.at());
                    rawMembers(out, raw);
                }
            } else if (record instanceof JournalRecord.Gap gap) {
                out.writeStringField("schema", GAP_SCHEMA);
                keyMembers(out, record.key(), lane);
                momentMembers(out, gap.at());
                out.writeObjectFieldStart("lost");
                out.writeStringField("epoch", RecordKey.epochText(gap.lostEpoch()));
                out.writeNumberField("from", gap.from());
                out.writeNumberField("to", gap.to());
                out.writeStringField("reason", JsonWriter.lower(gap.reason()));
                out.writeStringField("detail", gap.detail());
                if (!gap.uplink().isEmpty()) {
                    out.writeStringField("uplink", gap.uplink());
                }
                if (gap.revoked()) {
                    out.writeBooleanField("revoked", true);
                }
                out.writeEndObject();
            } else if (record instanceof JournalRecord.Summary summary) {
                out.writeStringField("schema", SUMMARY_SCHEMA);
                keyMembers(out, record.key(), lane);
                momentMembers(out, summary.at());
                summaryMembers(out, summary);
            } else if (record instanceof JournalRecord.Correction corrected) {
                out.writeStringField("schema", CLOCK_SCHEMA);
                keyMembers(out, record.key(), lane);
                momentMembers(out, corrected.at());
                correctionMembers(out, corrected.correction());
            }
            out.writeEndObject();
        });
    }

    private static void keyMembers(JsonGenerator out, RecordKey key, Lane lane) throws IOException {
        out.writeStringField("gateway", key.gateway().toString());
        out.writeStringField("stream", key.stream().label());
        out.writeStringField("epoch", RecordKey.epochText(key.epoch()));
        out.writeNumberField("sequence", key.sequence());
        out.writeStringField("lane", JsonWriter.lower(lane));
    }

    // What a receiver needs to apply a correction of the clock later.
    private static void bootMembers(JsonGenerator out, JournalRecord record, Moment at) throws IOException {
        if (at.confidence() != ClockConfidence.SYNCHRONISED) {
            out.writeStringField("boot", record.bootId().toString());
            out.writeNumberField("monotonic", at.monotonicNanos());
        }
    }

    private static void momentMembers(JsonGenerator out, Moment at) throws IOException {
        JsonWriter.time(out, "time", at.wall());
        out.writeStringField("clock", JsonWriter.lower(at.confidence()));
    }

    private static void correctionMembers(JsonGenerator out, ClockCorrection correction) throws IOException {
        out.writeObjectFieldStart("correction");
        out.writeStringField("boot", correction.bootId().toString());
        out.writeNumberField("from", correction.fromNanos());
        out.writeNumberField("until", correction.untilNanos());
        JsonWriter.time(out, "origin", correction.origin());
        out.writeStringField("clock", JsonWriter.lower(correction.confidence()));
        out.writeEndObject();
    }

    private static void scanMembers(JsonGenerator out, String device, Moment at, List<Reading> readings)
        throws IOException {
        out.writeStringField("device", device);
        momentMembers(out, at);
        out.writeObjectFieldStart("tags");
        Instant time = at.wall();
        for (Reading reading : readings) {
            out.writeObjectFieldStart(reading.tag().name());
            out.writeFieldName("value");
            JsonWriter.value(out, reading.value());
            if (!reading.tag().unit().isEmpty()) {
                out.writeStringField("unit", reading.tag().unit());
            }
            Quality quality = JsonWriter.quality(reading.value(), reading.quality());
            JsonWriter.qualityMembers(out, quality);
            if (!reading.sourceTime().equals(time)) {
                JsonWriter.time(out, "time", reading.sourceTime());
            }
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void summaryMembers(JsonGenerator out, JournalRecord.Summary summary) throws IOException {
        out.writeStringField("device", summary.key().stream().name());
        JsonWriter.time(out, "from", summary.from());
        JsonWriter.time(out, "until", summary.until());
        out.writeObjectFieldStart("tags");
        for (JournalRecord.TagSummary each : summary.tags()) {
            out.writeObjectFieldStart(each.tag().name());
            out.writeNumberField("readings", each.readings());
            if (each.bad() > 0) {
                out.writeNumberField("bad", each.bad());
            }
            if (each.numbers() > 0) {
                out.writeNumberField("numbers", each.numbers());
                number(out, "min", each.min());
                number(out, "max", each.max());
                number(out, "mean", each.mean());
            }
            out.writeFieldName("last");
            JsonWriter.value(out, each.last());
            if (!each.tag().unit().isEmpty()) {
                out.writeStringField("unit", each.tag().unit());
            }
            out.writeEndObject();
        }
        out.writeEndObject();
    }

    private static void number(JsonGenerator out, String name, double number) throws IOException {
        out.writeFieldName(name);
        JsonWriter.value(out, edge.api.value.Value.real(number));
    }

    private static void rawMembers(JsonGenerator out, RawMessage raw) throws IOException {
        momentMembers(out, raw.at());
        out.writeStringField("topic", raw.topic());
        out.writeStringField("publisher", raw.caller().name());
        byte[] payload = raw.payload();
        if (isUtf8(payload)) {
            out.writeFieldName("text");
            out.writeUTF8String(payload, 0, payload.length);
        } else {
            out.writeStringField("base64", Base64.getEncoder().encodeToString(payload));
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        int ascii = 0;
        while (ascii < bytes.length && bytes[ascii] >= 0) {
            ascii++;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, ascii, bytes.length - ascii));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
