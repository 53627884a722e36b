// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.GatewayClock;
import edge.api.health.HealthReport;
import edge.api.journal.JournalException;
import edge.api.journal.JournalException.Kind;
import edge.api.message.StreamId;
import edge.journal.disk.Reasons;
import edge.journal.disk.Storage;
import edge.journal.format.Checkpoint;
import edge.journal.format.Output;
import edge.journal.format.StreamMark;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<StreamId, StreamState> streams = new ConcurrentHashMap<>();
    private volatile long readable;

    // Only on the writer's thread.
    private final List<StreamState> touched = new ArrayList<>();
    private final Output buffer = ActiveSegment.newBuffer();
    private ActiveSegment active;
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
        return streams.values().stream().map(StreamState::synced).toList();
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
        streams.clear();
        segments.clear();
        marks.load();
        Recovery.Result found = new Recovery(storage, segments, quarantine).run(marks.highest());
        next = found.next();
        endedBefore = null;
        for (StreamMark mark : found.streams()) {
            streams.put(mark.id(), new StreamState(found.tailLost() ? renewed(mark) : mark));
        }
        sealedBytes = segments.bytes();
        damagedAtOpen = found.damaged();
        Optional<Segment> last = segments.last();
        readable = last.isPresent() ? Positions.of(last.get().number(), segments.end(last.get())) : 0;
        if (found.tailLost()) {
            endedBefore = found.streams();
            tellRenewal();
        }
        reserve.take();
        LOG.info("The journal in {} is open: {} segments, {} MB, {} streams", place(), segments.count(),
            sealedBytes / (1024 * 1024), streams.size());
    }

    private StreamMark renewed(StreamMark mark) {
        return new StreamMark(mark.id(), newEpoch(), 0, mark.total());
    }

    private long newEpoch() {
        long epoch;
        do {
            epoch = random.nextLong();
        } while (epoch == 0);
        return epoch;
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
        return active != null && active.encoder().offset() >= settings.segmentBytes();
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
        StreamState stream = streams.computeIfAbsent(append.stream,
            id -> new StreamState(new StreamMark(id, newEpoch(), 0, 0)));
        long sequence = stream.next();
        long offset = append.isLedger() ? active.encoder().append(stream.slot(), sequence, append.lost)
            : active.encoder().append(stream.slot(), sequence, append.message, settings.recordBytes());
        if (offset < 0) {
            return new JournalException(Kind.OVERSIZE, "A message for " + append.stream + " is larger than the "
                + settings.recordBytes() + " bytes that a record may have. Publish it in smaller parts.");
        }
        if (stream.advance()) {
            touched.add(stream);
        }
        append.state = stream;
        append.sequence = sequence;
        if (active.isBufferFull()) {
            active.flush();
        }
        return null;
    }

    /** Begins a segment. Nothing may be unpublished. */
    void begin() throws IOException {
        retire();
        hasRoom(settings.segmentBytes());
        Optional<Segment> last = segments.last();
        long end = last.isPresent() ? segments.end(last.get()) : 0;
        List<StreamMark> begun = streams();
        active = ActiveSegment.create(storage, new Checkpoint(next, random.nextLong(), gateway, clock.bootId(),
            settings.sync() != SyncPolicy.OS, last.map(Segment::number).orElse(0L), end,
            endedBefore == null ? begun : endedBefore, begun), buffer);
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
        for (StreamState stream : touched) {
            stream.publish();
        }
        touched.clear();
        if (active != null) {
            Segment segment = active.segment();
            segment.end(segment.size());
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
        try {
            old.close();
        } catch (IOException e) {
            LOG.warn("{} in {} could not be closed well: {}", old.segment().name(), place(), Reasons.of(e));
        }
        old.segment().seal(old.segment().end());
        sealedBytes += old.segment().size();
    }

    /** Ends the active segment where it was published last; what lies behind never was. */
    void abandon() {
        touched.forEach(StreamState::rollBack);
        touched.clear();
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
                active.end(streams());
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
        return sealedBytes + (active == null ? 0 : active.encoder().offset());
    }

    long bytes() {
        return segments.bytes();
    }

    /** Whether so many bytes more fit the quota; deletes the oldest segments for it that every cursor has passed. */
    boolean hasRoom(long bytes) {
        long most = settings.quotaBytes() - Settings.LEDGER_ROOM - bytes;
        while (used() > most) {
            Optional<Segment> oldest = segments.first();
            if (oldest.isEmpty() || !oldest.get().isSealed() || isNeeded(oldest.get()) || !delete(oldest.get())) {
                return false;
            }
        }
        return true;
    }

    private boolean isNeeded(Segment segment) {
        return marks.isPending(Positions.of(segment.number(), 0), Positions.of(segment.number() + 1, 0));
    }

    private boolean delete(Segment segment) {
        try {
            storage.delete(segment.name());
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
