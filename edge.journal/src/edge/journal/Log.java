// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.GatewayClock;
import edge.api.health.HealthReport;
import edge.api.journal.JournalException.Kind;
import edge.api.journal.JournalStatus;
import edge.api.message.StreamId;
import edge.journal.disk.Reasons;
import edge.journal.disk.Storage;
import edge.journal.format.StreamMark;
import java.io.IOException;
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
    private final Usage usage = new Usage();
    private final Streams streams = new Streams(usage);
    private final TrueTimes times = new TrueTimes();
    private final Spare spare;
    private final LogTip tip;
    private volatile JournalStatus.LastStop lastStop = JournalStatus.LastStop.NONE;

    // Only on the writer's thread.
    private long placesLostAt;
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
        spare = new Spare(storage);
        tip = new LogTip(storage, settings, gateway, clock, monitor, segments, streams, times, usage, spare);
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
        return tip.readable();
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
        spare.clear();
        marks.load();
        Recovery.Result found = new Recovery(storage, segments, quarantine).run(marks.highest());
        boolean copied = storage.isCopy();
        boolean renewed = found.tailLost() || copied;
        streams.reset(found.streams(), renewed);
        times.reset(found.corrections());
        lastStop = found.lastStop();
        placesLostAt = System.nanoTime() - (marks.isLost() && segments.count() > 0 ? 0 : LONG_AGO);
        damagedAtOpen = found.damaged();
        tip.reset(found.next(), renewed ? found.streams() : null);
        if (marks.isLost() && segments.count() == 0) {
            marks.begin();
        }
        if (renewed) {
            renew(found.tailLost() ? "The last stop of the journal was unclean and may have lost the last acknowledged records;"
                + " every stream began a new epoch, so that nothing is mistaken for what was lost."
                : "The journal is a copy, as of a restored backup; every stream began a new epoch, so that nothing is mistaken"
                + " for what the original has numbered since.");
        } else {
            claim();
        }
        if (lastStop == JournalStatus.LastStop.UNCLEAN) {
            monitor.tell(HealthReport.Status.OK, "The last stop of the gateway was unclean: it was killed or lost its power."
                + " Every record that the journal acknowledged is there.");
        }
        reserve.take();
        LOG.info("The journal in {} is open: {} segments, {} MB, {} streams", place(), segments.count(),
            segments.bytes() / (1024 * 1024), streams.count());
    }

    /** Keeps the new epochs on disk at once. If that fails, the next start comes to the same conclusion. */
    private void renew(String reason) {
        monitor.tell(HealthReport.Status.WARN, reason);
        try {
            tip.begin();
            tip.flush();
            tip.sync();
            tip.publish();
            claim();
        } catch (IOException e) {
            LOG.warn("The new epochs are not yet on disk: {}", Reasons.of(e));
            tip.abandon();
        }
    }

    private void claim() {
        try {
            storage.claim();
        } catch (IOException e) {
            LOG.debug("A copy of {} will not be known as one", place(), e);
        }
    }

    /** Segments that were found damaged when it opened. */
    List<Long> damagedAtOpen() {
        return damagedAtOpen;
    }

    /** Where it grows. */
    LogTip tip() {
        return tip;
    }

    /** Marks a clean stop and gives everything back. */
    void end() {
        try {
            tip.end();
        } finally {
            marks.close();
            storage.close();
        }
    }

    // --------------------------------------------------------------------------------------------------- quota

    long bytes() {
        return segments.bytes();
    }

    /** Whether so many bytes more fit the quota. */
    boolean hasRoom(long bytes) {
        return tip.used() <= settings.quotaBytes() - Settings.LEDGER_ROOM - bytes;
    }

    /** Ends a segment that nobody needs and keeps its file for the next one. */
    boolean recycle(Segment segment) {
        return spare.isThere() || segment.size() < settings.segmentBytes() ? delete(segment)
            : remove(segment, () -> spare.become(segment));
    }

    boolean delete(Segment segment) {
        return remove(segment, () -> storage.delete(segment.name()));
    }

    /** How a file goes. */
    private interface Removal {
        void run() throws IOException;
    }

    private boolean remove(Segment segment, Removal removal) {
        // First, so that whoever misses the file can tell why.
        segments.remove(segment);
        try {
            removal.run();
            // One that came back after a power cut would look like a hole in the log.
            storage.syncFolder("");
            quarantine.forget(segment);
        } catch (IOException e) {
            LOG.warn("{} in {} cannot be deleted: {}", segment.name(), place(), Reasons.of(e));
            segments.add(segment);
            return false;
        }
        tip.removed(segment);
        return true;
    }

    /** Whether it is worth a try to write to the disk again. */
    boolean hasDisk() throws IOException {
        Failure failure = monitor.failure();
        return failure == null || failure.kind() != Kind.FULL || storage.free() >= Reserve.WORTHWHILE;
    }
}
