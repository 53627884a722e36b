// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells when the kernel touches the files of some lines: one thread and one watch for all of them, both gone after
 * {@link #close()}. Pi4J's own linuxfs input opens a watch and a thread for each line and never closes the watch.
 */
final class SysfsWatcher {

    private static final long CLOSE_MILLIS = 1000;

    private final WatchService service;
    private final Map<WatchKey, Runnable> listeners = new ConcurrentHashMap<>();
    private final Thread thread;

    private SysfsWatcher(WatchService service, String device) {
        this.service = service;
        thread = new Thread(this::watch, "edge-gpio-" + device + "-watch");
        thread.setDaemon(true);
    }

    static SysfsWatcher open(String device) throws HeadException {
        try {
            SysfsWatcher watcher = new SysfsWatcher(FileSystems.getDefault().newWatchService(), device);
            watcher.thread.start();
            return watcher;
        } catch (IOException e) {
            throw new HeadException("the kernel gives no more file watches (" + e.getMessage()
                + "): raise fs.inotify.max_user_instances", e);
        }
    }

    /** Runs the listener, on the watching thread, whenever a file in that folder may have changed. */
    void watch(Path folder, Runnable listener) throws IOException {
        WatchKey key = folder.register(service, StandardWatchEventKinds.ENTRY_MODIFY);
        listeners.put(key, listener);
        // A change between the registration and the line above found no listener.
        listener.run();
    }

    private void watch() {
        try {
            while (true) {
                WatchKey key = service.take();
                key.pollEvents();
                Runnable listener = listeners.get(key);
                if (listener != null) {
                    listener.run();
                }
                if (!key.reset()) {
                    listeners.remove(key);
                }
            }
        } catch (ClosedWatchServiceException e) {
            // close() ends the thread this way
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() {
        try {
            service.close();
            thread.join(CLOSE_MILLIS);
        } catch (IOException e) {
            thread.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
