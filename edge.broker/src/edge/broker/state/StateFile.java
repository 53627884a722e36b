// SPDX-License-Identifier: Apache-2.0
package edge.broker.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The files behind the {@link StateLog}: {@code state-N.log}, of which the one with the greatest N counts. A file is a
 * mark of eight bytes and then frames: length, CRC32C, entry. It is begun under another name with everything that is true at
 * that moment, synced and renamed, and then appended to.
 */
final class StateFile {

    private static final long MARK = 0x4544_4745_5354_0001L;
    private static final String PREFIX = "state-";
    private static final String SUFFIX = ".log";
    private static final int HEAD = 8;
    /** A retained message of the largest packet fits. */
    private static final int MAX_ENTRY = 4 << 20;

    /**
     * What a folder held.
     *
     * @param damaged bytes that were nothing, beyond a last write that was cut short
     * @param quarantined where a copy of the damaged file is; empty if nothing was damaged
     */
    record Content(List<Entry> entries, long damaged, String quarantined) {
    }

    private final Path folder;
    private long number;
    private FileChannel channel;
    private long size;
    /** Whether something was appended since the last sync. */
    private boolean dirty;

    StateFile(Path folder) {
        this.folder = folder;
    }

    /** Reads the newest file. Whatever it holds, the next {@link #replace} works. */
    Content load() throws IOException {
        Files.createDirectories(folder);
        Path newest = null;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (Path file : files) {
                long found = number(file);
                if (found > number) {
                    number = found;
                    newest = file;
                }
            }
        }
        if (newest == null) {
            return new Content(List.of(), 0, "");
        }
        byte[] bytes = Files.readAllBytes(newest);
        List<Entry> entries = new ArrayList<>();
        long damaged = read(bytes, entries);
        String kept = "";
        if (damaged > 0) {
            Path copy = Files.createDirectories(folder.resolve("quarantine")).resolve(newest.getFileName());
            Files.copy(newest, copy, StandardCopyOption.REPLACE_EXISTING);
            kept = copy.toString();
        }
        return new Content(entries, damaged, kept);
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        try {
            return Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Takes every sound frame; returns how many bytes belong to none. */
    static long read(byte[] bytes, List<Entry> entries) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CRC32C crc = new CRC32C();
        long damaged = 0;
        int at = bytes.length >= HEAD && in.getLong(0) == MARK ? HEAD : 0;
        int lost = 0;
        while (at < bytes.length) {
            Entry entry = entryAt(in, at, crc);
            if (entry == null) {
                lost++;
                at++;
            } else {
                damaged += lost;
                lost = 0;
                entries.add(entry);
                at += HEAD + in.getInt(at);
            }
        }
        // What is cut short at the end was never promised to anybody: one frame at most, begun with a plausible length.
        int torn = bytes.length - lost;
        boolean cutShort = lost > 0 && (lost < Integer.BYTES
            || in.getInt(torn) > 0 && in.getInt(torn) <= MAX_ENTRY && in.getInt(torn) + HEAD > lost);
        return cutShort ? damaged : damaged + lost;
    }

    private static Entry entryAt(ByteBuffer in, int at, CRC32C crc) {
        if (in.limit() - at < HEAD) {
            return null;
        }
        int length = in.getInt(at);
        if (length <= 0 || length > MAX_ENTRY || length > in.limit() - at - HEAD) {
            return null;
        }
        crc.reset();
        crc.update(in.array(), at + HEAD, length);
        if ((int) crc.getValue() != in.getInt(at + Integer.BYTES)) {
            return null;
        }
        try {
            byte[] entry = new byte[length];
            in.get(at + HEAD, entry);
            return Entry.decode(entry);
        } catch (IOException e) {
            return null;
        }
    }

    /** Begins a new file with these entries, which is on disk when this returns; the one before is gone then. */
    void replace(List<byte[]> entries) throws IOException {
        close();
        long next = number + 1;
        Path target = path(next);
        Path begun = folder.resolve(PREFIX + next + ".tmp");
        FileChannel out = FileChannel.open(begun, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
        boolean done = false;
        try {
            write(out, ByteBuffer.allocate(HEAD).putLong(MARK).flip());
            size = HEAD;
            channel = out;
            append(entries);
            out.force(true);
            dirty = false;
            Files.move(begun, target, StandardCopyOption.ATOMIC_MOVE);
            syncFolder();
            done = true;
        } finally {
            if (!done) {
                channel = null;
                out.close();
            }
        }
        Files.deleteIfExists(path(number));
        number = next;
    }

    private Path path(long of) {
        return folder.resolve(PREFIX + of + SUFFIX);
    }

    private void syncFolder() throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** Writes entries; they are on disk after {@link #sync}. */
    void append(List<byte[]> entries) throws IOException {
        if (channel == null) {
            throw new IOException("the file is not open");
        }
        int total = 0;
        for (byte[] entry : entries) {
            total += HEAD + entry.length;
        }
        ByteBuffer all = ByteBuffer.allocate(total);
        CRC32C crc = new CRC32C();
        for (byte[] entry : entries) {
            crc.reset();
            crc.update(entry, 0, entry.length);
            all.putInt(entry.length).putInt((int) crc.getValue()).put(entry);
        }
        dirty = true;
        write(channel, all.flip());
        size += total;
    }

    private static void write(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    void sync() throws IOException {
        channel.force(false);
        dirty = false;
    }

    /** Whether everything that was appended is on disk. */
    boolean isSynced() {
        return !dirty;
    }

    long size() {
        return size;
    }

    void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
