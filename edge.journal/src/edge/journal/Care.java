// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.journal.disk.Reasons;
import edge.journal.format.LostRange;
import edge.journal.format.StreamMark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must not delay the writer: keeping the cursors' marks, and accounting for damage. One thread, {@code
 * edge-journal-care}.
 */
final class Care {

    private static final Logger LOG = LoggerFactory.getLogger(Care.class);
    private static final long AGAIN_MILLIS = 5000;
    private static final long PATIENCE_SECONDS = 10;
    private static final String MARKS = "marks";

    private final Log log;
    private final Writer writer;
    private final AppendQueue queue;
    private final Map<String, Supplier<Place>> places;
    private final ScheduledThreadPoolExecutor executor;
    private final AtomicBoolean marksDue = new AtomicBoolean();
    private volatile long marksKept;
    private final Set<Long> audited = ConcurrentHashMap.newKeySet();

    /** @param places of the readers that are open */
    Care(Log log, Writer writer, AppendQueue queue, Map<String, Supplier<Place>> places) {
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
            Map<String, Place> moved = new HashMap<>();
            places.forEach((name, place) -> moved.put(name, place.get()));
            log.marks().store(moved);
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

    boolean remove(String name) throws JournalException {
        return await("remove cursor '" + name + "'", () -> log.marks().remove(name));
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

    /** Damage was met in a segment: it is accounted for, once. */
    void damaged(long segment) {
        if (audited.add(segment)) {
            schedule(() -> account(segment), 0);
        }
    }

    private void account(long number) {
        try {
            Optional<Segment> segment = log.segments().get(number);
            if (segment.isPresent()) {
                account(segment.get());
            }
        } catch (IOException | ExecutionException | TimeoutException e) {
            LOG.warn("The damage in segment {} is not yet in the ledger; it is tried again: {}", number, e.toString());
            schedule(() -> account(number), AGAIN_MILLIS);
        } catch (InterruptedException e) {
            // The journal is closing; the damage will be met again.
            Thread.currentThread().interrupt();
        }
    }

    private void account(Segment segment) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        List<StreamMark> end = writer.seal(segment.number()).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Auditor.Findings findings = new Auditor(log.segments()).audit(segment, end);
        Set<String> told = new LinkedHashSet<>(log.quarantine().told(segment));
        List<CompletableFuture<?>> entries = new ArrayList<>();
        long lost = 0;
        for (Auditor.Loss loss : findings.losses()) {
            if (told.add(loss.line())) {
                lost += loss.to() - loss.from() + 1;
                entries.add(enter(loss, segment));
            }
        }
        for (Future<?> entry : entries) {
            entry.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
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

    private CompletableFuture<?> enter(Auditor.Loss loss, Segment segment) {
        LostRange range = new LostRange(log.clock().now(), loss.epoch(), loss.from(), loss.to(), JournalRecord.Loss.CORRUPT,
            "The bytes of these records in " + segment.name() + " are damaged.");
        Append append = new Append(loss.stream(), range);
        if (queue.offer(append) == AppendQueue.Answer.CLOSED) {
            append.fail(new JournalException(JournalException.Kind.CLOSED, "The journal is closed."));
        }
        return append;
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
