// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.access.Caller;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.Tag;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.ClockCorrection;
import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalRecord.TagSummary;
import edge.api.message.Origin;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.ScanMessage;
import edge.api.value.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads the records of a block. Not thread-safe. */
final class Decoder {

    private final Definitions definitions = new Definitions();
    private UUID gateway;
    private UUID bootId;
    private long baseMonotonic;
    private long baseWall;
    private ClockConfidence baseConfidence;

    // Of the record at hand.
    private long monotonic;
    private Instant wall;
    private ClockConfidence confidence;

    /** What the block has defined so far. */
    Definitions definitions() {
        return definitions;
    }

    /** Reads a BLOCK behind its salt. */
    void begin(Input in) throws DamagedException {
        definitions.clear();
        gateway = null;
        bootId = null;
        int code = 0;
        while (in.more()) {
            int key = in.getVarInt();
            switch (key) {
                case Fields.BLOCK_MONOTONIC << 1 -> baseMonotonic = in.getZigZag();
                case Fields.BLOCK_WALL << 1 -> baseWall = in.getZigZag();
                case Fields.BLOCK_CONFIDENCE << 1 -> code = in.getVarInt();
                case Fields.BLOCK_GATEWAY << 1 | 1, Fields.BLOCK_BOOT << 1 | 1 -> {
                    int outer = in.enter(in.getVarInt());
                    if (key >>> 1 == Fields.BLOCK_GATEWAY) {
                        gateway = in.getUuid();
                    } else {
                        bootId = in.getUuid();
                    }
                    in.leave(outer);
                }
                default -> in.skip(key);
            }
        }
        baseConfidence = Codes.constant(Codes.CONFIDENCES, code);
        if (gateway == null || bootId == null) {
            throw new DamagedException("a block without identity");
        }
    }

    /** Reads a record behind its head. Null for a type that a newer version has. */
    JournalRecord record(int type, StreamDefinition stream, long sequence, long position, Input in) throws DamagedException {
        monotonic = baseMonotonic;
        wall = null;
        confidence = baseConfidence;
        RecordKey key = new RecordKey(gateway, stream.id(), stream.epoch(), sequence);
        try {
            return switch (type) {
                case Frames.RAW -> new JournalRecord.Stored(position, key, bootId, raw(in));
                case Frames.SCAN -> new JournalRecord.Stored(position, key, bootId, scan(stream, in));
                case Frames.GAP -> gap(position, key, in);
                case Frames.SUMMARY -> summary(position, key, in);
                case Frames.CORRECTION -> correction(position, key, in);
                default -> null;
            };
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new DamagedException(e.getMessage());
        }
    }

    /** Takes the field if it belongs to every record. */
    private boolean common(int key, Input in) throws DamagedException {
        switch (key) {
            case Fields.MONOTONIC << 1 -> monotonic = baseMonotonic + in.getZigZag();
            case Fields.WALL << 1 -> wall = Fields.instant(in.getZigZag() + baseWall + (monotonic - baseMonotonic));
            case Fields.CONFIDENCE << 1 -> confidence = Codes.constant(Codes.CONFIDENCES, in.getVarInt());
            case Fields.WALL_IN_FULL << 1 | 1 -> {
                int outer = in.enter(in.getVarInt());
                wall = inFull(in);
                in.leave(outer);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Instant inFull(Input in) throws DamagedException {
        return Instant.ofEpochSecond(in.getZigZag(), in.getVar());
    }

    private Moment moment() throws DamagedException {
        if (wall == null) {
            throw new DamagedException("a record without a time");
        }
        return new Moment(monotonic, wall, confidence);
    }

    private RawMessage raw(Input in) throws DamagedException {
        String topic = null;
        Caller caller = null;
        byte[] payload = null;
        int delivery = 0;
        String client = "";
        int packetId = 0;
        byte[] properties = Origin.INTERNAL.properties();
        while (in.more()) {
            int key = in.getVarInt();
            switch (key) {
                case Fields.TOPIC << 1 -> topic = definitions.get(in.getVarInt(), String.class);
                case Fields.CALLER << 1 -> caller = definitions.get(in.getVarInt(), Caller.class);
                case Fields.DELIVERY << 1 -> delivery = in.getVarInt();
                case Fields.CLIENT << 1 -> client = definitions.get(in.getVarInt(), String.class);
                case Fields.PACKET_ID << 1 -> packetId = in.getVarInt();
                case Fields.PROPERTIES << 1 | 1 -> properties = in.getBytes(in.getVarInt());
                case Fields.PAYLOAD << 1 | 1 -> payload = in.getBytes(in.getVarInt());
                default -> {
                    if (!common(key, in)) {
                        in.skip(key);
                    }
                }
            }
        }
        if (topic == null || caller == null || payload == null) {
            throw new DamagedException("a message without topic, caller or payload");
        }
        Origin origin = client.isEmpty() && properties.length == 0 ? Origin.INTERNAL
            : new Origin(client, packetId, properties);
        return new RawMessage(topic, payload, delivery >>> 1, (delivery & 1) != 0, moment(), caller, origin);
    }

    private ScanMessage scan(StreamDefinition stream, Input in) throws DamagedException {
        String device = stream.id().name();
        List<Reading> readings = new ArrayList<>();
        Instant before = null;
        while (in.more()) {
            int key = in.getVarInt();
            switch (key) {
                case Fields.DEVICE << 1 -> device = definitions.get(in.getVarInt(), String.class);
                case Fields.READING << 1 | 1 -> {
                    int outer = in.enter(in.getVarInt());
                    Reading reading = reading(in, before == null ? moment().wall() : before);
                    in.leave(outer);
                    readings.add(reading);
                    before = reading.sourceTime();
                }
                default -> {
                    if (!common(key, in)) {
                        in.skip(key);
                    }
                }
            }
        }
        return new ScanMessage(device, moment(), readings);
    }

    private Reading reading(Input in, Instant before) throws DamagedException {
        Tag tag = definitions.get(in.getVarInt(), Tag.class);
        int flags = in.get();
        Instant time = before;
        if ((flags & Fields.OTHER_TIME) != 0) {
            time = (flags & Fields.TIME_IN_FULL) != 0 ? inFull(in) : Fields.instant(Fields.nanos(wall) + in.getZigZag());
        }
        Quality quality = Quality.GOOD;
        if ((flags & Fields.QUALIFIED) != 0) {
            quality = definitions.get(in.getVarInt(), Quality.class);
        }
        return new Reading(tag, value(flags, in), quality, time);
    }

    private static Value value(int flags, Input in) throws DamagedException {
        return switch (flags & Fields.VALUE_KIND) {
            case Fields.FALSE -> Value.FALSE;
            case Fields.TRUE -> Value.TRUE;
            case Fields.SIGNED -> Value.signed(in.getZigZag());
            case Fields.UNSIGNED -> Value.unsigned(in.getVar());
            case Fields.REAL -> Value.real((flags & Fields.SINGLE) != 0 ? Float.intBitsToFloat(in.getInt())
                : Double.longBitsToDouble(in.getLong()));
            case Fields.TEXT_VALUE -> Value.text(in.getText());
            case Fields.BYTES_VALUE -> Value.bytes(in.getBytes(in.getVarInt()));
            default -> Value.NONE;
        };
    }

    private JournalRecord gap(long position, RecordKey key, Input in) throws DamagedException {
        long epoch = 0;
        long from = 0;
        long to = 0;
        JournalRecord.Loss reason = null;
        String detail = "";
        String uplink = "";
        boolean revoked = false;
        while (in.more()) {
            int field = in.getVarInt();
            switch (field) {
                case Fields.LOST_FROM << 1 -> from = in.getVar();
                case Fields.LOST_TO << 1 -> to = in.getVar();
                case Fields.LOST_REASON << 1 -> reason = Codes.constant(Codes.LOSSES, in.getVarInt());
                case Fields.LOST_REVOKED << 1 -> revoked = in.getVar() != 0;
                case Fields.LOST_EPOCH << 1 | 1, Fields.LOST_DETAIL << 1 | 1, Fields.LOST_UPLINK << 1 | 1 -> {
                    int outer = in.enter(in.getVarInt());
                    switch (field >>> 1) {
                        case Fields.LOST_EPOCH -> epoch = in.getLong();
                        case Fields.LOST_DETAIL -> detail = in.getText();
                        default -> uplink = in.getText();
                    }
                    in.leave(outer);
                }
                default -> {
                    if (!common(field, in)) {
                        in.skip(field);
                    }
                }
            }
        }
        if (reason == null) {
            throw new DamagedException("a gap without a reason");
        }
        return new JournalRecord.Gap(position, key, bootId, moment(), uplink, epoch, from, to, reason, detail, revoked);
    }

    private JournalRecord summary(long position, RecordKey key, Input in) throws DamagedException {
        Instant from = null;
        Instant until = null;
        List<TagSummary> tags = new ArrayList<>();
        while (in.more()) {
            int field = in.getVarInt();
            switch (field) {
                case Fields.SUMMARY_FROM << 1 | 1, Fields.SUMMARY_UNTIL << 1 | 1, Fields.SUMMARY_TAG << 1 | 1 -> {
                    int outer = in.enter(in.getVarInt());
                    switch (field >>> 1) {
                        case Fields.SUMMARY_FROM -> from = inFull(in);
                        case Fields.SUMMARY_UNTIL -> until = inFull(in);
                        default -> tags.add(tagSummary(in));
                    }
                    in.leave(outer);
                }
                default -> {
                    if (!common(field, in)) {
                        in.skip(field);
                    }
                }
            }
        }
        if (from == null || until == null) {
            throw new DamagedException("a summary without its time");
        }
        return new JournalRecord.Summary(position, key, bootId, moment(), from, until, tags);
    }

    private TagSummary tagSummary(Input in) throws DamagedException {
        Tag tag = definitions.get(in.getVarInt(), Tag.class);
        long readings = in.getVar();
        long bad = in.getVar();
        long numbers = in.getVar();
        double min = numbers > 0 ? Double.longBitsToDouble(in.getLong()) : Double.NaN;
        double max = numbers > 0 ? Double.longBitsToDouble(in.getLong()) : Double.NaN;
        double mean = numbers > 0 ? Double.longBitsToDouble(in.getLong()) : Double.NaN;
        return new TagSummary(tag, readings, bad, numbers, min, max, mean, value(in.get(), in));
    }

    private JournalRecord correction(long position, RecordKey key, Input in) throws DamagedException {
        ClockCorrection correction = null;
        while (in.more()) {
            int field = in.getVarInt();
            if (field == (Fields.CORRECTED << 1 | 1)) {
                int outer = in.enter(in.getVarInt());
                correction = Corrections.read(in);
                in.leave(outer);
            } else if (!common(field, in)) {
                in.skip(field);
            }
        }
        if (correction == null) {
            throw new DamagedException("a correction that corrects nothing");
        }
        return new JournalRecord.Correction(position, key, bootId, moment(), correction);
    }
}
