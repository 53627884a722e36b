// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import edge.api.access.AuditLog.Entry;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log on disk: {@code audit.jsonl}, one JSON object a line, and behind it {@code audit.1.jsonl} and so on, each
 * older than the one before. Their number and size are bounded. One thread writes.
 */
final class AuditFile {
    private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);
    private static final Set<PosixFilePermission> PERMISSIONS = PosixFilePermissions.fromString("rw-r-----");

    private final Path folder;
    private final long maxBytes;
    private final int maxOld;

    /**
     * @param maxBytes of one file
     * @param maxOld how many full files are kept behind the current one
     */
    AuditFile(Path folder, long maxBytes, int maxOld) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.maxOld = maxOld;
    }

    Path current() {
        return folder.resolve("audit.jsonl");
    }

    private Path old(int number) {
        return folder.resolve("audit." + number + ".jsonl");
    }

    /** Appends entries and waits for the disk. If the disk is full, the oldest entries make room. */
    void append(List<Entry> entries) throws IOException {
        byte[] bytes = lines(entries);
        try {
            appendBytes(bytes);
        } catch (IOException e) {
            if (!dropOldest()) {
                throw e;
            }
            appendBytes(bytes);
        }
    }

    private void appendBytes(byte[] bytes) throws IOException {
        Path file = current();
        if (Files.exists(file) && Files.size(file) > 0 && Files.size(file) + bytes.length > maxBytes) {
            rotate();
        }
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ,
            StandardOpenOption.WRITE), PosixFilePermissions.asFileAttribute(PERMISSIONS))) {
            long end = channel.size();
            channel.position(end);
            try {
                write(channel, tornTail(channel, end) ? ByteBuffer.wrap(new byte[] {'\n'}) : ByteBuffer.allocate(0));
                write(channel, ByteBuffer.wrap(bytes));
                channel.force(false);
            } catch (IOException e) {
                // Half a line is worse than none: what is written again must not follow it.
                channel.truncate(end);
                throw e;
            }
        }
    }

    /** Whether the file ends in a line that was not finished, by a power cut. */
    private static boolean tornTail(FileChannel channel, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void rotate() throws IOException {
        Files.deleteIfExists(old(maxOld));
        for (int i = maxOld - 1; i >= 1; i--) {
            if (Files.exists(old(i))) {
                Files.move(old(i), old(i + 1), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Files.move(current(), old(1), StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean dropOldest() throws IOException {
        for (int i = maxOld; i >= 1; i--) {
            if (Files.deleteIfExists(old(i))) {
                return true;
            }
        }
        return false;
    }

    /** The newest entries that are still on disk, oldest first. Lines that cannot be read are left out. */
    List<Entry> newest(int limit) throws IOException {
        List<Entry> found = new ArrayList<>();
        for (int i = maxOld; i >= 0; i--) {
            Path file = i == 0 ? current() : old(i);
            if (Files.exists(file)) {
                // Not as text at once: a damaged file may hold anything.
                for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\n")) {
                    read(line, found);
                }
            }
            if (found.size() > limit) {
                found.subList(0, found.size() - limit).clear();
            }
        }
        return found;
    }

    private static void read(String line, List<Entry> into) {
        try {
            Json.Obj item = JsonParser.parse(line).asObject();
            into.add(new Entry(Instant.parse(item.text("time")), item.text("caller"), item.text("origin"),
                item.text("action"), item.text("subject"), item.text("outcome")));
        } catch (JsonException | DateTimeParseException e) {
            LOG.debug("A damaged line of the audit log is left out", e);
        }
    }

    private static byte[] lines(List<Entry> entries) {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            text.append(new String(JsonWriter.bytes(out -> {
                out.writeStartObject();
                JsonWriter.time(out, "time", entry.time());
                out.writeStringField("caller", entry.caller());
                out.writeStringField("origin", entry.origin());
                out.writeStringField("action", entry.action());
                out.writeStringField("subject", entry.subject());
                out.writeStringField("outcome", entry.outcome());
                out.writeEndObject();
            }), StandardCharsets.UTF_8)).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
