// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.ClockCorrection;
import edge.api.message.Message;
import edge.journal.disk.Storage;
import edge.journal.disk.Storage.WriteFile;
import edge.journal.disk.StorageFullException;
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
    /** The file is laid out ahead of what is written by so much at once. */
    private static final int AHEAD = 256 * 1024;
    /** Larger writes do not come often enough for that to be worth while. */
    private static final int SMALL = 16 * 1024;
    private static final byte[] ZEROS = new byte[16 * 1024];

    private final Segment segment;
    private final Checkpoint checkpoint;
    private final WriteFile file;
    /** Up to here the file has bytes already: an older segment's, or zeros. What is written over them ends in a tail. */
    private long laid;
    /** The file is laid out up to here at most. */
    private long layUpTo;
    private boolean cutAtEnd;
    private final Output out;
    private final Encoder encoder;
    private final SegmentIndex.Builder index;

    private ActiveSegment(Segment segment, Checkpoint checkpoint, WriteFile file, long layUpTo, Output out) {
        this.segment = segment;
        this.checkpoint = checkpoint;
        this.file = file;
        this.laid = segment.size();
        this.layUpTo = layUpTo;
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
     * @param layUpTo up to where the file may be laid out ahead of what is written; 0 for not at all
     */
    static ActiveSegment create(Storage storage, Checkpoint checkpoint, String spare, long layUpTo, Output buffer)
        throws IOException {
        buffer.cut(0);
        String name = Segment.name(checkpoint.segment());
        if (!spare.isEmpty()) {
            storage.rename(spare, name);
        }
        long oldSize = spare.isEmpty() ? 0 : storage.size(name);
        WriteFile file = spare.isEmpty() ? storage.create(name) : storage.reopen(name);
        try {
            storage.syncFolder("");
            return new ActiveSegment(new Segment(checkpoint.segment(), oldSize, 0, false), checkpoint, file, layUpTo, buffer);
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
            if (size <= SMALL && end >= laid) {
                layAhead(end);
            }
            if (end < laid) {
                out.putBytes(Frames.tail(checkpoint.segment(), checkpoint.salt(), end), 0, Frames.HEAD);
            }
            file.write(end - size, out.array(), 0, out.size());
            out.cut(size);
            encoder.written();
            segment.size(Math.max(laid, end));
        }
    }

    /**
     * Fills the file with zeros for a while ahead. To sync what makes a file longer, the file system has to write what it knows
     * of the file, too, which takes many times as long as the few bytes themselves.
     */
    private void layAhead(long end) throws IOException {
        long to = Math.min(end + AHEAD, layUpTo);
        try {
            for (long at = end; at < to; at += ZEROS.length) {
                int length = (int) Math.min(ZEROS.length, to - at);
                file.write(at, ZEROS, 0, length);
                laid = at + length;
                cutAtEnd = true;
            }
        } catch (StorageFullException e) {
            // What is left of the disk is for records.
            layUpTo = 0;
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

    /** Whether zeros are left behind the end: nobody will write there any more. */
    boolean isToBeCut() {
        return cutAtEnd && encoder.offset() < laid;
    }

    void close() throws IOException {
        file.close();
    }
}
