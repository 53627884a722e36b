// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord;
import edge.api.message.StreamId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a segment holds, by stream and time: written behind its end when it is full, made anew by reading it if that is missing.
 *
 * @param bootId the run that wrote it
 * @param streams what there is of each stream
 * @param blocks its blocks in order, with the streams in each as numbers of {@code streams}
 * @param told the entries of the ledger in it
 */
public record SegmentIndex(UUID bootId, List<StreamPart> streams, List<BlockPart> blocks, List<Told> told) {

    private static final int BOOT = 1;
    private static final int STREAM = 2;
    private static final int BLOCK = 3;
    private static final int TOLD = 4;
    /** More are not kept twice. */
    private static final int MOST_TOLD = 10_000;

    /**
     * @param first first sequence
     * @param last last sequence
     * @param bytes about how many bytes its records take
     * @param hasEntries whether some are entries of the ledger
     */
    public record StreamPart(StreamId id, long epoch, long first, long last, long records, long bytes, boolean hasEntries,
                             Span span) {
    }

    public record BlockPart(long offset, Span span, BitSet streams) {
    }

    /** Writes it as the INDEX frame. */
    public void write(Output out, long segment, long salt, long offset) {
        int start = out.skip(Frames.HEAD);
        out.put(Frames.INDEX).putLong(salt);
        out.field(BOOT, new Output(16).putUuid(bootId));
        Output content = new Output(256);
        for (StreamPart each : streams) {
            content.cut(0);
            Codes.put(content, each.id());
            content.putLong(each.epoch()).putVar(each.first()).putVar(each.last()).putVar(each.records()).putVar(each.bytes());
            content.put(each.hasEntries() ? 1 : 0);
            each.span().write(content);
            out.field(STREAM, content);
        }
        for (BlockPart each : blocks) {
            content.cut(0);
            content.putVar(each.offset());
            each.span().write(content);
            byte[] bits = each.streams().toByteArray();
            content.putVar(bits.length).putBytes(bits, 0, bits.length);
            out.field(BLOCK, content);
        }
        for (Told each : told) {
            content.cut(0);
            each.write(content);
            out.field(TOLD, content);
        }
        Frames.close(out, start, Frames.placeMask(segment, offset), new CRC32C());
    }

    static SegmentIndex read(Input in) throws DamagedException {
        UUID boot = null;
        List<StreamPart> streams = new ArrayList<>();
        List<BlockPart> blocks = new ArrayList<>();
        List<Told> told = new ArrayList<>();
        while (in.more()) {
            int key = in.getVarInt();
            if ((key & 1) != Output.BYTES) {
                in.skip(key);
                continue;
            }
            int outer = in.enter(in.getVarInt());
            switch (key >>> 1) {
                case BOOT -> boot = in.getUuid();
                case STREAM -> streams.add(new StreamPart(Codes.stream(in), in.getLong(), in.getVar(), in.getVar(), in.getVar(),
                    in.getVar(), in.get() != 0, Span.read(in)));
                case BLOCK -> blocks.add(new BlockPart(in.getVar(), Span.read(in),
                    BitSet.valueOf(in.getBytes(in.getVarInt()))));
                case TOLD -> told.add(Told.read(in));
                default -> {
                    // A newer version has more to tell.
                }
            }
            in.leave(outer);
        }
        if (boot == null) {
            throw new DamagedException("an index without identity");
        }
        return new SegmentIndex(boot, List.copyOf(streams), List.copyOf(blocks), List.copyOf(told));
    }

    /** Makes an index while the records are written, or read again. Not thread-safe. */
    public static final class Builder {

        private static final class Part {
            private final int number;
            private final StreamId id;
            private final long epoch;
            private final long first;
            private long last;
            private long records;
            private long bytes;
            private boolean entries;
            private final Span.Builder span = new Span.Builder();

            Part(int number, StreamId id, long epoch, long first) {
                this.number = number;
                this.id = id;
                this.epoch = epoch;
                this.first = first;
            }
        }

        private static final class Block {
            private final long offset;
            private final Span.Builder span = new Span.Builder();
            private final BitSet streams = new BitSet();

            Block(long offset) {
                this.offset = offset;
            }
        }

        private record Key(StreamId id, long epoch) {
        }

        private final UUID bootId;
        private final Map<Key, Part> parts = new LinkedHashMap<>();
        private final List<Block> blocks = new ArrayList<>();
        private final List<Told> told = new ArrayList<>();
        private Part recent;
        private Block block;

        public Builder(UUID bootId) {
            this.bootId = bootId;
        }

        /** A message was appended. */
        public void add(StreamId stream, long epoch, long sequence, Moment at, long block, long bytes) {
            add(stream, epoch, sequence, block, bytes, at, null, null);
        }

        /** An entry was appended. */
        public void add(StreamId stream, long epoch, long sequence, Entry entry, long block, long bytes) {
            boolean summary = entry instanceof Entry.Summary;
            Part part = add(stream, epoch, sequence, block, bytes, entry.at(),
                summary ? ((Entry.Summary) entry).from() : null, summary ? ((Entry.Summary) entry).until() : null);
            if (entry instanceof Entry.Lost lost) {
                tell(part, new Told(stream, epoch, sequence, lost));
            }
        }

        /** A record was read. */
        public void add(JournalRecord record, long block, long bytes) {
            boolean summary = record instanceof JournalRecord.Summary;
            Part part = add(record.key().stream(), record.key().epoch(), record.key().sequence(), block, bytes, record.at(),
                summary ? ((JournalRecord.Summary) record).from() : null,
                summary ? ((JournalRecord.Summary) record).until() : null);
            if (record instanceof JournalRecord.Gap gap) {
                tell(part, Told.of(gap));
            }
        }

        private void tell(Part part, Told entry) {
            part.entries = true;
            if (told.size() < MOST_TOLD) {
                told.add(entry);
            }
        }

        private Part add(StreamId stream, long epoch, long sequence, long offset, long bytes, Moment at, Instant from,
                         Instant until) {
            if (recent == null || recent.epoch != epoch || !recent.id.equals(stream)) {
                recent = parts.computeIfAbsent(new Key(stream, epoch), key -> new Part(parts.size(), stream, epoch, sequence));
            }
            if (block == null || block.offset != offset) {
                block = new Block(offset);
                blocks.add(block);
            }
            recent.last = sequence;
            recent.records++;
            recent.bytes += bytes;
            recent.span.add(at);
            block.span.add(at);
            block.streams.set(recent.number);
            if (from != null) {
                recent.span.add(from, until);
                block.span.add(from, until);
            }
            return recent;
        }

        public SegmentIndex build() {
            List<StreamPart> streams = new ArrayList<>();
            for (Part each : parts.values()) {
                streams.add(new StreamPart(each.id, each.epoch, each.first, each.last, each.records, each.bytes, each.entries,
                    each.span.build()));
            }
            return new SegmentIndex(bootId, List.copyOf(streams),
                blocks.stream().map(each -> new BlockPart(each.offset, each.span.build(), each.streams)).toList(), List.copyOf(told));
        }
    }
}
