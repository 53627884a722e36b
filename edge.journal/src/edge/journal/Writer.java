// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.JournalException;
import edge.api.journal.JournalException.Kind;
import edge.journal.disk.Reasons;
import edge.journal.disk.StorageFullException;
import edge.journal.format.StreamMark;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes: takes what waits, appends it, syncs by the policy, completes it in order.
 *
 * <p>A segment on which a write or a sync failed is never touched again: what of it is not acknowledged is written anew to
 * the next one. If that fails too, it is refused, and the journal tries from time to time whether the disk has recovered.
 */
final class Writer implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final long FOREVER = TimeUnit.DAYS.toNanos(1);

    private final Log log;
    private final AppendQueue queue;
    private final Retention retention;
    private final Refusals refusals;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Runnable whenOpen;
    private final Runnable afterwards;
    private final long retryNanos;

    private final Group unacknowledged;
    private List<Append> batch = List.of();
    private boolean opened;
    private long retryAt;

    /**
     * @param readers what each open reader has still to do
     * @param refusals what is to be told about messages that were refused
     * @param whenOpen called once, when the journal is open
     * @param afterwards called after each turn: what was written can be read now
     */
    Writer(Log log, AppendQueue queue, Supplier<Map<String, Place>> readers, Refusals refusals, Runnable whenOpen,
           Runnable afterwards) {
        this.log = log;
        this.queue = queue;
        this.refusals = refusals;
        this.retention = new Retention(log, readers, this::enter);
        this.whenOpen = whenOpen;
        this.afterwards = afterwards;
        this.retryNanos = log.settings().retry().toNanos();
        this.unacknowledged = new Group(log.settings());
    }

    /** Runs something on the writer's thread, soon. */
    void run(Runnable task) {
        tasks.add(task);
        queue.wake();
    }

    /** Ends the segment if it is being written, so that all of it can be checked. Completes with the streams at its end. */
    CompletableFuture<List<StreamMark>> seal(long segment) {
        CompletableFuture<List<StreamMark>> sealed = new CompletableFuture<>();
        run(() -> {
            if (log.tip().isActive(segment)) {
                commit();
            }
            // Committing may have failed, and then ended it already.
            if (log.tip().isActive(segment)) {
                log.tip().retire();
            }
            sealed.complete(log.streams());
        });
        return sealed;
    }

    @Override
    public void run() {
        while (true) {
            try {
                turn();
                if (queue.isClosed() && batch.isEmpty()) {
                    break;
                }
            } catch (RuntimeException | Error e) {
                // Whatever it is, the next appends must not wait for ever on a writer that is gone.
                goOn(e);
            }
        }
        if (opened) {
            if (log.monitor().failure() == null) {
                enter(refusals.take(true));
            }
            log.end();
        }
        runTasks();
    }

    private void goOn(Throwable problem) {
        try {
            log.tip().abandon();
            fail(Failure.of(Kind.FAILING, false, "The writer of the journal in " + log.place() + " failed: " + problem + ".",
                "It tries again by itself; report what the log says.", problem));
            for (Append append : batch) {
                if (!append.isFinished()) {
                    refuse(append, log.monitor().failure().exception());
                }
            }
        } catch (RuntimeException | Error again) {
            LOG.error("The journal's writer failed twice", again);
        }
    }

    private void turn() {
        if (!opened) {
            open();
        }
        batch = queue.take(waitNanos(), unacknowledged.missing());
        runTasks();
        for (int i = 0; i < batch.size(); i++) {
            accept(batch.get(i));
        }
        if (unacknowledged.isDue() || queue.isClosed()) {
            commit();
        }
        if (opened && log.monitor().failure() != null && System.nanoTime() - retryAt >= 0) {
            retry();
        }
        if (opened) {
            care();
        }
        afterwards.run();
    }

    /** What is due beside the appends. */
    private void care() {
        Failure failure = log.monitor().failure();
        boolean well = failure == null;
        if (retention.wait(well) == 0) {
            retention.expire();
        }
        if ((well || failure.kind() == Kind.FULL) && refusals.wait(well) == 0) {
            enter(refusals.take(well));
        }
    }

    /** Makes entries durable, with everything before them; returns whether they are. */
    private boolean enter(List<Append> entries) {
        commit();
        for (Append entry : entries) {
            queue.occupy(entry);
            take(entry);
        }
        commit();
        return entries.stream().noneMatch(entry -> !entry.isFinished() || entry.isCompletedExceptionally());
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        Thread.interrupted();
    }

    private long waitNanos() {
        long wait = unacknowledged.left(FOREVER);
        if (log.monitor().failure() != null) {
            wait = Math.min(wait, Math.max(0, retryAt - System.nanoTime()));
        }
        if (opened) {
            boolean well = log.monitor().failure() == null;
            wait = Math.min(wait, Math.min(retention.wait(well), refusals.wait(well)));
        }
        return wait;
    }

    private void open() {
        if (log.monitor().failure() != null && System.nanoTime() - retryAt < 0) {
            return;
        }
        try {
            log.open();
            opened = true;
            log.monitor().healed();
            whenOpen.run();
        } catch (IOException | RuntimeException e) {
            fail(Failure.of(Kind.FAILING, false, "The journal's folder " + log.place() + " cannot be used: " + Reasons.of(e)
                + ".", "Make it a folder that the gateway may write to; the journal then opens by itself.", e));
        }
    }

    private void accept(Append append) {
        Failure failure = log.monitor().failure();
        boolean mayTry = failure == null || append.isEntry() && failure.kind() == Kind.FULL && opened;
        if (!mayTry) {
            refuse(append, failure.exception());
            return;
        }
        if (append.isEntry()) {
            if (failure != null) {
                log.reserve().giveUp();
            }
        } else if (!isAdmitted(append)) {
            return;
        }
        take(append);
    }

    /** Whether the quotas let a message in; else it is refused. */
    private boolean isAdmitted(Append append) {
        if (!log.hasRoom(append.weight)) {
            commit();
            if (log.monitor().failure() == null && !retention.makeRoom(append.weight)
                && log.monitor().failure() == null) {
                fail(quotaReached());
            }
        }
        JournalException why = log.monitor().failure() == null ? retention.admit(append.stream, append.weight)
            : log.monitor().failure().exception();
        if (why == null && log.monitor().failure() != null) {
            why = log.monitor().failure().exception();
        }
        if (why != null) {
            refuse(append, why);
        }
        return why == null;
    }

    /** Encodes an append that nothing keeps out. */
    private void take(Append append) {
        if (log.tip().isSegmentFull() && !retention.isTelling()) {
            commit();
            retention.beforeRoll();
            log.tip().retire();
        }
        unacknowledged.add(append);
        try {
            write(append);
        } catch (IOException e) {
            fault(e);
        }
    }

    private Failure quotaReached() {
        return Failure.of(Kind.FULL, true, "The journal in " + log.place() + " has reached its quota of "
            + log.settings().quotaBytes() / (1024 * 1024) + " MB, and " + log.whoWaits() + ".",
            "Bring the uplink back, remove it, raise quotaMegabytes, or let whenFull drop the oldest; the journal then goes on"
                + " by itself.", null);
    }

    /** Encodes the append, which is the last of the unacknowledged or is being written again. */
    private void write(Append append) throws IOException {
        JournalException problem;
        try {
            problem = log.tip().write(append);
        } catch (RuntimeException e) {
            LOG.error("A message for {} cannot be written: {}", append.stream, e.toString(), e);
            problem = new JournalException(Kind.OVERSIZE, "The message for " + append.stream + " cannot be written: " + e, e);
        }
        if (problem != null) {
            unacknowledged.remove(append);
            refuse(append, problem);
        }
    }

    /** Makes what is written durable under the policy, and acknowledges it. */
    private void commit() {
        if (unacknowledged.isEmpty()) {
            return;
        }
        try {
            log.tip().flush();
            if (log.settings().sync() != SyncPolicy.OS) {
                log.tip().sync();
            }
        } catch (IOException e) {
            fault(e);
            return;
        }
        acknowledge();
    }

    private void acknowledge() {
        log.tip().publish();
        log.monitor().appended.add(unacknowledged.size());
        queue.release(unacknowledged.size(), unacknowledged.bytes());
        for (Append append : unacknowledged.clear()) {
            if (append.isEntry()) {
                log.monitor().told(append);
            }
            append.done(log.gateway());
        }
        // An interrupt that a continuation left behind would close the segment's file.
        Thread.interrupted();
    }

    /** A write or a sync failed: writes what is not acknowledged to a new segment, or refuses it. */
    private void fault(IOException failure) {
        LOG.warn("Writing the journal in {} failed; what is not acknowledged goes to a new segment: {}", log.place(),
            Reasons.of(failure));
        log.tip().abandon();
        if (unacknowledged.isEmpty() && log.monitor().failure() != null) {
            return;
        }
        try {
            log.tip().begin();
            for (Append append : unacknowledged.all()) {
                write(append);
            }
            log.tip().flush();
            if (log.settings().sync() != SyncPolicy.OS) {
                log.tip().sync();
            }
            acknowledge();
        } catch (IOException again) {
            log.tip().abandon();
            fail(disk(again));
        }
    }

    private Failure disk(IOException failure) {
        if (failure instanceof StorageFullException) {
            return Failure.of(Kind.FULL, false, "The disk of the journal in " + log.place() + " is full.",
                "Free some space on it; the journal then goes on by itself.", failure);
        }
        return Failure.of(Kind.FAILING, false, "The disk of the journal in " + log.place() + " fails: " + Reasons.of(failure)
            + ".", "Look at the disk and its mount options; the journal tries again by itself.", failure);
    }

    /** The journal takes nothing more for now, and nothing that is not yet acknowledged was taken. */
    private void fail(Failure failure) {
        log.monitor().failed(failure);
        retryAt = System.nanoTime() + retryNanos;
        for (Append append : unacknowledged.clear()) {
            refuse(append, failure.exception());
        }
    }

    private void refuse(Append append, JournalException why) {
        log.monitor().refused.increment();
        queue.release(1, append.weight);
        if (!append.isEntry()) {
            refusals.count(append.stream, append.message, why.kind());
        }
        append.fail(why);
    }

    /** Tries whether the failure is over. */
    private void retry() {
        retryAt = System.nanoTime() + retryNanos;
        Failure failure = log.monitor().failure();
        try {
            if (failure.quota() ? !retention.makeRoom(log.settings().segmentBytes() / 2) : !log.hasDisk()) {
                return;
            }
            log.tip().begin();
            log.tip().flush();
            log.tip().sync();
            log.tip().publish();
            log.reserve().take();
            log.monitor().healed();
        } catch (IOException e) {
            log.tip().abandon();
            LOG.debug("The journal in {} still fails", log.place(), e);
        }
    }
}
