// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.runtime.base.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The files of {@code etc} and what became of them since the last look. A file that was changed just now is left alone until
 * it stays the same for a moment, because somebody may still be writing it. One thread.
 */
final class ConfigurationFolder {
    private static final Duration YOUNG = Duration.ofSeconds(1);
    private static final int MAX_BYTES = 4 << 20;

    private final Path folder;
    private final Duration settle;
    private final Map<String, Print> taken = new HashMap<>();
    private final Map<String, Seen> unsettled = new HashMap<>();

    /** @param settle how long a file has to stay the same */
    ConfigurationFolder(Path folder, Duration settle) {
        this.folder = folder;
        this.settle = settle;
    }

    /** What tells one state of a file from another. */
    private record Print(long size, FileTime modified, Object key) {
    }

    /** @param print empty if the file was gone */
    private record Seen(Optional<Print> print, long since) {
    }

    Path path() {
        return folder;
    }

    /** Names of the files that appeared, changed or vanished and have come to rest. Each is told once. */
    Set<String> changes() throws IOException {
        Map<String, Print> found = scan();
        Set<String> names = new TreeSet<>(found.keySet());
        names.addAll(taken.keySet());
        Set<String> changes = new TreeSet<>();
        for (String name : names) {
            Optional<Print> now = Optional.ofNullable(found.get(name));
            if (now.equals(Optional.ofNullable(taken.get(name)))) {
                unsettled.remove(name);
            } else if (isAtRest(name, now)) {
                unsettled.remove(name);
                take(name, now);
                changes.add(name);
            }
        }
        return changes;
    }

    boolean hasUnsettled() {
        return !unsettled.isEmpty();
    }

    /** Tells the file again at a later look: what was read looked unfinished. */
    void lookAgain(String name) {
        unsettled.put(name, new Seen(Optional.ofNullable(taken.remove(name)), System.nanoTime()));
    }

    private boolean isAtRest(String name, Optional<Print> now) {
        Instant wall = Instant.now();
        if (now.isPresent() && now.get().modified().toInstant().isBefore(wall.minus(YOUNG)) && !unsettled.containsKey(name)) {
            return true;
        }
        Seen seen = unsettled.get(name);
        if (seen == null || !seen.print().equals(now)) {
            unsettled.put(name, new Seen(now, System.nanoTime()));
            return false;
        }
        return System.nanoTime() - seen.since() >= settle.toNanos();
    }

    private void take(String name, Optional<Print> print) {
        if (print.isPresent()) {
            taken.put(name, print.get());
        } else {
            taken.remove(name);
        }
    }

    private Map<String, Print> scan() throws IOException {
        Map<String, Print> found = new HashMap<>();
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".") && name.endsWith(".json")) {
                    print(file).ifPresent(print -> found.put(name, print));
                }
            }
        }
        return found;
    }

    private static Optional<Print> print(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                ? Optional.of(new Print(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey()))
                : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The text of a file, if there is one. */
    Optional<String> read(String name) throws IOException {
        Path file = folder.resolve(name);
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("the file is larger than " + (MAX_BYTES >> 20) + " MiB");
            }
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
            return Optional.of(text.startsWith("\ufeff") ? text.substring(1) : text);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CharacterCodingException e) {
            throw new IOException("the file is not UTF-8 text", e);
        }
    }

    Instant changed(String name) {
        try {
            return Files.getLastModifiedTime(folder.resolve(name)).toInstant();
        } catch (IOException e) {
            return Instant.now();
        }
    }

    /** Replaces a file; the change is not told again. */
    void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
        unsettled.remove(name);
        take(name, print(file));
    }

    boolean delete(String name) throws IOException {
        unsettled.remove(name);
        taken.remove(name);
        return AtomicFiles.delete(folder.resolve(name));
    }
}
