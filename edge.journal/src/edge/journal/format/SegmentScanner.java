// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.journal.JournalRecord;
import edge.journal.disk.Storage.ReadFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.zip.CRC32C;

/**
 * Walks through one segment, sound or damaged. Each byte below the limit belongs to a frame or to a damage that is told; a
 * wrong record is never given. Not thread-safe.
 */
public final class SegmentScanner implements Closeable {

    /** What {@link #next} found. */
    public enum Kind {
        /** A record: {@link #stream()}, {@link #sequence()}, {@link #decode()}. */
        RECORD,
        /** The segment's HEADER or its END: {@link #checkpoint()}. */
        HEADER, END,
        /** The segment's index: {@link #index()}. Nothing comes behind it. */
        INDEX,
        /** Bytes from {@link #offset()} to {@link #nextOffset()} that are nothing. */
        DAMAGE,
        /** The segment is of a newer version of the format. */
        FOREIGN,
        /** The limit is reached. */
        NONE
    }

    private static final int BAD = -1;
    private static final int INCOMPLETE = -2;
    private static final int TAIL = -3;
    private static final int MAX_BLOCK_BODY = 256;

    private final Window window;
    private final long segment;
    private final CRC32C crc = new CRC32C();
    private final Decoder decoder = new Decoder();
    private final Input in = new Input(new byte[0], 0, 0);

    private long at;
    private long found;
    private long salt;
    private boolean salted;
    private boolean inBlock;
    private long blockOffset;
    private int blockMask;
    private boolean torn;
    private boolean tail;
    private int type;
    private int body;
    private int length;
    private StreamDefinition stream;
    private long sequence;
    private Checkpoint checkpoint;
    private SegmentIndex index;

    public SegmentScanner(ReadFile file, long segment) {
        window = new Window(file);
        this.segment = segment;
    }

    /** Where the thing begins that {@link #next} found last. */
    public long offset() {
        return found;
    }

    /** Where it ends. */
    public long nextOffset() {
        return at;
    }

    /** Offset of the block that holds the record. */
    public long blockOffset() {
        return blockOffset;
    }

    /** Whether a damage that reaches up to the limit is just a frame whose writing was cut short. */
    public boolean isTorn() {
        return torn;
    }

    public StreamDefinition stream() {
        return stream;
    }

    public long sequence() {
        return sequence;
    }

    /** Whether the record is an entry of the ledger. */
    public boolean isEntry() {
        return type == Frames.GAP;
    }

    /** Whether it stopped where a segment ends that is written over an older one, below the limit. */
    public boolean isTail() {
        return tail;
    }

    /** Whether the file begins with the sound header of another segment: it was to be written over, and was not yet. */
    public boolean holdsAnother(long limit) throws IOException {
        if (limit < Frames.PREAMBLE + Frames.HEAD || !window.load(Frames.PREAMBLE, Frames.HEAD, limit)) {
            return false;
        }
        int claimed = claimed(Frames.PREAMBLE);
        if (claimed < 0 || !window.load(Frames.PREAMBLE, Frames.HEAD + claimed, limit)) {
            return false;
        }
        int mask = mask(Frames.PREAMBLE, claimed);
        int other = window.index(Frames.PREAMBLE + Frames.HEAD);
        in.set(window.array(), other, other + claimed);
        try {
            if (in.get() != Frames.HEADER) {
                return false;
            }
            long number = Checkpoint.read(in).segment();
            return number != segment && mask == Frames.placeMask(number, Frames.PREAMBLE);
        } catch (DamagedException e) {
            return false;
        }
    }

    /** Whether the record is a scan, or what was left of scans. */
    public boolean isReading() {
        return type == Frames.SCAN || type == Frames.SUMMARY;
    }

    /** Whether the record is a correction of the clock. */
    public boolean isCorrection() {
        return type == Frames.CORRECTION;
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    public SegmentIndex index() {
        return index;
    }

    /** Goes on at a block, whose offset {@link #blockOffset()} told before. */
    public void seek(long offset) {
        at = offset;
        inBlock = false;
    }

    /**
     * The next thing that begins below the limit.
     *
     * @param limit bytes at and behind it are not looked at; may grow from call to call
     */
    public Kind next(long limit) throws IOException {
        torn = false;
        tail = false;
        while (at < limit) {
            found = at;
            if (at < Frames.PREAMBLE) {
                int version = preamble(limit);
                if (version > Frames.VERSION) {
                    return Kind.FOREIGN;
                }
                if (version != Frames.VERSION) {
                    return damage(limit, limit < Frames.PREAMBLE && torn);
                }
                at = Frames.PREAMBLE;
                continue;
            }
            int result = probe(at, limit);
            if (result == TAIL) {
                tail = true;
                return Kind.NONE;
            }
            if (result < 0) {
                return damage(limit, result == INCOMPLETE);
            }
            at += Frames.HEAD + length;
            switch (result) {
                case Frames.BLOCK -> {
                    // Read by the probe.
                }
                case Frames.HEADER -> {
                    return Kind.HEADER;
                }
                case Frames.END -> {
                    return Kind.END;
                }
                case Frames.INDEX -> {
                    return Kind.INDEX;
                }
                case Frames.DEFINITIONS -> {
                    if (!define()) {
                        return Kind.DAMAGE;
                    }
                }
                default -> {
                    return head() ? Kind.RECORD : Kind.DAMAGE;
                }
            }
        }
        found = at;
        return Kind.NONE;
    }

    /** The version; anything else than a version leaves in {@link #torn} whether it is one that was cut short. */
    private int preamble(long limit) throws IOException {
        int present = (int) Math.min(limit, Frames.PREAMBLE);
        if (!window.load(0, present, limit)) {
            return BAD;
        }
        if (present < Frames.PREAMBLE) {
            byte[] whole = Frames.preamble();
            torn = java.util.Arrays.equals(whole, 0, present, window.array(), window.index(0), window.index(0) + present);
            return BAD;
        }
        return Frames.version(window.array(), window.index(0));
    }

    private boolean define() {
        try {
            in.set(window.array(), body + 1, body + length);
            decoder.definitions().read(in);
            return true;
        } catch (DamagedException e) {
            return false;
        }
    }

    private boolean head() {
        try {
            in.set(window.array(), body + 1, body + length);
            stream = decoder.definitions().get(in.getVarInt(), StreamDefinition.class);
            sequence = stream.base() + in.getVar();
            return true;
        } catch (DamagedException e) {
            return false;
        }
    }

    /**
     * The record found last. Call it at most once, and before {@link #next}.
     *
     * @return null if a newer version of the format has such records
     * @throws DamagedException if it cannot be understood, mostly because the definitions it needs are damaged
     */
    public JournalRecord decode(long position) throws DamagedException {
        return decoder.record(type, stream, sequence, position, in);
    }

    /** The type of the sound frame at an offset, with its place in {@link #body} and {@link #length}. */
    private int probe(long offset, long limit) throws IOException {
        if (limit - offset < Frames.HEAD) {
            int present = (int) (limit - offset);
            boolean plausible = present < 4 || window.load(offset, present, limit) && claimed(offset) > 0;
            return plausible ? INCOMPLETE : BAD;
        }
        if (!window.load(offset, Frames.HEAD, limit)) {
            return BAD;
        }
        int claimed = claimed(offset);
        if (claimed < 0) {
            return salted && Frames.isTail(window.array(), window.index(offset), segment, salt, offset) ? TAIL : BAD;
        }
        if (offset + Frames.HEAD + claimed > limit) {
            return INCOMPLETE;
        }
        if (!window.load(offset, Frames.HEAD + claimed, limit)) {
            return BAD;
        }
        int mask = mask(offset, claimed);
        int claimedType = window.get(offset + Frames.HEAD);
        boolean placed = claimedType == Frames.HEADER || claimedType == Frames.BLOCK || claimedType == Frames.END
            || claimedType == Frames.INDEX;
        if (placed ? mask != Frames.placeMask(segment, offset) : !inBlock || mask != blockMask) {
            return BAD;
        }
        type = claimedType;
        body = window.index(offset + Frames.HEAD);
        length = claimed;
        return !placed || begin(offset) ? type : BAD;
    }

    /** The length in the head of a frame, or -1 if its check says otherwise. */
    private int claimed(long offset) {
        return Frames.length(window.array(), window.index(offset));
    }

    /** What a frame of that length was masked with. */
    private int mask(long offset, int claimed) {
        int head = window.index(offset);
        return Frames.crc(window.array(), head + Frames.HEAD, claimed, crc) ^ Output.getInt(window.array(), head + 4);
    }

    /** Takes over a BLOCK, HEADER, END or INDEX, unless it carries another segment's salt. */
    private boolean begin(long offset) {
        try {
            in.set(window.array(), body + 1, body + length);
            if (type == Frames.BLOCK) {
                if (in.getLong() != Frames.BLOCK_MARK || !isSalt(in.getLong(), true)) {
                    return false;
                }
                decoder.begin(in);
            } else if (type == Frames.INDEX) {
                if (!isSalt(in.getLong(), false)) {
                    return false;
                }
                index = SegmentIndex.read(in);
            } else {
                Checkpoint read = Checkpoint.read(in);
                boolean header = type == Frames.HEADER;
                if (header && offset != Frames.PREAMBLE || !isSalt(read.salt(), header)) {
                    return false;
                }
                checkpoint = read;
            }
        } catch (DamagedException e) {
            return false;
        }
        inBlock = type == Frames.BLOCK;
        if (inBlock) {
            blockOffset = offset;
            blockMask = Frames.blockMask(salt, offset);
        }
        return true;
    }

    /** Whether it is the segment's salt; the first one that may tell it does. */
    private boolean isSalt(long claimed, boolean mayTell) {
        if (!salted && mayTell) {
            salt = claimed;
            salted = true;
        }
        return salted && claimed == salt;
    }

    /** Looks for the next sound frame: of this block, or one that begins a block, or the END. */
    private Kind damage(long limit, boolean incomplete) throws IOException {
        long blockEnd = inBlock ? blockOffset + Frames.BLOCK_SIZE : 0;
        for (long next = Math.max(found + 1, Frames.PREAMBLE); limit - next > Frames.HEAD; next++) {
            if (!window.load(next, Frames.HEAD + 1, limit)) {
                break;
            }
            int claimed = claimed(next);
            if (claimed < 0 || next + Frames.HEAD + claimed > limit) {
                continue;
            }
            int claimedType = window.get(next + Frames.HEAD);
            boolean worthwhile = switch (claimedType) {
                case Frames.BLOCK -> claimed <= MAX_BLOCK_BODY;
                case Frames.HEADER -> next == Frames.PREAMBLE;
                case Frames.END, Frames.INDEX -> true;
                default -> next < blockEnd;
            };
            if (worthwhile && probe(next, limit) >= 0) {
                at = next;
                return Kind.DAMAGE;
            }
        }
        at = limit;
        torn = incomplete || isBlankBehind(limit);
        return Kind.DAMAGE;
    }

    /**
     * Whether there are only zeros behind the frame that is not sound: the file was laid out ahead, and the power failed while
     * the frame was written. Behind one that was synced there is a tail.
     */
    private boolean isBlankBehind(long limit) throws IOException {
        long from = found;
        if (found >= Frames.PREAMBLE && window.load(found, Frames.HEAD, limit)) {
            from += Frames.HEAD + Math.max(0, claimed(found));
        }
        for (long next = from; next < limit; next++) {
            if (!window.load(next, 1, limit) || window.get(next) != 0) {
                return false;
            }
        }
        return from < limit;
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
