// SPDX-License-Identifier: Apache-2.0
package edge.runtime.supervise;

import edge.runtime.base.DataDirectory;
import edge.runtime.base.OldGeneration;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes another number into a file once a second, on a thread of its own. A JVM that cannot do that for a while is ended by
 * the supervisor. One that does nothing but collect garbage ends itself, before that.
 */
final class Pulse {
    /** The exit code of a JVM whose heap is nearly exhausted. */
    static final int HEAP = 87;
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int WINDOW = 8;
    private static final int TOO_MUCH_PERCENT = 80;
    private static final int FULL_PERCENT = 90;

    private final Path file;
    private final Consumer<String> lastWords;
    private final Thread thread = new Thread(this::beat, "edge-pulse");
    private final Deque<long[]> window = new ArrayDeque<>();
    private volatile boolean closed;
    /** Held open: a gateway that has no file handle left is alive all the same. By the thread only. */
    private FileChannel channel;

    Pulse(Path file, Consumer<String> lastWords) {
        this.file = file;
        this.lastWords = lastWords;
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
    }

    void start() {
        thread.start();
    }

    void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void beat() {
        boolean told = false;
        for (long count = 1; !closed; count++) {
            try {
                write(count);
            } catch (IOException e) {
                if (!told) {
                    LOG.error("The supervisor cannot see that the gateway is alive: {}", DataDirectory.reason(e));
                }
                told = true;
            }
            endIfHeapIsExhausted();
            LockSupport.parkNanos(this, EVERY_NANOS);
        }
        closeFile();
    }

    private void write(long count) throws IOException {
        if (channel != null && Files.notExists(file)) {
            closeFile(); // somebody has tidied up
        }
        if (channel == null) {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        }
        channel.write(ByteBuffer.wrap((count + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private void closeFile() {
        try (FileChannel old = channel) {
            channel = null;
        } catch (IOException e) {
            LOG.debug("Closing {}", file, e);
        }
    }

    /** The serial collector never gives up by itself: it would go on collecting for ever. */
    private void endIfHeapIsExhausted() {
        long collecting = 0;
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            collecting += Math.max(0, collector.getCollectionTime());
        }
        long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        window.addLast(new long[] {now, collecting});
        if (window.size() <= WINDOW) {
            return;
        }
        long[] then = window.removeFirst();
        long percent = 100 * (collecting - then[1]) / Math.max(1, now - then[0]);
        // Collections also take long where the processor is somebody else's: only those that find nothing are the heap's fault.
        if (percent >= TOO_MUCH_PERCENT && isFull()) {
            lastWords.accept("the heap was nearly exhausted, " + percent + " % of the time went into collecting garbage");
            Runtime.getRuntime().halt(HEAP);
        }
    }

    private static boolean isFull() {
        return OldGeneration.afterCollection()
            .map(left -> left.getUsed() >= left.getMax() / 100 * FULL_PERCENT).orElse(true);
    }
}
