// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.journal.disk.Reasons;
import edge.journal.disk.Storage;
import edge.journal.disk.Storage.WriteFile;
import edge.journal.disk.Storage.ReadFile;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a disk that is gone from one that has lost a few sectors. While a disk fails, reading fails, and is tried again. But
 * if the same file cannot be read for a while and the disk takes and syncs new bytes meanwhile, then the pages that still
 * cannot be read are given as zeros: they are damage, are accounted for like any other, and hold nobody up.
 */
final class BadSectors {

    private static final Logger LOG = LoggerFactory.getLogger(BadSectors.class);
    private static final String PROBE = "probe";
    private static final int PAGE = 4096;
    private static final int LEAST_FAILURES = 3;

    private record Failing(long since, int count) {
    }

    private final Storage storage;
    private final long patienceNanos;
    private final Map<String, Failing> failing = new ConcurrentHashMap<>();

    BadSectors(Storage storage, Duration patience) {
        this.storage = storage;
        this.patienceNanos = patience.toNanos();
    }

    /** Opens a file for reading. */
    ReadFile read(String name) throws IOException {
        return new Patient(name, storage.read(name));
    }

    WriteFile reopen(String name) throws IOException {
        return storage.reopen(name);
    }

    /** Whether what cannot be read now is to be given up. */
    private boolean isLost(String name) {
        Failing now = failing.merge(name, new Failing(System.nanoTime(), 1),
            (old, first) -> new Failing(old.since(), old.count() + 1));
        return now.count() >= LEAST_FAILURES && System.nanoTime() - now.since() >= patienceNanos && isWritable();
    }

    private boolean isWritable() {
        try {
            try (WriteFile file = storage.create(PROBE)) {
                file.write(0, new byte[PAGE], 0, PAGE);
                file.sync();
            }
            storage.delete(PROBE);
            return true;
        } catch (IOException e) {
            LOG.debug("The disk of {} cannot be written either", storage.place(), e);
            return false;
        }
    }

    private final class Patient implements ReadFile {
        private final String name;
        private final ReadFile file;

        Patient(String name, ReadFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(long position, byte[] target, int offset, int length) throws IOException {
            try {
                return file.read(position, target, offset, length);
            } catch (IOException e) {
                if (!isLost(name)) {
                    throw e;
                }
                return readPages(position, target, offset, length);
            }
        }

        private int readPages(long position, byte[] target, int offset, int length) throws IOException {
            int wanted = (int) Math.max(0, Math.min(length, file.size() - position));
            for (int done = 0; done < wanted;) {
                int part = (int) Math.min(wanted - done, PAGE - (position + done) % PAGE);
                try {
                    if (file.read(position + done, target, offset + done, part) < part) {
                        throw new IOException("the file became shorter");
                    }
                } catch (IOException e) {
                    LOG.error("Bytes {} to {} of {} in {} cannot be read and are given up: {}", position + done,
                        position + done + part, name, storage.place(), Reasons.of(e));
                    Arrays.fill(target, offset + done, offset + done + part, (byte) 0);
                }
                done += part;
            }
            return wanted;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
