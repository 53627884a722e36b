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
    private final Output out;
    private final Encoder encoder;
    private final SegmentIndex.Builder index;

    private ActiveSegment(Segment segment, Checkpoint checkpoint, WriteFile file, Output out) {
        this.segment = segment;
        this.checkpoint = checkpoint;
        this.file = file;
        this.out = out;
        byte[] preamble = Frames.preamble();
        out.putBytes(preamble, 0, preamble.length);
        checkpoint.writeHeader(out);
        encoder = new Encoder(out, 0, checkpoint.segment(), checkpoint.salt(), checkpoint.gateway(), checkpoint.bootId());
        index = new SegmentIndex.Builder(checkpoint.bootId());
    }

    /** Makes the file. Its header reaches the disk with the first {@link #flush} and {@link #sync}. */
    static ActiveSegment create(Storage storage, Checkpoint checkpoint, Output buffer) throws IOException {
        Segment segment = new Segment(checkpoint.segment(), 0, 0, false);
        buffer.cut(0);
        WriteFile file = storage.create(segment.name());
        try {
            storage.syncFolder("");
            return new ActiveSegment(segment, checkpoint, file, buffer);
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
        if (out.size() > 0) {
            file.write(encoder.offset() - out.size(), out.array(), 0, out.size());
            encoder.written();
            segment.size(encoder.offset());
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
