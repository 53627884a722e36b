// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.ClockCorrection;
import edge.api.gateway.GatewayClock;
import edge.api.health.HealthReport;
import edge.api.journal.Cursor;
import edge.api.journal.History;
import edge.api.journal.HistoryQuery;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.JournalException.Kind;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalStatus;
import edge.api.journal.Lanes;
import edge.api.journal.LedgerEntry;
import edge.api.journal.StreamSelection;
import edge.api.message.Message;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.journal.disk.DiskStorage;
import edge.journal.disk.Storage;
import edge.journal.format.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal on segments. Opens on its own thread: it can be used at once, and appends wait until it is open. */
public final class SegmentedJournal implements Journal, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentedJournal.class);
    static final List<String> FOLDERS = List.of(Quarantine.FOLDER);
    private static final long PATIENCE_SECONDS = 10;
    private static final int NEARLY_FULL_PERCENT = 90;

    private final Log log;
    private final Monitor monitor;
    private final AppendQueue queue;
    private final Refusals refusals;
    private final Writer writer;
    private final Thread thread;
    private final Care care;
    private final Fetcher fetcher;
    private final Readers readers;
    private volatile Instant nearlyFullSince;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final JournalException overloaded;
    private final JournalException closedException;

    SegmentedJournal(Storage storage, Settings settings, UUID gateway, GatewayClock clock, Monitor monitor) {
        this.monitor = monitor;
        log = new Log(storage, settings, gateway, clock, monitor);
        queue = new AppendQueue(settings.queueRecords(), settings.queueBytes(), settings.groupBytes());
        readers = new Readers(log, queue);
        refusals = new Refusals(clock);
        writer = new Writer(log, queue, readers::places, refusals, this::opened, readers::wake);
        care = new Care(log, writer, queue, readers::places);
        readers.start(care);
        fetcher = new Fetcher(log, care::damaged);
        overloaded = new JournalException(Kind.OVERLOADED, "More appends wait for the disk of the journal in " + log.place()
            + " than the queue takes. Publish more slowly, or give the gateway a faster disk.");
        closedException = new JournalException(Kind.CLOSED, "The journal is closed.");
        thread = new Thread(writer, "edge-journal");
    }

    /** A journal that syncs each record, without a framework around it, as the bench needs it. It has been started. */
    public static SegmentedJournal synced(Path folder, UUID gateway, GatewayClock clock) {
        SegmentedJournal journal = new SegmentedJournal(new DiskStorage(folder, FOLDERS),
            Settings.of(16, 1024, SyncPolicy.EACH, Duration.ofMillis(10)), gateway, clock,
            new Monitor((status, text) -> LOG.warn("{}", text)));
        journal.start();
        return journal;
    }

    /** The same, with a sync for 1,000 records or an interval, dropping the oldest when it is full. */
    public static SegmentedJournal grouped(Path folder, int quotaMegabytes, int segmentMegabytes, Duration interval, UUID gateway,
                                           GatewayClock clock) {
        Settings settings = Settings.of(segmentMegabytes, quotaMegabytes, SyncPolicy.INTERVAL, interval)
            .with(StreamRules.of(StreamRules.WhenFull.DROP));
        SegmentedJournal journal = new SegmentedJournal(new DiskStorage(folder, FOLDERS), settings, gateway, clock,
            new Monitor((status, text) -> LOG.warn("{}", text)));
        journal.start();
        return journal;
    }

    /** Starts the writer, which opens the log first. */
    void start() {
        thread.start();
    }

    private void opened() {
        opened.countDown();
        log.damagedAtOpen().forEach(care::damaged);
        care.takeStock();
    }

    @Override
    public CompletionStage<RecordKey> append(StreamId stream, Message message) {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(message, "message");
        Failure failure = monitor.failure();
        if (failure != null) {
            return refused(stream, message, failure.exception());
        }
        Append append = new Append(stream, message);
        int most = log.settings().recordBytes();
        if (append.weight > 2 * most || message instanceof RawMessage raw && raw.payload().length > most) {
            return refused(stream, message, new JournalException(Kind.OVERSIZE, "A message for " + stream + " is larger than the " + most
                + " bytes that a record may have. Publish it in smaller parts."));
        }
        return switch (queue.offer(append)) {
            case TAKEN -> append;
            case FULL -> refused(stream, message, overloaded);
            case CLOSED -> refused(stream, message, closedException);
        };
    }

    private CompletionStage<RecordKey> refused(StreamId stream, Message message, JournalException why) {
        monitor.refused.increment();
        boolean first = refusals.isEmpty();
        refusals.count(stream, message, why.kind());
        if (first) {
            queue.wake();
        }
        return CompletableFuture.failedFuture(why);
    }

    @Override
    public Cursor open(String name, StreamSelection selection) throws JournalException {
        awaitOpen();
        return readers.open(name, selection);
    }

    @Override
    public Lanes openLanes(String name, StreamSelection selection) throws JournalException {
        awaitOpen();
        return readers.openLanes(name, selection);
    }

    /** A cursor needs the log to be open; its opening takes far less than a second on any disk that works. */
    private void awaitOpen() throws JournalException {
        try {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            while (!opened.await(20, TimeUnit.MILLISECONDS)) {
                Failure failure = monitor.failure();
                if (failure != null) {
                    throw new JournalException(failure.kind(), failure.exception().getMessage(), failure.exception());
                }
                if (queue.isClosed()) {
                    throw closedException;
                }
                if (System.nanoTime() - until > 0) {
                    throw new JournalException(Kind.FAILING, "The journal in " + log.place() + " is still being opened.");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JournalException(Kind.FAILING, "The wait for the journal was interrupted.", e);
        }
    }

    @Override
    public boolean remove(String name) throws JournalException {
        awaitOpen();
        return readers.remove(name);
    }

    @Override
    public History history(HistoryQuery query) throws JournalException {
        awaitOpen();
        return new LogHistory(log, query, care::damaged);
    }

    @Override
    public CompletionStage<RecordKey> tell(LedgerEntry entry) {
        Append append = new Append(entry.stream(), new Entry.Lost(log.clock().now(), entry.uplink(), entry.epoch(), entry.from(),
            entry.to(), entry.reason(), entry.detail(), entry.revoked()));
        return queue.offer(append) == AppendQueue.Answer.TAKEN ? append : CompletableFuture.failedFuture(closedException);
    }

    @Override
    public CompletionStage<Void> correct(ClockCorrection correction) {
        return care.correct(correction);
    }

    @Override
    public List<ClockCorrection> corrections() {
        return log.times().corrections();
    }

    @Override
    public long end() throws JournalException {
        awaitOpen();
        return Math.max(0, log.readable() - 1);
    }

    @Override
    public List<JournalRecord> fetch(List<Long> positions) throws JournalException {
        awaitOpen();
        return fetcher.fetch(positions);
    }

    @Override
    public JournalStatus status() {
        Failure failure = monitor.failure();
        Settings settings = log.settings();
        String interval = settings.sync() == SyncPolicy.INTERVAL ? " of " + settings.interval().toMillis() + " ms" : "";
        return new JournalStatus(log.bytes(), settings.quotaBytes(), log.segments().count(), monitor.appended.sum(),
            monitor.refused.sum(), monitor.syncs.sum(), failure == null ? "" : failure.reason(),
            settings.sync().words() + interval,
            log.streams().stream().map(mark -> new JournalStatus.Stream(mark.id(), mark.epoch(), mark.last(),
                log.usage().of(mark.id()))).toList(), monitor.lost(), log.lastStop());
    }

    /** How the journal is. Returns at once. */
    HealthReport health() {
        HealthReport report = monitor.report();
        Optional<Instant> overload = queue.overloadedSince();
        if (report.status() == HealthReport.Status.OK && overload.isPresent()) {
            return new HealthReport(HealthReport.Status.WARN, overload.get(), "More appends wait for the disk of the journal in "
                + log.place() + " than its queue takes; what exceeds it is refused.",
                "Publish more slowly, or give the gateway a faster disk.");
        }
        Optional<String> holder = report.status() == HealthReport.Status.OK ? holder() : Optional.empty();
        if (holder.isEmpty()) {
            nearlyFullSince = null;
            return report;
        }
        if (nearlyFullSince == null) {
            nearlyFullSince = Instant.now();
        }
        return new HealthReport(HealthReport.Status.WARN, nearlyFullSince, "The journal holds "
            + log.bytes() * 100 / log.settings().quotaBytes() + " % of its quota, and '" + holder.get()
            + "' has not delivered the oldest records.", "Bring that uplink back, remove it, or raise quotaMegabytes.");
    }

    /** The cursor for which a nearly full journal keeps its oldest segment. */
    private Optional<String> holder() {
        if (log.bytes() <= log.settings().quotaBytes() / 100 * NEARLY_FULL_PERCENT) {
            return Optional.empty();
        }
        Optional<Segment> oldest = log.segments().first();
        return log.marks().slowest()
            .filter(slowest -> oldest.isPresent()
                && Positions.segment(slowest.getValue().mark()) <= oldest.get().number())
            .map(Map.Entry::getKey);
    }

    /** Writes what waits, marks a clean stop, keeps the marks, ends the threads. Waits a bounded time. */
    @Override
    public void close() {
        readers.close();
        queue.close();
        fetcher.close();
        care.close();
        boolean interrupted = false;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (thread.isAlive()) {
            LOG.error("The journal's writer hangs in the disk of {}; the next start will check the journal", log.place());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
