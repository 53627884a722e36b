// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log: a ring in memory for whoever looks, a thread that carries the entries to disk. While the disk cannot take
 * them, the newest 1,000 wait; how many older ones were given up is itself an entry.
 */
@Component(service = {AuditLog.class, HealthCheck.class}, immediate = true, name = "edge.runtime.access.audit")
public final class WrittenAuditLog implements AuditLog, HealthCheck {
    static final int REMEMBERED = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(WrittenAuditLog.class);
    private static final long FILE_BYTES = 1 << 20;
    private static final int OLD_FILES = 7;
    private static final int MAX_FIELD = 500;
    private static final long RETRY_MILLIS = 10_000;
    private static final long CLOSE_MILLIS = 3_000;

    private final AuditFile file;
    private final InstantSource clock;
    private final Thread writer;
    // guarded by this
    private final Deque<Entry> newest = new ArrayDeque<>();
    // guarded by this
    private final Deque<Entry> waiting = new ArrayDeque<>();
    // guarded by this
    private long givenUp;
    // guarded by this
    private boolean closed;
    private volatile HealthReport health;

    @Activate
    public WrittenAuditLog(BundleContext context) {
        this(new AuditFile(DataDirectory.folder(context, "log"), FILE_BYTES, OLD_FILES), InstantSource.system());
    }

    WrittenAuditLog(AuditFile file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        this.health = new HealthReport(HealthReport.Status.OK, clock.instant(), "", "");
        this.writer = new Thread(this::write, "edge-audit");
        writer.setDaemon(true);
        writer.start();
    }

    @Deactivate
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            writer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void record(Caller caller, String action, String subject, String outcome) {
        Entry entry = new Entry(clock.instant(), clean(caller.name()), clean(caller.origin()), clean(action),
            clean(subject), clean(outcome));
        synchronized (this) {
            remember(newest, entry);
            if (remember(waiting, entry)) {
                givenUp++;
            }
            notifyAll();
        }
    }

    /** @return whether the oldest had to go */
    private static boolean remember(Deque<Entry> entries, Entry entry) {
        entries.addLast(entry);
        if (entries.size() <= REMEMBERED) {
            return false;
        }
        entries.removeFirst();
        return true;
    }

    @Override
    public synchronized List<Entry> recent(int limit) {
        List<Entry> found = new ArrayList<>();
        Iterator<Entry> backwards = newest.descendingIterator();
        while (found.size() < limit && backwards.hasNext()) {
            found.add(backwards.next());
        }
        return found;
    }

    /** Nothing that an attacker puts into a name may end a line, move a cursor or turn the reading direction. */
    static String clean(String text) {
        String field = text == null ? "" : text;
        StringBuilder clean = new StringBuilder();
        int kept = Math.min(field.length(), MAX_FIELD);
        for (int i = 0; i < kept; i++) {
            char c = field.charAt(i);
            int type = Character.getType(c);
            if (type == Character.CONTROL || type == Character.FORMAT || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR || Character.isSurrogate(c)) {
                clean.append(String.format("\\u%04x", (int) c));
            } else {
                clean.append(c);
            }
        }
        return kept < field.length() ? clean.append('…').toString() : clean.toString();
    }

    private void write() {
        load();
        boolean more = true;
        while (more) {
            List<Entry> batch;
            synchronized (this) {
                try {
                    while (waiting.isEmpty() && !closed) {
                        wait();
                    }
                } catch (InterruptedException e) {
                    closed = true;
                }
                more = !closed;
                batch = takeAll();
            }
            if (!batch.isEmpty() && !append(batch) && more) {
                giveBack(batch);
                pause();
            }
        }
    }

    private void load() {
        try {
            List<Entry> kept = file.newest(REMEMBERED);
            synchronized (this) {
                for (int i = kept.size() - 1; i >= 0 && newest.size() < REMEMBERED; i--) {
                    newest.addFirst(kept.get(i));
                }
            }
        } catch (IOException e) {
            LOG.warn("Older entries of the audit log cannot be shown: {}", DataDirectory.reason(e));
        }
    }

    /** Called under the lock. */
    private List<Entry> takeAll() {
        List<Entry> batch = new ArrayList<>();
        if (givenUp > 0 && !waiting.isEmpty()) {
            batch.add(new Entry(waiting.peekFirst().time(), "audit log", "internal", "write the audit log",
                givenUp + " entries", "refused: the disk could not take them"));
            givenUp = 0;
        }
        batch.addAll(waiting);
        waiting.clear();
        return batch;
    }

    private boolean append(List<Entry> batch) {
        try {
            file.append(batch);
            if (health.status() != HealthReport.Status.OK) {
                LOG.info("The audit log can be written again");
                health = new HealthReport(HealthReport.Status.OK, clock.instant(), "", "");
            }
            return true;
        } catch (IOException e) {
            if (health.status() == HealthReport.Status.OK) {
                LOG.error("The audit log cannot be written to {}: {}. The newest {} entries are kept in memory; make room"
                    + " or make the folder writable.", file.current(), DataDirectory.reason(e), REMEMBERED);
                health = new HealthReport(HealthReport.Status.CRITICAL, clock.instant(),
                    "the audit log cannot be written: " + DataDirectory.reason(e),
                    "Make room in the data directory, or make it writable.");
            }
            return false;
        }
    }

    private synchronized void giveBack(List<Entry> batch) {
        for (int i = batch.size() - 1; i >= 0; i--) {
            if (waiting.size() < REMEMBERED) {
                waiting.addFirst(batch.get(i));
            } else {
                givenUp++;
            }
        }
    }

    private synchronized void pause() {
        try {
            long until = System.nanoTime() + RETRY_MILLIS * 1_000_000;
            for (long rest = RETRY_MILLIS; rest > 0 && !closed; rest = (until - System.nanoTime()) / 1_000_000) {
                wait(rest);
            }
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    @Override
    public String subject() {
        return "audit log";
    }

    @Override
    public HealthReport check() {
        return health;
    }
}
