// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.journal.disk.Reasons;
import edge.journal.disk.Storage;
import edge.journal.disk.Storage.WriteFile;
import edge.journal.disk.Storage.ReadFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where damaged bytes are kept for whoever wants to look at them, and what of them the ledger tells already. It never takes
 * more than {@link #MOST}: the journal must not fill the disk with rubbish.
 */
final class Quarantine {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
    static final String FOLDER = "quarantine";
    private static final long MOST = 32 * 1024 * 1024L;
    private static final int CHUNK = 64 * 1024;
    private static final int MOST_LINES = 4 * 1024 * 1024;

    private final Storage storage;

    Quarantine(Storage storage) {
        this.storage = storage;
    }

    /** Moves a whole segment away. */
    void take(Segment segment) throws IOException {
        storage.rename(segment.name(), FOLDER + "/" + segment.name());
    }

    /** Copies bytes of a segment. A failure is logged only: the bytes stay where they are. */
    void copy(Segment segment, long from, long to) {
        String name = String.format("%s/%s-%d-%d.bytes", FOLDER, segment.name(), from, to);
        try (ReadFile in = storage.read(segment.name())) {
            long left = Math.min(to, in.size()) - from;
            if (left <= 0 || bytes() + left > MOST) {
                LOG.info("{} bytes of {} are not copied to quarantine, which holds up to {} bytes", left, segment.name(), MOST);
                return;
            }
            try (WriteFile out = storage.create(name)) {
                byte[] chunk = new byte[CHUNK];
                for (long at = from; left > 0;) {
                    int count = in.read(at, chunk, 0, (int) Math.min(CHUNK, left));
                    if (count <= 0) {
                        break;
                    }
                    out.write(at - from, chunk, 0, count);
                    at += count;
                    left -= count;
                }
                out.sync();
            }
            storage.syncFolder(FOLDER);
        } catch (IOException e) {
            LOG.warn("bytes {} to {} of {} cannot be copied to quarantine: {}", from, to, segment.name(), Reasons.of(e));
        }
    }

    private long bytes() throws IOException {
        long bytes = 0;
        for (String name : storage.list(FOLDER)) {
            bytes += storage.size(FOLDER + "/" + name);
        }
        return bytes;
    }

    /** Lines about the losses of a segment that the ledger tells already. */
    Set<String> told(Segment segment) throws IOException {
        String name = segment.name() + ".ledger";
        if (!storage.list(FOLDER).contains(name)) {
            return Set.of();
        }
        try (ReadFile file = storage.read(FOLDER + "/" + name)) {
            byte[] bytes = new byte[(int) Math.min(file.size(), MOST_LINES)];
            int count = file.read(0, bytes, 0, bytes.length);
            return new HashSet<>(List.of(new String(bytes, 0, count, StandardCharsets.UTF_8).split("\n")));
        }
    }

    /** Keeps the lines, in one step. */
    void tell(Segment segment, Set<String> lines) throws IOException {
        String path = FOLDER + "/" + segment.name() + ".ledger";
        byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        try (WriteFile file = storage.create(path + ".new")) {
            file.write(0, bytes, 0, bytes.length);
            file.sync();
        }
        storage.rename(path + ".new", path);
        storage.syncFolder(FOLDER);
    }

    /** Forgets a segment that is deleted. */
    void forget(Segment segment) throws IOException {
        storage.delete(FOLDER + "/" + segment.name() + ".ledger");
    }
}
