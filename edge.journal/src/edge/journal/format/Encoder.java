// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord.TagSummary;
import edge.api.message.Message;
import edge.api.message.Origin;
import edge.api.message.RawMessage;
import edge.api.message.ScanMessage;
import edge.api.value.Value;
import java.time.Instant;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Writes the blocks of one segment into an output that its owner empties from time to time. Not thread-safe. */
public final class Encoder {

    private static final int DEFINITIONS_HEAD = 16;

    private final Output out;
    private final long segment;
    private final long salt;
    private final UUID gateway;
    private final UUID bootId;
    private final Dictionary dictionary = new Dictionary();
    private final Output reading = new Output(64);
    private final CRC32C crc = new CRC32C();

    /** Offset in the segment of the output's first byte. */
    private long base;
    private Object block;
    private long blockOffset;
    private int mask;
    private long baseMonotonic;
    private long baseWall;
    private ClockConfidence baseConfidence;

    public Encoder(Output out, long base, long segment, long salt, UUID gateway, UUID bootId) {
        this.out = out;
        this.base = base;
        this.segment = segment;
        this.salt = salt;
        this.gateway = gateway;
        this.bootId = bootId;
    }

    /** Where the next frame goes. */
    public long offset() {
        return base + out.size();
    }

    /** Where the present block begins. */
    public long blockOffset() {
        return blockOffset;
    }

    /** The output's bytes are in the file: starts it again. */
    public void written() {
        base += out.size();
        out.cut(0);
    }

    /**
     * Appends a record, and before it what it needs.
     *
     * @param maximum most bytes that its definitions and its body may have
     * @return the record's offset in the segment, or -1 if it is too large: then nothing was appended
     */
    public long append(StreamSlot stream, long sequence, Message message, int maximum) {
        return append(stream, sequence, message, null, maximum);
    }

    /** Appends what the journal itself has to say. */
    public long append(StreamSlot stream, long sequence, Entry entry) {
        return append(stream, sequence, null, entry, Frames.MAX_BODY);
    }

    private long append(StreamSlot stream, long sequence, Message message, Entry entry, int maximum) {
        int before = out.size();
        boolean done = false;
        try {
            Moment at = message == null ? entry.at() : message.at();
            if (block == null || offset() - blockOffset >= Frames.BLOCK_SIZE) {
                beginBlock(at);
            }
            int start = out.skip(Frames.HEAD);
            if (message instanceof RawMessage raw) {
                head(Frames.RAW, stream, sequence, at);
                raw(raw);
            } else if (message instanceof ScanMessage scan) {
                head(Frames.SCAN, stream, sequence, at);
                scan(stream, scan);
            } else if (entry instanceof Entry.Lost lost) {
                head(Frames.GAP, stream, sequence, at);
                gap(lost);
            } else if (entry instanceof Entry.Summary summary) {
                head(Frames.SUMMARY, stream, sequence, at);
                summary(summary);
            } else {
                head(Frames.CORRECTION, stream, sequence, at);
                reading.cut(0);
                Corrections.write(reading, ((Entry.Correction) entry).correction());
                out.field(Fields.CORRECTED, reading);
            }
            if (out.size() - start - Frames.HEAD + dictionary.added() > maximum) {
                return -1;
            }
            if (dictionary.added() > 0) {
                start += define(start);
            }
            Frames.close(out, start, mask, crc);
            done = true;
            return base + start;
        } finally {
            if (!done) {
                out.cut(before);
                block = null;
            }
        }
    }

    private void beginBlock(Moment at) {
        blockOffset = offset();
        block = new Object();
        mask = Frames.blockMask(salt, blockOffset);
        dictionary.clear();
        baseMonotonic = at.monotonicNanos();
        baseWall = Fields.isNear(at.wall()) ? Fields.nanos(at.wall()) : 0;
        baseConfidence = at.confidence();
        int start = out.skip(Frames.HEAD);
        out.put(Frames.BLOCK).putLong(Frames.BLOCK_MARK).putLong(salt);
        out.field(Fields.BLOCK_GATEWAY, new Output(16).putUuid(gateway));
        out.field(Fields.BLOCK_BOOT, new Output(16).putUuid(bootId));
        out.fieldZigZag(Fields.BLOCK_MONOTONIC, baseMonotonic);
        out.fieldZigZag(Fields.BLOCK_WALL, baseWall);
        out.field(Fields.BLOCK_CONFIDENCE, Codes.code(Codes.CONFIDENCES, baseConfidence));
        Frames.close(out, start, Frames.placeMask(segment, blockOffset), crc);
    }

    /** Inserts a frame of definitions before the record; returns its size. */
    private int define(int start) {
        Output frame = new Output(Frames.HEAD + DEFINITIONS_HEAD + dictionary.added());
        int from = frame.skip(Frames.HEAD);
        dictionary.writeAdded(frame);
        Frames.close(frame, from, mask, crc);
        out.open(start, frame.size());
        System.arraycopy(frame.array(), 0, out.array(), start, frame.size());
        return frame.size();
    }

    private void head(int type, StreamSlot stream, long sequence, Moment at) {
        if (stream.block != block) {
            stream.definition = dictionary.stream(stream, sequence);
            stream.base = sequence;
            stream.block = block;
        }
        out.put(type).putVar(stream.definition).putVar(sequence - stream.base);
        out.fieldZigZag(Fields.MONOTONIC, at.monotonicNanos() - baseMonotonic);
        if (Fields.isNear(at.wall())) {
            // Both clocks run alike, so their difference against the block's is small; wrapping around does no harm.
            out.fieldZigZag(Fields.WALL, Fields.nanos(at.wall()) - baseWall - (at.monotonicNanos() - baseMonotonic));
        } else {
            reading.cut(0);
            inFull(at.wall());
            out.field(Fields.WALL_IN_FULL, reading);
        }
        if (at.confidence() != baseConfidence) {
            out.field(Fields.CONFIDENCE, Codes.code(Codes.CONFIDENCES, at.confidence()));
        }
    }

    private void inFull(Instant time) {
        reading.putZigZag(time.getEpochSecond()).putVar(time.getNano());
    }

    private void raw(RawMessage message) {
        out.field(Fields.TOPIC, dictionary.text(message.topic()));
        out.field(Fields.CALLER, dictionary.caller(message.caller()));
        int delivery = message.qos() << 1 | (message.retain() ? 1 : 0);
        if (delivery != 0) {
            out.field(Fields.DELIVERY, delivery);
        }
        Origin origin = message.origin();
        if (!origin.clientId().isEmpty()) {
            out.field(Fields.CLIENT, dictionary.text(origin.clientId()));
        }
        if (origin.packetId() != 0) {
            out.field(Fields.PACKET_ID, origin.packetId());
        }
        if (origin.properties().length > 0) {
            out.field(Fields.PROPERTIES, origin.properties());
        }
        out.field(Fields.PAYLOAD, message.payload());
    }

    private void scan(StreamSlot stream, ScanMessage message) {
        if (!message.device().equals(stream.id.name())) {
            out.field(Fields.DEVICE, dictionary.text(message.device()));
        }
        Instant before = message.at().wall();
        for (Reading each : message.readings()) {
            reading.cut(0);
            reading(each, before, message.at().wall());
            out.field(Fields.READING, reading);
            before = each.sourceTime();
        }
    }

    private void reading(Reading each, Instant before, Instant wall) {
        reading.putVar(dictionary.tag(each.tag()));
        int flagsAt = reading.skip(1);
        int flags = 0;
        Instant time = each.sourceTime();
        if (!time.equals(before)) {
            flags |= Fields.OTHER_TIME;
            if (Fields.isNear(time) && Fields.isNear(wall)) {
                reading.putZigZag(Fields.nanos(time) - Fields.nanos(wall));
            } else {
                flags |= Fields.TIME_IN_FULL;
                inFull(time);
            }
        }
        if (each.quality() != Quality.GOOD && !each.quality().equals(Quality.GOOD)) {
            flags |= Fields.QUALIFIED;
            reading.putVar(dictionary.quality(each.quality()));
        }
        flags |= value(each.value());
        reading.array()[flagsAt] = (byte) flags;
    }

    private int value(Value value) {
        if (value instanceof Value.Real real) {
            float single = (float) real.value();
            if (Double.doubleToRawLongBits(single) == Double.doubleToRawLongBits(real.value())) {
                reading.putInt(Float.floatToRawIntBits(single));
                return Fields.REAL | Fields.SINGLE;
            }
            reading.putLong(Double.doubleToRawLongBits(real.value()));
            return Fields.REAL;
        } else if (value instanceof Value.Signed signed) {
            reading.putZigZag(signed.value());
            return Fields.SIGNED;
        } else if (value instanceof Value.Unsigned unsigned) {
            reading.putVar(unsigned.bits());
            return Fields.UNSIGNED;
        } else if (value instanceof Value.Bool bool) {
            return bool.value() ? Fields.TRUE : Fields.FALSE;
        } else if (value instanceof Value.Text text) {
            reading.putText(text.value());
            return Fields.TEXT_VALUE;
        } else if (value instanceof Value.Bytes bytes) {
            byte[] content = bytes.value();
            reading.putVar(content.length).putBytes(content, 0, content.length);
            return Fields.BYTES_VALUE;
        }
        return Fields.NONE;
    }

    private void summary(Entry.Summary summary) {
        reading.cut(0);
        inFull(summary.from());
        out.field(Fields.SUMMARY_FROM, reading);
        reading.cut(0);
        inFull(summary.until());
        out.field(Fields.SUMMARY_UNTIL, reading);
        for (TagSummary each : summary.tags()) {
            reading.cut(0);
            reading.putVar(dictionary.tag(each.tag())).putVar(each.readings()).putVar(each.bad()).putVar(each.numbers());
            if (each.numbers() > 0) {
                reading.putLong(Double.doubleToRawLongBits(each.min())).putLong(Double.doubleToRawLongBits(each.max()))
                    .putLong(Double.doubleToRawLongBits(each.mean()));
            }
            int flagsAt = reading.skip(1);
            reading.array()[flagsAt] = (byte) value(each.last());
            out.field(Fields.SUMMARY_TAG, reading);
        }
    }

    private void gap(Entry.Lost lost) {
        out.field(Fields.LOST_EPOCH, new Output(8).putLong(lost.epoch()));
        out.field(Fields.LOST_FROM, lost.from());
        out.field(Fields.LOST_TO, lost.to());
        out.field(Fields.LOST_REASON, Codes.code(Codes.LOSSES, lost.reason()));
        out.field(Fields.LOST_DETAIL, new Output(64).putText(lost.detail()));
        if (!lost.uplink().isEmpty()) {
            out.field(Fields.LOST_UPLINK, new Output(64).putText(lost.uplink()));
        }
        if (lost.revoked()) {
            out.field(Fields.LOST_REVOKED, 1);
        }
    }
}
