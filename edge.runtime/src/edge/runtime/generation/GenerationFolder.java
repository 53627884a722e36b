// SPDX-License-Identifier: Apache-2.0
package edge.runtime.generation;

import edge.json.JsonException;
import edge.runtime.base.AtomicFiles;
import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generations on disk, and the pointer that says which one is in force: what is written here is there after a power cut, or is
 * not there at all. Not safe for several threads.
 */
final class GenerationFolder {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationFolder.class);
    private static final String CURRENT = "current.json";
    private static final int KEPT = 12;

    private final Path folder;
    private final Path jars;
    private final TreeMap<Long, Kept> kept = new TreeMap<>();
    private Pointer pointer = new Pointer(0, Set.of());

    GenerationFolder(Path folder, Path jars) {
        this.folder = folder;
        this.jars = jars;
        readAll();
    }

    private void readAll() {
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path one : folders.filter(path -> path.getFileName().toString().matches("[0-9]{8}")).toList()) {
                try {
                    Kept generation = Kept.read(one);
                    kept.put(generation.number(), generation);
                } catch (IOException | JsonException e) {
                    LOG.error("The generation {} cannot be read and is left out: {}", one, e.getMessage());
                }
            }
        } catch (IOException e) {
            LOG.error("The generations in {} cannot be read: {}", folder, DataDirectory.reason(e));
        }
        try {
            pointer = Pointer.parse(Files.readString(folder.resolve(CURRENT)));
        } catch (NoSuchFileException e) {
            LOG.debug("Nothing has been deployed yet", e);
        } catch (IOException | JsonException e) {
            pointer = new Pointer(kept.isEmpty() ? 0 : kept.lastKey(), Set.of());
            LOG.error("{} cannot be read: {}. The newest generation, {}, is taken.", folder.resolve(CURRENT), e.getMessage(),
                pointer.current());
        }
        if (pointer.current() != 0 && !kept.containsKey(pointer.current())) {
            long other = kept.isEmpty() ? 0 : kept.lastKey();
            LOG.error("The generation {} that should be in force is lost; {} is taken.", pointer.current(), other);
            pointer = pointer.at(other);
        }
    }

    /** The one in force; the product image's if there is none. */
    Kept current() {
        return kept.getOrDefault(pointer.current(), Kept.image());
    }

    Pointer pointer() {
        return pointer;
    }

    /** By number, the newest first. */
    NavigableMap<Long, Kept> all() {
        return kept.descendingMap();
    }

    long nextNumber() {
        return Math.max(pointer.current(), kept.isEmpty() ? 0 : kept.lastKey()) + 1;
    }

    /** The newest one before that which has proven itself; the product image if none has. */
    Kept lastGoodBefore(long number) {
        return kept.headMap(number, false).descendingMap().values().stream()
            .filter(one -> pointer.proven().contains(one.number())).findFirst().orElse(Kept.image());
    }

    /** The configurations of a generation: file names and the bytes of the texts, one char each. */
    Map<String, String> configurations(long number) throws IOException {
        return number == 0 ? Map.of() : new EtcFolder(path(number).resolve(Kept.ETC)).texts();
    }

    private Path path(long number) {
        return folder.resolve(String.format(Locale.ROOT, "%08d", number));
    }

    /** Makes a generation, or puts another one in the place of that number. */
    long write(long number, BundleSet bundles, Map<String, String> texts, Kept.Origin origin) throws IOException {
        Kept generation = new Kept(number, origin, bundles, List.copyOf(texts.keySet()));
        Path fresh = folder.resolve(".new");
        deleteTree(fresh);
        Files.createDirectories(fresh.resolve(Kept.ETC));
        for (Map.Entry<String, String> file : texts.entrySet()) {
            AtomicFiles.writePrivate(fresh.resolve(Kept.ETC).resolve(file.getKey()),
                file.getValue().getBytes(StandardCharsets.ISO_8859_1));
        }
        AtomicFiles.writePrivate(fresh.resolve(Kept.FILE), generation.bytes());
        deleteTree(path(number));
        AtomicFiles.moveIntoPlace(fresh, path(number));
        kept.put(number, generation);
        return number;
    }

    /** Puts one in force. */
    void point(long number) throws IOException {
        save(pointer.at(number));
    }

    void prove(long number) throws IOException {
        save(pointer.withProven(number));
    }

    private void save(Pointer changed) throws IOException {
        AtomicFiles.write(folder.resolve(CURRENT), changed.bytes());
        pointer = changed;
    }

    void remove(long number) throws IOException {
        kept.remove(number);
        deleteTree(path(number));
    }

    /** Forgets old generations, and jars that neither a generation nor this trial has. */
    void discardUnused(Optional<Attempt> trial) {
        try {
            List<Long> old = new ArrayList<>(kept.headMap(pointer.current(), false).keySet());
            long lastGood = lastGoodBefore(pointer.current()).number();
            Collections.reverse(old);
            Set<Long> gone = new HashSet<>();
            for (long number : old.subList(Math.min(old.size(), KEPT), old.size())) {
                if (number != lastGood) {
                    kept.remove(number);
                    gone.add(number);
                }
            }
            if (!gone.isEmpty()) {
                save(pointer.withoutProven(gone));
            }
            for (long number : gone) {
                deleteTree(path(number));
            }
            discardJars(trial);
        } catch (IOException e) {
            LOG.warn("What is not used any more cannot be removed from {}: {}", folder, DataDirectory.reason(e));
        }
    }

    private void discardJars(Optional<Attempt> trial) throws IOException {
        Set<String> used = new HashSet<>();
        Collection<BundleSet> sets = new ArrayList<>(kept.values().stream().map(Kept::bundles).toList());
        trial.ifPresent(attempt -> sets.add(attempt.wanted()));
        sets.forEach(set -> set.deployed().values().forEach(bundle -> used.add(bundle.sha256() + ".jar")));
        try (Stream<Path> files = Files.list(jars)) {
            for (Path file : files.filter(path -> !used.contains(path.getFileName().toString())).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
