// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.journal.disk.Reasons;
import edge.journal.disk.Storage;
import edge.journal.disk.Storage.AppendFile;
import edge.journal.disk.Storage.ReadFile;
import edge.journal.disk.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The marks of all cursors as they are on disk: a file each, replaced in one step. Any thread reads; one thread writes.
 */
final class Marks {

    private static final Logger LOG = LoggerFactory.getLogger(Marks.class);
    static final String FOLDER = "cursors";
    private static final String SUFFIX = ".mark";
    private static final String TEMPORARY = ".new";
    private static final long MAGIC = 0x4544_4745_4D41_524BL;
    private static final int VERSION = 1;
    private static final int SIZE = 24;
    private static final int MOST_FAILURES = 5;

    private final Storage storage;
    private final Reserve reserve;
    private final Map<String, Long> stored = new ConcurrentHashMap<>();
    private int failures;

    Marks(Storage storage, Reserve reserve) {
        this.storage = storage;
        this.reserve = reserve;
    }

    /** Reads all of them. One that is damaged counts from the oldest record on: nothing is lost, some is sent again. */
    void load() throws IOException {
        for (String file : storage.list(FOLDER)) {
            if (file.endsWith(SUFFIX)) {
                String name = file.substring(0, file.length() - SUFFIX.length());
                Optional<Long> position = patientlyRead(FOLDER + "/" + file);
                if (position.isEmpty()) {
                    LOG.error("the mark of cursor {} is damaged; it begins again at the oldest record, and receivers drop"
                        + " what they have already", name);
                    storage.rename(FOLDER + "/" + file, Quarantine.FOLDER + "/" + file);
                }
                stored.put(name, position.orElse(0L));
            }
        }
    }

    /** A mark that cannot be read at last counts as damaged. */
    private Optional<Long> patientlyRead(String path) throws IOException {
        try {
            return read(path);
        } catch (IOException e) {
            if (++failures < MOST_FAILURES) {
                throw e;
            }
            LOG.error("{} cannot be read: {}", path, Reasons.of(e));
            return Optional.empty();
        }
    }

    private Optional<Long> read(String path) throws IOException {
        byte[] bytes = new byte[SIZE + 1];
        try (ReadFile file = storage.read(path)) {
            if (file.read(0, bytes, 0, bytes.length) != SIZE) {
                return Optional.empty();
            }
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean sound = in.getLong() == MAGIC && in.getInt() == VERSION;
        long position = in.getLong();
        return sound && position >= 0 && in.getInt() == crc(bytes) ? Optional.of(position) : Optional.empty();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, SIZE - 4);
        return (int) crc.getValue();
    }

    /** The mark on disk of a cursor, unless there is no such cursor. */
    Optional<Long> get(String name) {
        return Optional.ofNullable(stored.get(name));
    }

    void store(String name, long position) throws IOException {
        try {
            write(name, position);
        } catch (StorageFullException e) {
            if (!reserve.giveUp()) {
                throw e;
            }
            write(name, position);
        }
        stored.put(name, position);
    }

    private void write(String name, long position) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(SIZE).putLong(MAGIC).putInt(VERSION).putLong(position);
        out.putInt(crc(out.array()));
        String path = FOLDER + "/" + name + SUFFIX;
        try (AppendFile file = storage.create(path + TEMPORARY)) {
            file.write(out.array(), 0, SIZE);
            file.sync();
        }
        storage.rename(path + TEMPORARY, path);
        storage.syncFolder(FOLDER);
    }

    boolean remove(String name) throws IOException {
        if (!stored.containsKey(name)) {
            return false;
        }
        storage.delete(FOLDER + "/" + name + SUFFIX);
        storage.syncFolder(FOLDER);
        stored.remove(name);
        return true;
    }

    /** The cursor that is farthest behind. */
    Optional<Map.Entry<String, Long>> slowest() {
        return stored.entrySet().stream().min(Comparator.comparingLong(Map.Entry::getValue));
    }

    /** The greatest of all marks. */
    long highest() {
        return stored.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
