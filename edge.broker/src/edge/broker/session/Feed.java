// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.api.journal.Cursor;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.RawMessage;
import edge.broker.base.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is in the journal to the sessions that outlive the process: one cursor reads every record once, in order, for all
 * of them. A thread of its own, {@code edge-broker-journal}, reads; records are handed to the loop, which asks for more when it
 * has taken them.
 */
final class Feed {

    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    /** The place of somebody who has never read. */
    static final long NEVER = -1;

    private static final String CURSOR = "broker-sessions";
    private static final int BATCH = 256;
    private static final long RETRY_MILLIS = 200;
    private static final int FETCH_STEP = 16;
    private static final long FETCH_BYTES = 1L << 20;

    /** What is in the journal for sessions, and for devices too if somebody subscribes to them. */
    private static final StreamSelection WITHOUT_DEVICES = new StreamSelection(List.of("local/*", "ingest/*"));
    private static final StreamSelection WITH_DEVICES = new StreamSelection(List.of("local/*", "ingest/*", "device/*"));

    private final Loop loop;
    private final Supplier<Optional<Journal>> journals;
    private final Consumer<List<JournalRecord>> records;
    private final ScheduledThreadPoolExecutor thread;

    // The thread's own.
    private Optional<Journal> journal = Optional.empty();
    private Optional<Cursor> cursor = Optional.empty();
    private boolean devices;
    private boolean reading;
    /** Everything up to here has been handed over. */
    private long from = NEVER;
    /** Everything up to here is known after a restart: the cursor's mark must not pass it. */
    private long kept = NEVER;
    private List<LongConsumer> whenOpen = new ArrayList<>();
    private List<Runnable> whenCaughtUp = new ArrayList<>();
    private boolean complained;

    private volatile boolean open;
    private volatile boolean closed;

    /** @param records takes what was read, on the loop */
    Feed(Loop loop, Supplier<Optional<Journal>> journals, Consumer<List<JournalRecord>> records) {
        this.loop = loop;
        this.journals = journals;
        this.records = records;
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "edge-broker-journal");
            made.setDaemon(true);
            return made;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setKeepAliveTime(10, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Whether everything that is appended from now on will be read. */
    boolean isOpen() {
        return open;
    }

    /**
     * Begins to read, or changes what is read.
     *
     * @param fed everything up to that position is known after a restart; {@link #NEVER}: it begins with what comes from now on
     * @param withDevices whether what devices report is read too
     * @param ready runs on the loop when it is so, with the position behind which is read
     */
    void open(long fed, boolean withDevices, LongConsumer ready) {
        execute(() -> {
            if (from == NEVER) {
                from = fed;
                kept = fed;
            }
            whenOpen.add(ready);
            if (cursor.isPresent() && withDevices && !devices) {
                leave();
            }
            devices |= withDevices;
            tryOpen();
        });
    }

    private void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The broker has ended", e);
        }
    }

    private void tryOpen() {
        if (closed) {
            return;
        }
        try {
            if (cursor.isEmpty() && !openCursor()) {
                thread.schedule(this::tryOpen, RETRY_MILLIS, TimeUnit.MILLISECONDS);
                return;
            }
        } catch (JournalException | RuntimeException e) {
            complain(e);
            thread.schedule(this::tryOpen, RETRY_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        List<LongConsumer> told = whenOpen;
        whenOpen = new ArrayList<>();
        long behind = from;
        loop.execute(() -> told.forEach(each -> each.accept(behind)));
        read();
    }

    private boolean openCursor() throws JournalException {
        journal = journals.get();
        if (journal.isEmpty()) {
            return false;
        }
        Cursor opened = journal.get().open(CURSOR, devices ? WITH_DEVICES : WITHOUT_DEVICES);
        if (from == NEVER) {
            from = journal.get().end();
            kept = from;
        }
        opened.acknowledge(kept);
        cursor = Optional.of(opened);
        open = true;
        complained = false;
        return true;
    }

    private void complain(Exception e) {
        if (!complained) {
            complained = true;
            LOG.warn("Messages for sessions that are away cannot be read from the journal; it is tried again: {}", e.toString());
        }
    }

    private void read() {
        if (reading || cursor.isEmpty() || closed) {
            return;
        }
        try {
            List<JournalRecord> read = cursor.get().read(BATCH);
            if (read.isEmpty()) {
                if (!whenCaughtUp.isEmpty()) {
                    List<Runnable> caughtUp = whenCaughtUp;
                    whenCaughtUp = new ArrayList<>();
                    loop.execute(() -> caughtUp.forEach(Runnable::run));
                }
                cursor.get().whenAvailable(() -> execute(this::read));
                return;
            }
            reading = true;
            long behind = from;
            List<JournalRecord> found = read.stream().filter(record -> record.position() > behind).toList();
            from = Math.max(from, read.get(read.size() - 1).position());
            loop.execute(() -> {
                try {
                    records.accept(found);
                } finally {
                    execute(() -> {
                        reading = false;
                        read();
                    });
                }
            });
        } catch (JournalException | RuntimeException e) {
            complain(e);
            leave();
            thread.schedule(this::tryOpen, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void leave() {
        open = false;
        try {
            cursor.ifPresent(Cursor::close);
        } catch (RuntimeException e) {
            LOG.debug("The cursor of a journal that is gone could not be closed", e);
        }
        cursor = Optional.empty();
    }

    /** What the sessions have taken over for good need not be read again. */
    void acknowledge(long position) {
        execute(() -> {
            kept = Math.max(kept, position);
            cursor.ifPresent(c -> c.acknowledge(position));
        });
    }

    /** Runs the action on the loop as soon as everything that is in the journal has been handed over. */
    void whenCaughtUp(Runnable action) {
        execute(() -> {
            whenCaughtUp.add(action);
            if (cursor.isPresent()) {
                read();
            }
        });
    }

    /**
     * Reads single records.
     *
     * @param found gets what was read on the loop, and up to which of the positions was looked
     */
    void fetch(List<Long> positions, Consumer<Fetched> found) {
        execute(() -> {
            List<JournalRecord> read = new ArrayList<>();
            int looked = 0;
            long bytes = 0;
            try {
                Journal now = journal.orElseThrow(() -> new JournalException(JournalException.Kind.CLOSED, "no journal is running"));
                while (looked < positions.size() && bytes < FETCH_BYTES) {
                    int next = Math.min(looked + FETCH_STEP, positions.size());
                    List<JournalRecord> some = now.fetch(positions.subList(looked, next));
                    read.addAll(some);
                    bytes += some.stream().mapToLong(Feed::size).sum();
                    looked = next;
                }
            } catch (JournalException | RuntimeException e) {
                complain(e);
                List<JournalRecord> before = read;
                int upTo = looked;
                thread.schedule(() -> loop.execute(() -> found.accept(new Fetched(before, positions.subList(0, upTo)))),
                    RETRY_MILLIS, TimeUnit.MILLISECONDS);
                return;
            }
            Fetched result = new Fetched(read, positions.subList(0, looked));
            loop.execute(() -> found.accept(result));
        });
    }

    private static long size(JournalRecord record) {
        return record instanceof JournalRecord.Stored stored && stored.message() instanceof RawMessage raw
            ? raw.payload().length : 0;
    }

    /** @param looked the positions that were looked for; those without a record are gone */
    record Fetched(List<JournalRecord> records, List<Long> looked) {
    }

    /** Ends the thread and keeps the place. */
    void close() {
        closed = true;
        execute(this::leave);
        thread.shutdown();
        try {
            thread.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
