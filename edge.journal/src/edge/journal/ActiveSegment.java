// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.ClockCorrection;
import edge.api.message.Message;
import edge.journal.disk.Storage;
import edge.journal.disk.Storage.WriteFile;
import edge.journal.format.Checkpoint;
import edge.journal.format.Encoder;
import edge.journal.format.Entry;
import edge.journal.format.Frames;
import edge.journal.format.Output;
import edge.journal.format.SegmentIndex;
import edge.journal.format.StreamMark;
import java.io.IOException;
import java.util.List;

/** The segment that is being written. Belongs to the writer. */
final class ActiveSegment {

    private static final int BUFFER = 256 * 1024;

    private final Segment segment;
    private final Checkpoint checkpoint;
    private final WriteFile file;
    /** Size of the file before; what is written over an older segment ends in a tail. */
    private final long oldSize;
    private final Output out;
    private final Encoder encoder;
    private final SegmentIndex.Builder index;

    private ActiveSegment(Segment segment, Checkpoint checkpoint, WriteFile file, long oldSize, Output out) {
        this.segment = segment;
        this.checkpoint = checkpoint;
        this.file = file;
        this.oldSize = oldSize;
        this.out = out;
        byte[] preamble = Frames.preamble();
        out.putBytes(preamble, 0, preamble.length);
        checkpoint.writeHeader(out);
        encoder = new Encoder(out, 0, checkpoint.segment(), checkpoint.salt(), checkpoint.gateway(), checkpoint.bootId());
        index = new SegmentIndex.Builder(checkpoint.bootId());
    }

    /**
     * Makes the file. Its header reaches the disk with the first {@link #flush} and {@link #sync}.
     *
     * @param spare name of a file to write over; empty if there is none
     */
    static ActiveSegment create(Storage storage, Checkpoint checkpoint, String spare, Output buffer) throws IOException {
        buffer.cut(0);
        String name = Segment.name(checkpoint.segment());
        if (!spare.isEmpty()) {
            storage.rename(spare, name);
        }
        long oldSize = spare.isEmpty() ? 0 : storage.size(name);
        WriteFile file = spare.isEmpty() ? storage.create(name) : storage.reopen(name);
        try {
            storage.syncFolder("");
            return new ActiveSegment(new Segment(checkpoint.segment(), oldSize, 0, false), checkpoint, file, oldSize, buffer);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    static Output newBuffer() {
        return new Output(2 * BUFFER);
    }

    Segment segment() {
        return segment;
    }

    /** Where the next frame goes. */
    long offset() {
        return encoder.offset();
    }

    /** @return how many bytes it took, or -1 if it is too large: then nothing was appended */
    long append(StreamState stream, long sequence, Message message, int maximum) {
        long before = encoder.offset();
        if (encoder.append(stream.slot(), sequence, message, maximum) < 0) {
            return -1;
        }
        long bytes = encoder.offset() - before;
        index.add(stream.id(), stream.epoch(), sequence, message.at(), encoder.blockOffset(), bytes);
        return bytes;
    }

    long append(StreamState stream, long sequence, Entry entry) {
        long before = encoder.offset();
        encoder.append(stream.slot(), sequence, entry);
        long bytes = encoder.offset() - before;
        index.add(stream.id(), stream.epoch(), sequence, entry, encoder.blockOffset(), bytes);
        return bytes;
    }

    boolean isBufferFull() {
        return out.size() >= BUFFER;
    }

    void flush() throws IOException {
        int size = out.size();
        if (size > 0) {
            long end = encoder.offset();
            if (end < oldSize) {
                out.putBytes(Frames.tail(checkpoint.segment(), checkpoint.salt(), end), 0, Frames.HEAD);
            }
            file.write(end - size, out.array(), 0, out.size());
            out.cut(size);
            encoder.written();
            segment.size(Math.max(oldSize, end));
        }
    }

    void sync() throws IOException {
        file.sync();
    }

    /** The mark of a clean stop. */
    void end(List<StreamMark> marks, List<ClockCorrection> corrections) {
        Checkpoint end = new Checkpoint(checkpoint.segment(), checkpoint.salt(), checkpoint.gateway(), checkpoint.bootId(),
            checkpoint.synced(), checkpoint.previous(), checkpoint.previousEnd(), marks, marks, corrections);
        end.writeEnd(out, encoder.offset());
    }

    /** Writes the index behind the end. Everything else is written: the segment is complete without it. */
    SegmentIndex index() throws IOException {
        SegmentIndex built = index.build();
        built.write(out, checkpoint.segment(), checkpoint.salt(), encoder.offset());
        flush();
        return built;
    }

    void close() throws IOException {
        file.close();
    }
}
