// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.GatewayClock;
import edge.api.health.HealthReport;
import edge.api.journal.JournalException;
import edge.api.journal.JournalException.Kind;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalStatus;
import edge.api.message.StreamId;
import edge.journal.disk.Reasons;
import edge.journal.disk.Storage;
import edge.journal.format.Checkpoint;
import edge.journal.format.Entry;
import edge.journal.format.Output;
import edge.journal.format.StreamMark;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log itself: segments, streams, quota. What changes it belongs to the writer's thread; what only tells is for every
 * thread.
 */
final class Log {

    private static final Logger LOG = LoggerFactory.getLogger(Log.class);

    /** A file that cannot be read for so many retries on a disk that works otherwise has lost some sectors. */
    private static final int PATIENCE = 5;
    static final String SPARE = "spare";
    /** A disk or a quota of so many bytes has room for zeros. */
    private static final long ROOMY = 64L << 20;
    private static final long LONG_AGO = Duration.ofDays(1).toNanos();

    private final Storage storage;
    private final Settings settings;
    private final UUID gateway;
    private final GatewayClock clock;
    private final Monitor monitor;
    private final Segments segments;
    private final Quarantine quarantine;
    private final Reserve reserve;
    private final Marks marks;
    private final SecureRandom random = new SecureRandom();
    private final Streams streams = new Streams();
    private final TrueTimes times = new TrueTimes();
    private volatile long readable;
    private volatile JournalStatus.LastStop lastStop = JournalStatus.LastStop.NONE;

    // Only on the writer's thread.
    private final Output buffer = ActiveSegment.newBuffer();
    private final Usage usage = new Usage();
    private long placesLostAt;
    private ActiveSegment active;
    /** Whether there is a file to write over. */
    private boolean spare;
    private long next = 1;
    private long sealedBytes;
    /** Where the streams ended before they were renewed; null once a segment's header tells. */
    private List<StreamMark> endedBefore;
    private List<Long> damagedAtOpen = List.of();

    Log(Storage storage, Settings settings, UUID gateway, GatewayClock clock, Monitor monitor) {
        this.storage = storage;
        this.settings = settings;
        this.gateway = gateway;
        this.clock = clock;
        this.monitor = monitor;
        segments = new Segments(new BadSectors(storage, settings.retry().multipliedBy(PATIENCE)));
        quarantine = new Quarantine(storage);
        reserve = new Reserve(storage);
        marks = new Marks(storage, reserve);
    }

    // ---------------------------------------------------------------------------------------------- any thread

    Settings settings() {
        return settings;
    }

    UUID gateway() {
        return gateway;
    }

    GatewayClock clock() {
        return clock;
    }

    String place() {
        return storage.place();
    }

    Monitor monitor() {
        return monitor;
    }

    Segments segments() {
        return segments;
    }

    Quarantine quarantine() {
        return quarantine;
    }

    Reserve reserve() {
        return reserve;
    }

    Marks marks() {
        return marks;
    }

    /** Everything below this position may be read. */
    long readable() {
        return readable;
    }

    /** How far every stream is on disk. */
    List<StreamMark> streams() {
        return streams.synced();
    }

    /** The streams of which this run has stored something. */
    List<StreamId> activeStreams() {
        return streams.active();
    }

    JournalStatus.LastStop lastStop() {
        return lastStop;
    }

    TrueTimes times() {
        return times;
    }

    Usage usage() {
        return usage;
    }

    /** When it was found that places of readers may be lost; long ago if they are not. */
    long placesLostAt() {
        return placesLostAt;
    }

    /** Who keeps the oldest segment, in words. */
    String whoWaits() {
        Optional<Map.Entry<String, Place>> slowest = marks.slowest();
        return slowest.isPresent() ? "'" + slowest.get().getKey() + "' has not yet delivered the oldest records"
            : "there is no segment to delete";
    }

    // ----------------------------------------------------------------------------------------------- the writer

    /** Finds out what is there. May be called again after it failed. */
    void open() throws IOException {
        storage.open();
        segments.clear();
        usage.clear();
        spare = false;
        if (storage.list("").contains(SPARE)) {
            deleteSpare();
        }
        marks.load();
        Recovery.Result found = new Recovery(storage, segments, quarantine).run(marks.highest());
        next = found.next();
        endedBefore = null;
        streams.reset(found.streams(), found.tailLost());
        times.reset(found.corrections());
        lastStop = found.lastStop();
        sealedBytes = segments.bytes();
        placesLostAt = System.nanoTime() - (marks.isLost() && segments.count() > 0 ? 0 : LONG_AGO);
        damagedAtOpen = found.damaged();
        Optional<Segment> last = segments.last();
        readable = last.isPresent() ? Positions.of(last.get().number(), segments.end(last.get())) : 0;
        if (marks.isLost() && segments.count() == 0) {
            marks.begin();
        }
        if (found.tailLost()) {
            endedBefore = found.streams();
            tellRenewal();
        }
        if (lastStop == JournalStatus.LastStop.UNCLEAN) {
            monitor.tell(HealthReport.Status.OK, "The last stop of the gateway was unclean: it was killed or lost its power."
                + " Every record that the journal acknowledged is there.");
        }
        reserve.take();
        LOG.info("The journal in {} is open: {} segments, {} MB, {} streams", place(), segments.count(),
            sealedBytes / (1024 * 1024), streams.count());
    }

    /** Keeps the new epochs on disk at once. If that fails, the next start comes to the same conclusion. */
    private void tellRenewal() {
        monitor.tell(HealthReport.Status.WARN, "The last stop of the journal was unclean and may have lost the last"
            + " acknowledged records; every stream began a new epoch, so that nothing is mistaken for what was lost.");
        try {
            begin();
            flush();
            sync();
            publish();
        } catch (IOException e) {
            LOG.warn("The new epochs are not yet on disk: {}", Reasons.of(e));
            abandon();
        }
    }

    /** Segments that were found damaged when it opened. */
    List<Long> damagedAtOpen() {
        return damagedAtOpen;
    }

    boolean isActive(long segment) {
        return active != null && active.segment().number() == segment;
    }

    boolean isSegmentFull() {
        return active != null && active.offset() >= settings.segmentBytes();
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
        usage.add(active.segment().number(), append.stream, written);
        long sequence = stream.next();
        streams.advance(stream);
        append.state = stream;
        append.sequence = sequence;
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

    /** Ends a segment that nobody needs and keeps its file for the next one. */
    boolean recycle(Segment segment) {
        if (spare || segment.size() < settings.segmentBytes()) {
            return delete(segment);
        }
        return remove(segment, () -> {
            storage.rename(segment.name(), SPARE);
            spare = true;
        });
    }

    /** Begins a segment. Nothing may be unpublished. */
    void begin() throws IOException {
        retire();
        Optional<Segment> last = segments.last();
        long end = last.isPresent() ? segments.end(last.get()) : 0;
        List<StreamMark> begun = streams();
        active = ActiveSegment.create(storage, new Checkpoint(next, random.nextLong(), gateway, clock.bootId(),
            settings.sync() != SyncPolicy.OS, last.map(Segment::number).orElse(0L), end,
            endedBefore == null ? begun : endedBefore, begun, times.corrections()), takeSpare(),
            mayLayAhead() ? settings.segmentBytes() : 0, buffer);
        if (endedBefore != null) {
            tellTails();
        }
    }

    /** Zeros ahead of the records cost room for a while. */
    private boolean mayLayAhead() throws IOException {
        return settings.sync() != SyncPolicy.OS && settings.quotaBytes() > ROOMY && storage.free() > ROOMY;
    }

    private void deleteSpare() {
        try {
            storage.delete(SPARE);
        } catch (IOException e) {
            LOG.warn("{} in {} cannot be deleted: {}", SPARE, place(), Reasons.of(e));
        }
    }

    private String takeSpare() {
        String name = spare ? SPARE : "";
        spare = false;
        return name;
    }

    /** Every stream that began a new epoch says where the old one may have lost its end. */
    private void tellTails() {
        for (StreamMark before : endedBefore) {
            StreamState stream = streams.of(before.id());
            if (before.last() > 0) {
                active.append(stream, stream.next(), Entry.Lost.forAll(clock.now(), before.epoch(), before.last() + 1,
                    before.last(), JournalRecord.Loss.TAIL, "The gateway stopped in a way that may have lost the last records."));
                streams.advance(stream);
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
            LOG.warn("{} in {} could not be synced: {}", active.segment().name(), place(), Reasons.of(e));
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
            LOG.warn("{} in {} could not be closed well: {}", old.segment().name(), place(), Reasons.of(e));
        }
        sealedBytes += old.segment().size();
    }

    /** Ends the active segment where it was published last; what lies behind never was. */
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
            // The next segment's header tells where this one ended, and a file that was never published is written over.
            LOG.debug("{} could not be cut", segment.name(), e);
        }
        if (published) {
            sealedBytes += segment.size();
        }
    }

    /** Marks a clean stop and gives everything back. */
    void end() {
        try {
            if (active != null) {
                active.end(streams(), times.corrections());
                flush();
                sync();
                publish();
                seal();
            }
        } catch (IOException e) {
            LOG.error("The journal in {} could not be closed well; the next start will check it: {}", place(), Reasons.of(e));
            abandon();
        } finally {
            marks.close();
            storage.close();
        }
    }

    // --------------------------------------------------------------------------------------------------- quota

    private long used() {
        return sealedBytes + (active == null ? 0 : Math.max(active.offset(), active.segment().size()));
    }

    long bytes() {
        return segments.bytes();
    }

    /** Whether so many bytes more fit the quota. */
    boolean hasRoom(long bytes) {
        return used() <= settings.quotaBytes() - Settings.LEDGER_ROOM - bytes;
    }

    boolean delete(Segment segment) {
        return remove(segment, () -> storage.delete(segment.name()));
    }

    /** How a file goes. */
    private interface Removal {
        void run() throws IOException;
    }

    private boolean remove(Segment segment, Removal removal) {
        try {
            removal.run();
            // One that came back after a power cut would look like a hole in the log.
            storage.syncFolder("");
            quarantine.forget(segment);
        } catch (IOException e) {
            LOG.warn("{} in {} cannot be deleted: {}", segment.name(), place(), Reasons.of(e));
            return false;
        }
        segments.remove(segment);
        sealedBytes -= segment.size();
        return true;
    }

    /** Whether it is worth a try to write to the disk again. */
    boolean hasDisk() throws IOException {
        Failure failure = monitor.failure();
        return failure == null || failure.kind() != Kind.FULL || storage.free() >= Reserve.WORTHWHILE;
    }
}
