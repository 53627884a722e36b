// SPDX-License-Identifier: Apache-2.0
package edge.dev;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Waits until somebody saves a file below some folders. */
final class Watch implements AutoCloseable {
    /** Editors write a file in several steps. */
    private static final long QUIET_MILLIS = 30;

    private final WatchService service = FileSystems.getDefault().newWatchService();

    Watch(List<Path> folders) throws IOException {
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> all = Files.walk(folder)) {
                    for (Path one : all.filter(Files::isDirectory).toList()) {
                        register(one);
                    }
                }
            }
        }
    }

    private void register(Path folder) throws IOException {
        folder.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY,
            StandardWatchEventKinds.ENTRY_DELETE);
    }

    void await() throws IOException, InterruptedException {
        boolean changed = false;
        WatchKey key = service.take();
        while (key != null || !changed) {
            if (key == null) {
                key = service.take();
            }
            for (WatchEvent<?> event : key.pollEvents()) {
                changed |= isOfInterest(key, event);
            }
            key.reset();
            key = service.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isOfInterest(WatchKey key, WatchEvent<?> event) throws IOException {
        if (!(event.context() instanceof Path name) || !(key.watchable() instanceof Path folder)) {
            // Too many at once for the system to tell which.
            return true;
        }
        Path file = folder.resolve(name);
        if (Files.isDirectory(file)) {
            register(file);
        }
        // What editors leave beside a file while they write it.
        return !name.toString().startsWith(".") && !name.toString().endsWith("~") && !name.toString().endsWith(".swp");
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
