// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.GatewayClock;
import edge.api.journal.JournalException;
import edge.api.journal.JournalException.Kind;
import edge.api.journal.JournalRecord;
import edge.journal.disk.Reasons;
import edge.journal.disk.Storage;
import edge.journal.format.Checkpoint;
import edge.journal.format.Entry;
import edge.journal.format.Output;
import edge.journal.format.StreamMark;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the log grows: the segment that is being written, and what is to be written to the next one. Belongs to the writer. */
final class LogTip {

    private static final Logger LOG = LoggerFactory.getLogger(LogTip.class);

    /** A disk or a quota of so many bytes has room for zeros. */
    private static final long ROOMY = 64L << 20;

    private final Storage storage;
    private final Settings settings;
    private final UUID gateway;
    private final GatewayClock clock;
    private final Monitor monitor;
    private final Segments segments;
    private final Streams streams;
    private final TrueTimes times;
    private final Usage usage;
    private final Spare spare;
    private final SecureRandom random = new SecureRandom();
    private final Output buffer = ActiveSegment.newBuffer();

    private ActiveSegment active;
    private long next = 1;
    private long sealedBytes;
    /** Where the streams ended before they were renewed; null once a segment's header tells. */
    private List<StreamMark> endedBefore;
    /** Any thread reads it. */
    private volatile long readable;

    LogTip(Storage storage, Settings settings, UUID gateway, GatewayClock clock, Monitor monitor, Segments segments,
           Streams streams, TrueTimes times, Usage usage, Spare spare) {
        this.storage = storage;
        this.settings = settings;
        this.gateway = gateway;
        this.clock = clock;
        this.monitor = monitor;
        this.segments = segments;
        this.streams = streams;
        this.times = times;
        this.usage = usage;
        this.spare = spare;
    }

    /**
     * Goes on behind what was found on disk.
     *
     * @param number of the next segment
     * @param lost where the streams ended, if they begin new epochs because they may have lost more; else null
     */
    void reset(long number, List<StreamMark> lost) throws IOException {
        next = number;
        endedBefore = lost;
        sealedBytes = segments.bytes();
        Optional<Segment> last = segments.last();
        readable = last.isPresent() ? Positions.of(last.get().number(), segments.end(last.get())) : 0;
    }

    /** Everything below this position may be read. Any thread. */
    long readable() {
        return readable;
    }

    boolean isActive(long segment) {
        return active != null && active.segment().number() == segment;
    }

    boolean isSegmentFull() {
        return active != null && active.offset() >= settings.segmentBytes();
    }

    /** Bytes on disk, with what is not yet flushed. */
    long used() {
        return sealedBytes + (active == null ? 0 : Math.max(active.offset(), active.segment().size()));
    }

    /** A segment that was ended is gone. */
    void removed(Segment segment) {
        sealedBytes -= segment.size();
    }

    /**
     * Encodes an append; begins a segment if there is none.
     *
     * @return why the append cannot be taken, or null if it is
     */
    JournalException write(Append append) throws IOException {
        if (active == null) {
            begin();
        }
        StreamState stream = streams.of(append.stream);
        long written = append.isEntry() ? write(append, stream)
            : active.append(stream, stream.next(), append.message, settings.recordBytes());
        if (written < 0) {
            return new JournalException(Kind.OVERSIZE, "A message for " + append.stream + " is larger than the "
                + settings.recordBytes() + " bytes that a record may have. Publish it in smaller parts.");
        }
        append.state = stream;
        append.sequence = stream.next();
        streams.advance(stream, written);
        if (active.isBufferFull()) {
            active.flush();
        }
        return null;
    }

    private long write(Append append, StreamState stream) {
        Entry entry = append.entry;
        if (append.skip > 0) {
            long first = stream.next();
            stream.skip(append.skip);
            Entry.Lost lost = (Entry.Lost) entry;
            entry = Entry.Lost.forAll(lost.at(), stream.epoch(), first, first + append.skip - 1, lost.reason(), lost.detail());
        }
        return active.append(stream, stream.next(), entry);
    }

    /** Begins a segment. Nothing may be unpublished. */
    void begin() throws IOException {
        retire();
        Optional<Segment> last = segments.last();
        long end = last.isPresent() ? segments.end(last.get()) : 0;
        List<StreamMark> begun = streams.synced();
        active = ActiveSegment.create(storage, new Checkpoint(next, random.nextLong(), gateway, clock.bootId(),
            settings.sync() != SyncPolicy.OS, last.map(Segment::number).orElse(0L), end,
            endedBefore == null ? begun : endedBefore, begun, times.corrections()), spare.take(),
            mayLayAhead() ? settings.segmentBytes() : 0, buffer);
        usage.begin(next);
        if (endedBefore != null) {
            tellTails();
        }
    }

    /** Zeros ahead of the records cost room for a while. */
    private boolean mayLayAhead() throws IOException {
        return settings.sync() != SyncPolicy.OS && settings.quotaBytes() > ROOMY && storage.free() > ROOMY;
    }

    /** Every stream that began a new epoch says where the old one may have lost its end. */
    private void tellTails() {
        for (StreamMark before : endedBefore) {
            StreamState stream = streams.of(before.id());
            if (before.last() > 0) {
                streams.advance(stream, active.append(stream, stream.next(), Entry.Lost.forAll(clock.now(), before.epoch(),
                    before.last() + 1, before.last(), JournalRecord.Loss.TAIL,
                    "The gateway stopped in a way that may have lost the last records.")));
            }
        }
    }

    void flush() throws IOException {
        if (active != null) {
            active.flush();
        }
    }

    void sync() throws IOException {
        if (active != null) {
            active.sync();
            monitor.syncs.increment();
        }
    }

    /** What was flushed may be read from now on. */
    void publish() {
        streams.publish();
        if (active != null) {
            Segment segment = active.segment();
            segment.end(active.offset());
            if (segments.get(segment.number()).isEmpty()) {
                segments.add(segment);
                next = segment.number() + 1;
                endedBefore = null;
            }
            readable = Positions.of(segment.number(), segment.end());
        }
    }

    /** Ends the active segment, of which everything is published. */
    void retire() {
        if (active == null) {
            return;
        }
        try {
            if (settings.sync() == SyncPolicy.OS) {
                sync();
            }
        } catch (IOException e) {
            LOG.warn("{} in {} could not be synced: {}", active.segment().name(), storage.place(), Reasons.of(e));
        }
        seal();
    }

    private void seal() {
        ActiveSegment old = active;
        active = null;
        old.segment().seal(old.segment().end());
        try {
            if (segments.get(old.segment().number()).isPresent()) {
                segments.keep(old.segment(), old.index());
            }
            old.close();
            if (old.isToBeCut()) {
                storage.truncate(old.segment().name(), old.offset());
                old.segment().size(old.offset());
            }
        } catch (IOException e) {
            LOG.warn("{} in {} could not be closed well: {}", old.segment().name(), storage.place(), Reasons.of(e));
        }
        sealedBytes += old.segment().size();
    }

    /**
     * Ends the active segment where it was published last; what lies behind never was. If the disk does not even take that, the
     * next segment's header tells where this one ended.
     */
    void abandon() {
        streams.rollBack();
        if (active == null) {
            return;
        }
        ActiveSegment old = active;
        active = null;
        Segment segment = old.segment();
        boolean published = segments.get(segment.number()).isPresent();
        segment.seal(segment.end());
        try {
            old.close();
        } catch (IOException e) {
            LOG.debug("{} could not be closed", segment.name(), e);
        }
        try {
            if (published) {
                storage.truncate(segment.name(), segment.end());
                segment.size(segment.end());
            } else {
                storage.delete(segment.name());
            }
        } catch (IOException e) {
            // A file that was never published is written over.
            LOG.debug("{} could not be cut", segment.name(), e);
        }
        if (published) {
            sealedBytes += segment.size();
        }
    }

    /** Marks a clean stop. */
    void end() {
        try {
            if (active != null) {
                active.end(streams.synced(), times.corrections());
                flush();
                sync();
                publish();
                seal();
            }
        } catch (IOException e) {
            LOG.error("The journal in {} could not be closed well; the next start will check it: {}", storage.place(),
                Reasons.of(e));
            abandon();
        }
    }
}
