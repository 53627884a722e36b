// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A disk that misbehaves under a running process: strace changes what the syncs of the process do, until this is closed. */
public final class SyncFault implements AutoCloseable {

    private static final String SYNCS = "fsync,fdatasync";

    private final Path trace;
    private final Program strace;

    private SyncFault(long pid, Path folder, String fault) {
        trace = folder.resolve("syncs-" + System.nanoTime());
        strace = Program.start(folder.resolve("strace.log"), Map.of(), List.of(Peers.need("strace").toString(), "-f", "-p",
            Long.toString(pid), "-o", trace.toString(), "-e", "trace=" + SYNCS, "-e", "inject=" + SYNCS + ":" + fault));
    }

    /** Every sync fails with EIO. */
    public static SyncFault failing(long pid, Path folder) {
        return new SyncFault(pid, folder, "error=EIO");
    }

    /** Every sync takes so much longer. */
    public static SyncFault slow(long pid, Path folder, Duration longer) {
        return new SyncFault(pid, folder, "delay_enter=" + longer.toMillis() * 1000);
    }

    /** How many syncs have been changed. */
    public long count() throws IOException {
        if (!strace.isAlive()) {
            throw new AssertionError("strace ended: " + strace.output());
        }
        try (var lines = Files.lines(trace)) {
            return lines.filter(line -> line.contains("INJECTED") || line.contains("DELAYED")).count();
        }
    }

    /** The disk is whole again. */
    @Override
    public void close() {
        strace.stop();
    }
}
