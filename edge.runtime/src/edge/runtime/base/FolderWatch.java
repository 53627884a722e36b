// SPDX-License-Identifier: Apache-2.0
package edge.runtime.base;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that something may have changed in a folder. It is a hint that saves waiting: whoever uses it also looks by itself
 * now and then, because the operating system's notices can be lost and do not exist on every file system.
 */
public final class FolderWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    private final WatchService service;

    private FolderWatch(WatchService service) {
        this.service = service;
    }

    /** Calls {@code changed}, which must return at once, on a thread of that name. */
    public static FolderWatch start(Path folder, String threadName, Runnable changed) {
        WatchService service = null;
        try {
            service = folder.getFileSystem().newWatchService();
            folder.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
        } catch (IOException e) {
            LOG.warn("Changes in {} are found late, by looking every few seconds: the system's notices are not to be had: {}",
                folder, DataDirectory.reason(e));
        }
        FolderWatch watch = new FolderWatch(service);
        if (service != null) {
            Thread thread = new Thread(() -> watch.run(changed), threadName);
            thread.setDaemon(true);
            thread.start();
        }
        return watch;
    }

    private void run(Runnable changed) {
        try {
            boolean valid = true;
            while (valid) {
                WatchKey key = service.take();
                key.pollEvents();
                changed.run();
                valid = key.reset();
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOG.trace("The watch is over", e);
        }
    }

    @Override
    public void close() {
        if (service != null) {
            try {
                service.close();
            } catch (IOException e) {
                LOG.debug("Closing a watch failed", e);
            }
        }
    }
}
