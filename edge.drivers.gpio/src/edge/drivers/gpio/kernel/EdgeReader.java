// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the edges of any number of lines, on one thread of its own. May be used by any thread.
 *
 * <p>Between two reads the kernel keeps {@value LineRequest#QUEUED_EVENTS} edges of each line; what it had to throw away
 * shows in the numbers of the edges that follow.
 */
public final class EdgeReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeReader.class);

    private static final int BATCH = 64;
    /** {@code struct pollfd}: file, events asked for, events seen. */
    private static final int POLL_SIZE = 8;
    private static final int POLL_EVENTS = 4;
    private static final int POLL_SEEN = 6;
    private static final int FOR_EVER = -1;
    private static final long CLOSE_MILLIS = 2000;

    /** Gets the edges of one line, on the reader's thread; must not block. */
    public interface Listener {

        /**
         * @param high the level after the edge
         * @param time when the kernel saw it
         * @param missed how many edges of this line the kernel has thrown away since the one before
         */
        void edge(boolean high, Instant time, int missed);

        /** There will be no more edges: the chip is gone. */
        void ended();
    }

    private static final class Watched {
        private final LineRequest line;
        private final Listener listener;
        private int number;

        private Watched(LineRequest line, Listener listener) {
            this.line = line;
            this.listener = listener;
        }
    }

    private final List<Watched> lines = new CopyOnWriteArrayList<>();
    private final Memory events = new Memory((long) BATCH * GpioUapi.EVENT_SIZE);
    private final KernelFile bell;
    private final Thread thread;
    private volatile boolean closed;

    private EdgeReader(KernelFile bell, String threadName) {
        this.bell = bell;
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
    }

    public static EdgeReader open(String threadName) throws KernelException {
        try {
            int file = Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK);
            EdgeReader reader = new EdgeReader(KernelFile.of(file, "eventfd"), threadName);
            reader.thread.start();
            return reader;
        } catch (LastErrorException e) {
            throw new KernelException("eventfd", e.getErrorCode());
        }
    }

    /** Reports the edges of a line from now on, those included that the kernel has kept since the line was requested. */
    public void watch(LineRequest line, Listener listener) {
        lines.add(new Watched(line, listener));
        ring();
    }

    private void ring() {
        Memory one = new Memory(Long.BYTES);
        one.setLong(0, 1);
        try {
            Libc.write(bell.number(), one, new NativeLong(Long.BYTES));
        } catch (LastErrorException e) {
            // EAGAIN: it rings already
        }
    }

    private void run() {
        try {
            while (!closed) {
                round(List.copyOf(lines));
            }
        } catch (KernelException | RuntimeException e) {
            LOG.error("{} ends: edges are seen no more until the lines are claimed again", thread.getName(), e);
            lines.forEach(watched -> watched.listener.ended());
        }
    }

    /** Waits once and reads what has come. */
    private void round(List<Watched> watched) throws KernelException {
        int count = watched.size() + 1;
        Memory files = GpioChip.cleared(count * POLL_SIZE);
        ask(files, 0, bell);
        for (int i = 1; i < count; i++) {
            ask(files, i, watched.get(i - 1).line.file());
        }
        boolean changed = false;
        while (!changed && !closed) {
            if (!poll(files, count)) {
                continue;
            }
            if (seen(files, 0) != 0) {
                bell.read(events);
                changed = true;
            }
            for (int i = 1; i < count; i++) {
                short seen = seen(files, i);
                if (seen != 0 && !take(watched.get(i - 1), seen)) {
                    lines.remove(watched.get(i - 1));
                    changed = true;
                }
            }
        }
    }

    private static void ask(Memory files, int index, KernelFile file) {
        files.setInt((long) index * POLL_SIZE, file.number());
        files.setShort((long) index * POLL_SIZE + POLL_EVENTS, Libc.POLLIN);
    }

    private static short seen(Memory files, int index) {
        return files.getShort((long) index * POLL_SIZE + POLL_SEEN);
    }

    private static boolean poll(Memory files, int count) throws KernelException {
        try {
            return Libc.poll(files, new NativeLong(count), FOR_EVER) > 0;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == KernelException.EINTR) {
                return false;
            }
            throw new KernelException("poll", e.getErrorCode());
        }
    }

    /** Reads one batch of edges; false if there will be no more. */
    private boolean take(Watched watched, short seen) {
        if ((seen & Libc.POLLIN) != 0) {
            try {
                int bytes = watched.line.file().read(events);
                long now = System.nanoTime();
                Instant wall = Instant.now();
                for (int at = 0; at + GpioUapi.EVENT_SIZE <= bytes; at += GpioUapi.EVENT_SIZE) {
                    tell(watched, at, now, wall);
                }
                return true;
            } catch (KernelException e) {
                LOG.debug("no more edges: {}", e.getMessage());
            }
        }
        watched.listener.ended();
        return false;
    }

    /** The kernel's stamps and the JVM's nanosecond clock are both CLOCK_MONOTONIC. */
    private void tell(Watched watched, int at, long now, Instant wall) {
        int number = events.getInt(at + GpioUapi.EVENT_LINE_NUMBER);
        int missed = number - watched.number - 1;
        watched.number = number;
        watched.listener.edge(events.getInt(at + GpioUapi.EVENT_ID) == GpioUapi.EVENT_RISING,
            wall.minusNanos(now - events.getLong(at + GpioUapi.EVENT_TIME)), missed);
    }

    /** Ends the thread; after that no listener is called. The lines stay open. Not to be called by a listener. */
    @Override
    public void close() {
        closed = true;
        ring();
        try {
            thread.join(CLOSE_MILLIS);
            if (thread.isAlive()) {
                LOG.warn("{} does not end within {} ms", thread.getName(), CLOSE_MILLIS);
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        bell.close();
    }
}
