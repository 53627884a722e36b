// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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

    /**
     * @param free bytes that can still be written
     * @param total bytes of the whole file system
     * @param failure why it could not be measured, empty if it was
     */
    record Disk(long free, long total, String failure) {
    }

    /**
     * @param live bytes that survived the newest collection of the old generation; 0 before the first
     * @param max bytes that the heap may have
     */
    record Heap(long live, long max) {
    }

    private final Path data;
    private final Thread thread = new Thread(this::loop, "edge-health");
    private volatile boolean closed;
    private volatile Disk disk;
    private volatile Heap heap;

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

    /** Null before the first measurement. */
    Heap heap() {
        return heap;
    }

    private void loop() {
        while (!closed) {
            disk = measureDisk(data);
            heap = measureHeap();
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

    // What is used at any moment is mostly garbage; what the last full collection left is what is really needed.
    private static Heap measureHeap() {
        long live = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage left = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            if (left != null && (pool.getName().contains("Old") || pool.getName().contains("Tenured"))) {
                live = left.getUsed();
            }
        }
        return new Heap(live, Runtime.getRuntime().maxMemory());
    }
}
