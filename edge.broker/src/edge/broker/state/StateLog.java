// SPDX-License-Identifier: Apache-2.0
package edge.broker.state;

import edge.broker.state.StateFile.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker's memory across a restart: a log of {@link Entry entries} that is begun anew with all that is true when it has
 * grown. One thread, {@code edge-broker-state}, writes; whoever must know that a change is safe is told on the loop, in order.
 *
 * <p>If the disk fails, nobody is told anything until all that is true could be written to a new file.
 */
public final class StateLog {

    private static final Logger LOG = LoggerFactory.getLogger(StateLog.class);

    private static final long RETRY_MILLIS = 1_000;
    private static final long SMALLEST = 1 << 20;
    /** What nobody waits for is written at the latest after so long. */
    private static final long LAZY_MILLIS = 200;
    /** A disk that is busy takes seconds. */
    private static final long CLOSE_MILLIS = 10_000;

    /** What the log needs of its broker; called on the log's thread. */
    public interface Owner {

        /** Somebody should give {@link #replace} all that is true: the log has grown, or the disk has failed. */
        void wantsAll();

        void failing(String reason);

        void wellAgain();
    }

    private record Change(byte[] entry, Optional<Runnable> whenSafe) {
    }

    private final StateFile file;
    private final Path folder;
    private final Executor loop;
    private final Owner owner;
    private final Thread thread = new Thread(this::run, "edge-broker-state");

    // All guarded by this.
    private List<Change> changes = new ArrayList<>();
    private Optional<List<byte[]>> all = Optional.empty();
    private boolean urgent;
    private boolean closing;

    // The log's thread only.
    private final List<Runnable> held = new ArrayList<>();
    private long compacted;
    private boolean asked;
    private boolean failing;

    /** @param loop where those are told who wait for a change */
    public StateLog(Path folder, Executor loop, Owner owner) {
        this(folder, new StateFile(folder), loop, owner);
    }

    StateLog(Path folder, StateFile file, Executor loop, Owner owner) {
        this.folder = folder;
        this.file = file;
        this.loop = loop;
        this.owner = owner;
        thread.setDaemon(true);
    }

    /** What was true when the process ended, and what of it was damaged. Never fails for the content of a file. */
    public Loaded load() {
        try {
            Content content = file.load();
            return new Loaded(content.entries(), content.damaged() == 0 ? "" : content.damaged()
                + " bytes of the broker's sessions and retained messages were damaged; a copy is in " + content.quarantined() + ".");
        } catch (IOException | RuntimeException e) {
            return new Loaded(List.of(), "The broker's sessions and retained messages in " + folder + " cannot be read: "
                + e + ".");
        }
    }

    /** @param damage one sentence; empty if nothing was damaged */
    public record Loaded(List<Entry> entries, String damage) {
    }

    /** Begins to write, with a file that holds these entries. */
    public void start(List<Entry> entries) {
        replace(entries);
        thread.start();
    }

    /** Adds a change that nobody waits for. */
    public void append(Entry entry) {
        add(new Change(entry.encode(), Optional.empty()), false);
    }

    /** Adds a change; the action runs on the loop when it is on disk. */
    public void append(Entry entry, Runnable whenSafe) {
        add(new Change(entry.encode(), Optional.of(whenSafe)), true);
    }

    /** The action runs on the loop when everything that was added before is on disk. */
    public void whenSafe(Runnable action) {
        add(new Change(new byte[0], Optional.of(action)), true);
    }

    private synchronized void add(Change change, boolean isUrgent) {
        if (!closing) {
            changes.add(change);
            if (isUrgent && !urgent) {
                urgent = true;
                notifyAll();
            }
        }
    }

    /** All that is true now: it takes the place of everything that was added before. */
    public synchronized void replace(List<Entry> entries) {
        all = Optional.of(entries.stream().map(Entry::encode).toList());
        // What was added before is part of it.
        changes.replaceAll(change -> new Change(new byte[0], change.whenSafe()));
        urgent = true;
        notifyAll();
    }

    private void run() {
        boolean goOn = true;
        while (goOn) {
            List<Change> batch;
            Optional<List<byte[]>> begin;
            synchronized (this) {
                await();
                batch = changes;
                changes = new ArrayList<>();
                begin = all;
                all = Optional.empty();
                urgent = false;
                goOn = !closing;
            }
            write(begin, batch);
        }
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("The state could not be closed", e);
        }
    }

    // Called with the monitor held.
    private void await() {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(failing ? RETRY_MILLIS : LAZY_MILLIS);
        try {
            while (!urgent && !closing) {
                long left = until - System.nanoTime();
                if ((failing || !changes.isEmpty()) && left <= 0) {
                    return;
                }
                wait(failing || !changes.isEmpty() ? TimeUnit.NANOSECONDS.toMillis(left) + 1 : LAZY_MILLIS);
            }
        } catch (InterruptedException e) {
            // Only close() ends this thread.
            LOG.debug("interrupted", e);
        }
    }

    private void write(Optional<List<byte[]>> begin, List<Change> batch) {
        for (Change change : batch) {
            change.whenSafe().ifPresent(held::add);
        }
        try {
            if (begin.isPresent()) {
                file.replace(begin.get());
                compacted = file.size();
                asked = false;
                recovered();
            } else if (failing) {
                ask();
                return;
            }
            List<byte[]> entries = batch.stream().map(Change::entry).filter(entry -> entry.length > 0).toList();
            if (!entries.isEmpty()) {
                file.append(entries);
            }
            // What was written before, when nobody waited for it, may still not be on disk.
            if (!held.isEmpty() && !file.isSynced()) {
                file.sync();
            }
        } catch (IOException e) {
            failed(e);
            return;
        }
        if (!held.isEmpty()) {
            List<Runnable> told = List.copyOf(held);
            held.clear();
            loop.execute(() -> told.forEach(Runnable::run));
        }
        if (file.size() > SMALLEST + 2 * compacted && !asked) {
            ask();
        }
    }

    private void ask() {
        asked = true;
        owner.wantsAll();
    }

    private void failed(IOException e) {
        if (!failing) {
            failing = true;
            LOG.error("The broker's sessions and retained messages cannot be written to {}", folder, e);
            owner.failing("The broker's sessions and retained messages cannot be written to " + folder + ": " + e.getMessage()
                + ".");
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            owner.wellAgain();
        }
    }

    /** Writes what waits and ends the thread. Waits a bounded time. */
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
