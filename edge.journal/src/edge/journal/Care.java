// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.ClockCorrection;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.message.StreamId;
import edge.journal.disk.Reasons;
import edge.journal.format.Entry;
import edge.journal.format.SegmentIndex;
import edge.journal.format.StreamMark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must not delay the writer: keeping the cursors' marks, and accounting for damage, removed readers and wrong clocks. One
 * thread, {@code edge-journal-care}.
 */
final class Care {

    private static final Logger LOG = LoggerFactory.getLogger(Care.class);
    private static final long AGAIN_MILLIS = 5000;
    private static final long PATIENCE_SECONDS = 10;
    private static final String MARKS = "marks";

    private final Log log;
    private final Writer writer;
    private final AppendQueue queue;
    private final Supplier<Map<String, Place>> places;
    private final ScheduledThreadPoolExecutor executor;
    private final AtomicBoolean marksDue = new AtomicBoolean();
    private volatile long marksKept;
    private final Set<Long> audited = ConcurrentHashMap.newKeySet();
    private final Set<Long> accounted = ConcurrentHashMap.newKeySet();

    /** @param places what each open reader has still to do */
    Care(Log log, Writer writer, AppendQueue queue, Supplier<Map<String, Place>> places) {
        this.log = log;
        this.writer = writer;
        this.queue = queue;
        this.places = places;
        marksKept = System.nanoTime() - log.settings().markInterval().toNanos();
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "edge-journal-care");
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    // --------------------------------------------------------------------------------------------------- marks

    /** A mark moved: it is kept at once after a pause, else when the interval since the last time is over. */
    void markMoved() {
        if (marksDue.compareAndSet(false, true)) {
            long wait = marksKept + log.settings().markInterval().toNanos() - System.nanoTime();
            schedule(this::keepMarks, Math.max(0, TimeUnit.NANOSECONDS.toMillis(wait)));
        }
    }

    private void keepMarks() {
        marksDue.set(false);
        marksKept = System.nanoTime();
        try {
            log.marks().store(places.get());
            log.monitor().settled(MARKS);
        } catch (IOException e) {
            log.monitor().warn(MARKS, "The marks of the cursors in " + log.place() + " cannot be kept: " + Reasons.of(e) + ".",
                "Look at the disk; after a restart, records may be sent twice.");
            markMoved();
        }
    }

    /** Keeps these places now. */
    void keepNow(Map<String, Place> now) throws JournalException {
        await("keep the marks of its cursors", () -> {
            log.marks().store(now);
            return true;
        });
    }

    /** Forgets a place; the ledger tells before what its reader had not yet passed. */
    boolean remove(String name) throws JournalException {
        return await("remove cursor '" + name + "'", () -> {
            Optional<Place> place = log.marks().get(name);
            if (place.isPresent()) {
                enter(farewell(name, place.get()));
            }
            return log.marks().remove(name);
        });
    }

    /** What a reader that goes for ever had still to do. */
    private List<Append> farewell(String name, Place place) throws IOException {
        Clearance clearance = new Clearance(log, Map.of(name, place), JournalRecord.Loss.REMOVED);
        for (Segment segment : log.segments().all()) {
            long from = Positions.of(segment.number(), 0);
            long to = Positions.of(segment.number() + 1, 0);
            if (!place.isPending(from, to)) {
                continue;
            }
            SegmentIndex index = segment.isSealed() ? log.segments().index(segment) : null;
            if (index != null && place.ranges().size() == 1 && place.mark() <= from
                && index.streams().stream().noneMatch(SegmentIndex.StreamPart::hasEntries)) {
                clearance.take(index);
            } else {
                clearance.read(segment, stream -> true);
                if (clearance.isDamaged()) {
                    damaged(segment.number());
                }
            }
        }
        return clearance.entries(log.clock().now(), "The uplink '" + name + "' was removed.");
    }

    /** Appends entries and waits until all of them are on disk. */
    private void enter(List<Append> entries) throws JournalException, InterruptedException {
        for (Append entry : entries) {
            if (queue.offer(entry) == AppendQueue.Answer.CLOSED) {
                throw new JournalException(JournalException.Kind.CLOSED, "The journal is closed.");
            }
        }
        for (Append entry : entries) {
            try {
                entry.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new JournalException(JournalException.Kind.FAILING, "The ledger of the journal in " + log.place()
                    + " cannot be written: " + Reasons.of(e.getCause() == null ? e : e.getCause()), e);
            }
        }
    }

    // --------------------------------------------------------------------------------------------------- clock

    /** Appends a correction of the clock to every stream that it concerns. */
    CompletableFuture<Void> correct(ClockCorrection correction) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        schedule(() -> {
            try {
                List<Append> entries = new ArrayList<>();
                for (StreamId stream : corrected(correction)) {
                    entries.add(new Append(stream, new Entry.Correction(log.clock().now(), correction)));
                }
                // Before the entries: it is in the header of the next segment whatever happens.
                log.times().add(correction);
                enter(entries);
                done.complete(null);
            } catch (IOException | JournalException e) {
                done.completeExceptionally(e instanceof JournalException ? e : new JournalException(
                    JournalException.Kind.FAILING, "The journal in " + log.place() + " cannot be read: " + Reasons.of(e), e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                done.completeExceptionally(new JournalException(JournalException.Kind.CLOSED, "The journal is closed.", e));
            }
        }, 0);
        return done;
    }

    private Set<StreamId> corrected(ClockCorrection correction) throws IOException {
        if (correction.bootId().equals(log.clock().bootId())) {
            return new LinkedHashSet<>(log.activeStreams());
        }
        Set<StreamId> streams = new LinkedHashSet<>();
        for (Segment segment : log.segments().all()) {
            SegmentIndex index = segment.isSealed() ? log.segments().index(segment) : null;
            if (index != null && index.bootId().equals(correction.bootId())) {
                index.streams().stream().filter(part -> part.span().monotonicMin() < correction.untilNanos()
                    && part.span().monotonicMax() >= correction.fromNanos()).forEach(part -> streams.add(part.id()));
            }
        }
        return streams;
    }

    // ------------------------------------------------------------------------------------------------- indexes

    /** After opening: reads the indexes of what is there, and so counts what each stream takes. */
    void takeStock() {
        Optional<Segment> last = log.segments().last();
        schedule(() -> {
            for (Segment segment : log.segments().all()) {
                if (segment.isSealed()) {
                    try {
                        if (last.isPresent() && last.get() == segment) {
                            log.segments().writeIndex(segment);
                        }
                        SegmentIndex index = log.segments().index(segment);
                        writer.run(() -> {
                            if (log.segments().get(segment.number()).isPresent()) {
                                log.usage().add(segment, index, log.marks());
                            }
                        });
                    } catch (IOException e) {
                        LOG.warn("{} in {} has no index; it is not counted to its streams: {}", segment.name(), log.place(),
                            Reasons.of(e));
                    }
                }
            }
        }, 0);
    }

    private boolean await(String what, Callable<Boolean> task) throws JournalException {
        String failed = "The journal in " + log.place() + " could not " + what;
        try {
            return executor.submit(task).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JournalException(JournalException.Kind.FAILING, failed + ": the wait was interrupted.", e);
        } catch (ExecutionException e) {
            throw new JournalException(JournalException.Kind.FAILING, failed + ": " + Reasons.of(e.getCause())
                + ". Look at the disk and its permissions.", e.getCause());
        } catch (TimeoutException e) {
            throw new JournalException(JournalException.Kind.FAILING, failed + ": the disk does not answer.", e);
        } catch (RejectedExecutionException e) {
            throw new JournalException(JournalException.Kind.CLOSED, failed + ": it is closed.", e);
        }
    }

    // -------------------------------------------------------------------------------------------------- damage

    /** Damage was met in a segment: it is accounted for, once. Returns whether that is done. */
    boolean damaged(long segment) {
        if (audited.add(segment)) {
            schedule(() -> account(segment), 0);
        }
        return accounted.contains(segment);
    }

    private void account(long number) {
        try {
            Optional<Segment> segment = log.segments().get(number);
            if (segment.isPresent()) {
                account(segment.get());
            }
            accounted.add(number);
            queue.wake();
        } catch (IOException | JournalException | ExecutionException | TimeoutException e) {
            LOG.warn("The damage in segment {} is not yet in the ledger; it is tried again: {}", number, e.toString());
            schedule(() -> account(number), AGAIN_MILLIS);
        } catch (InterruptedException e) {
            // The journal is closing; the damage will be met again.
            Thread.currentThread().interrupt();
        }
    }

    private void account(Segment segment)
        throws IOException, JournalException, InterruptedException, ExecutionException, TimeoutException {
        List<StreamMark> end = writer.seal(segment.number()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Auditor.Findings findings = new Auditor(log.segments()).audit(segment, end);
        Set<String> told = new LinkedHashSet<>(log.quarantine().told(segment));
        List<Append> entries = new ArrayList<>();
        long lost = 0;
        for (Auditor.Loss loss : findings.losses()) {
            if (told.add(loss.line())) {
                lost += loss.to() - loss.from() + 1;
                entries.add(new Append(loss.stream(), Entry.Lost.forAll(log.clock().now(), loss.epoch(), loss.from(),
                    loss.to(), JournalRecord.Loss.CORRUPT, "The bytes of these records in " + segment.name() + " are damaged.")));
                findings.untold().stream().filter(loss::has)
                    .forEach(entry -> entries.add(new Append(entry.stream(), entry.lost())));
            }
        }
        enter(entries);
        // After the entries: a stop in between tells a loss twice, never not at all.
        log.quarantine().tell(segment, told);
        for (Auditor.Bytes bytes : findings.bytes()) {
            log.quarantine().copy(segment, bytes.from(), bytes.to());
        }
        if (!findings.bytes().isEmpty() || lost > 0) {
            log.monitor().warn(segment.name(), "Segment " + segment.name() + " of the journal in " + log.place() + " is damaged; " + lost
                + " records more are lost, and the ledger tells which.", "Look at the disk: it changes what it was given.");
        }
    }

    // ------------------------------------------------------------------------------------------------- threads

    private void schedule(Runnable task, long millis) {
        try {
            executor.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The journal is closed; what was due is done after the next start");
        }
    }

    /** Ends the thread. */
    void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
                executor.shutdownNow();
                if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.error("The journal's care of {} hangs in the disk", log.place());
                }
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
