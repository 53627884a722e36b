// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import edge.runtime.base.DataDirectory;
import edge.runtime.base.OldGeneration;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Measures what health checks must not wait for, every few seconds on a thread of its own: a disk that hangs keeps nobody
 * else.
 */
@Component(service = Resources.class)
public final class Resources {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STOP_WITHIN_MILLIS = 1_000;
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern MOST_OPEN_FILES = Pattern.compile("^Max open files +(\\d+)");

    /**
     * @param free bytes that can still be written
     * @param total bytes of the whole file system
     * @param failure why it could not be measured, empty if it was
     */
    record Disk(long free, long total, String failure) {
    }

    /**
     * @param live bytes that the newest full collection left in the old generation; 0 before the first
     * @param max bytes that it may hold
     */
    record Heap(long live, long max) {
    }

    /**
     * @param open files and sockets of the process
     * @param max how many the system allows it
     */
    record Handles(int open, int max) {
        /** There is not even one left to count them with. */
        static final Handles NONE_LEFT = new Handles(1, 1);
    }

    private final Path data;
    private final Thread thread = new Thread(this::loop, "edge-health");
    private volatile boolean closed;
    private volatile Disk disk;
    private volatile Heap heap;
    private volatile Handles handles;

    @Activate
    public Resources(BundleContext context) {
        data = DataDirectory.root(context);
        thread.setDaemon(true);
        thread.start();
    }

    @Deactivate
    void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Null before the first measurement. */
    Disk disk() {
        return disk;
    }

    /** Null before the first measurement, and with a collector that has no generations. */
    Heap heap() {
        return heap;
    }

    /** Null before the first measurement, and where the system does not tell. */
    Handles handles() {
        return handles;
    }

    private void loop() {
        while (!closed) {
            disk = measureDisk(data);
            heap = measureHeap();
            handles = measureHandles();
            LockSupport.parkNanos(this, EVERY_NANOS);
        }
    }

    static Disk measureDisk(Path directory) {
        try {
            if (!Files.isWritable(directory)) {
                return new Disk(0, 0, directory + " cannot be written");
            }
            FileStore store = Files.getFileStore(directory);
            return new Disk(store.getUsableSpace(), store.getTotalSpace(), "");
        } catch (IOException e) {
            return new Disk(0, 0, directory + " cannot be examined: " + e);
        }
    }

    private static Heap measureHeap() {
        return OldGeneration.afterCollection().map(left -> new Heap(left.getUsed(), left.getMax())).orElse(null);
    }

    static Handles measureHandles() {
        if (!Files.exists(OPEN_FILES)) {
            return null;
        }
        try (Stream<Path> open = Files.list(OPEN_FILES); Stream<String> limits = Files.lines(LIMITS)) {
            Matcher limit = limits.map(MOST_OPEN_FILES::matcher).filter(Matcher::find).findFirst().orElseThrow();
            return new Handles((int) open.count(), Integer.parseInt(limit.group(1)));
        } catch (IOException e) {
            return Handles.NONE_LEFT;
        } catch (NoSuchElementException | NumberFormatException e) {
            return null; // unlimited
        }
    }
}
