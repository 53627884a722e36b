// SPDX-License-Identifier: Apache-2.0
package edge.runtime.generation;

import edge.json.JsonException;
import edge.runtime.base.AtomicFiles;
import edge.runtime.base.DataDirectory;
import edge.runtime.supervise.Supervision;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps generations in {@code DATA/generations}. When it is there, whatever an interrupted deployment has left is put right,
 * and after a crash loop the last good set is in force: {@link #recovered()} tells what was done.
 *
 * <p>A deployment writes its {@link Attempt} first, then changes what it wants to change, then {@link #commit commits}: the
 * new generation's folder gets its name, the pointer is replaced, the attempt is deleted. Cut anywhere, the next start finds
 * the old set or the new one.
 */
@Component(service = GenerationStore.class, immediate = true)
public final class GenerationStore {
    static final String CURRENT = "current.json";
    static final String ATTEMPT = "attempt.json";
    private static final Logger LOG = LoggerFactory.getLogger(GenerationStore.class);
    private static final int KEPT = 12;
    private static final int FAILED_STARTS = 3;

    private final Path folder;
    private final Path jars;
    private final EtcFolder etc;
    private final Supervision supervision;
    private final List<Recovered> recovered = new ArrayList<>();
    private boolean undone;
    // all guarded by this
    private final TreeMap<Long, Kept> kept = new TreeMap<>();
    private Pointer pointer = new Pointer(0, Set.of());
    private Optional<Attempt> trial = Optional.empty();

    /**
     * Something that was put right at the start.
     *
     * @param id of the deployment that was undone, empty if it was none
     * @param what a sentence: what was undone
     * @param why a sentence: what had happened
     */
    public record Recovered(String id, Kept.Origin origin, String what, String why, boolean kept) {
    }

    @Activate
    public GenerationStore(BundleContext context, @Reference Supervision supervision) {
        this.folder = DataDirectory.folder(context, "generations");
        this.jars = DataDirectory.folder(context, "generations/jars");
        this.etc = new EtcFolder(DataDirectory.folder(context, "etc"));
        this.supervision = supervision;
        readAll();
        resumeOrUndo();
        fallBackAfterFailedStarts();
        discardUnused();
    }

    // ---------------------------------------------------------------------------------------------------- at the start

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

    private void resumeOrUndo() {
        Path file = folder.resolve(ATTEMPT);
        Attempt attempt;
        try {
            attempt = Attempt.parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException | JsonException e) {
            LOG.error("{} cannot be read: {}. The configurations stay as they are.", file, e.getMessage());
            return;
        }
        try {
            if (pointer.current() == attempt.generation()) {
                recovered.add(new Recovered(attempt.id(), attempt.origin(), attempt.origin().summary(), "", true));
            } else if (attempt.trial()) {
                for (Attempt.File changed : attempt.files()) {
                    etc.put(changed.name(), changed.after());
                }
                AtomicFiles.writePrivate(file, attempt.tried().bytes());
                trial = Optional.of(attempt);
                return;
            } else {
                restore(attempt);
                // What ended the gateway was the attempt's fault, or nobody's: the set in force is not to blame.
                supervision.forgetFailedStarts();
                undone = true;
                kept.remove(attempt.generation());
                deleteTree(path(attempt.generation()));
                recovered.add(new Recovered(attempt.id(), attempt.origin(), attempt.origin().summary(),
                    "The gateway ended while it was carried out: " + supervision.lastEnd() + ". What was there before is in"
                        + " force.", false));
            }
            AtomicFiles.delete(file);
        } catch (IOException e) {
            LOG.error("The interrupted deployment '{}' cannot be put right entirely: {}", attempt.origin().summary(),
                DataDirectory.reason(e));
        }
    }

    /** Puts the files back that the attempt has changed, unless somebody else has changed them since. */
    private void restore(Attempt attempt) throws IOException {
        for (Attempt.File file : attempt.files()) {
            if (etc.text(file.name()).equals(file.after())) {
                etc.put(file.name(), file.before());
            }
        }
    }

    private void fallBackAfterFailedStarts() {
        if (supervision.failedStarts() < FAILED_STARTS || trial.isPresent() || undone) {
            return;
        }
        String why = supervision.failedStarts() + " starts did not reach health, the last one ended like this: "
            + supervision.lastEnd() + ".";
        try {
            Map<String, String> working = etc.texts();
            Map<String, String> wanted = configurations(pointer.current());
            Kept from = kept.getOrDefault(pointer.current(), Kept.image());
            boolean edited = !working.equals(wanted) && pointer.current() != 0;
            Kept to = edited && pointer.proven().contains(pointer.current()) ? from : lastGoodBefore(pointer.current());
            if (to.number() == from.number() && !edited) {
                LOG.error("{} There is no older set to fall back to.", why);
                return;
            }
            if (edited) {
                // Nothing is thrown away: what was edited by hand can be brought back.
                long number = write(from.bundles(), working,
                    new Kept.Origin(Instant.now(), "etc folder", "changes by hand", "kept before the fall-back"));
                LOG.warn("The configurations as they were are kept as generation {}", number);
            }
            if (to.number() != 0) {
                etc.putAll(configurations(to.number()));
            }
            savePointer(pointer.at(to.number()));
            supervision.forgetFailedStarts();
            recovered.add(new Recovered("", new Kept.Origin(Instant.now(), "supervisor", "", ""),
                "fall back from generation " + from.number() + " to " + name(to), why, false));
        } catch (IOException e) {
            LOG.error("{} Falling back failed: {}", why, DataDirectory.reason(e));
        }
    }

    private static String name(Kept generation) {
        return generation.number() == 0 ? "the product image" : "generation " + generation.number();
    }

    private Kept lastGoodBefore(long number) {
        return kept.headMap(number, false).descendingMap().values().stream()
            .filter(one -> pointer.proven().contains(one.number())).findFirst().orElse(Kept.image());
    }

    // --------------------------------------------------------------------------------------------------------- reading

    /** What was put right when the gateway started. */
    public List<Recovered> recovered() {
        return List.copyOf(recovered);
    }

    /** A deployment for which the gateway was restarted: it is in force now, and is kept or undone like any other. */
    public synchronized Optional<Attempt> trial() {
        return trial;
    }

    /** The one in force. */
    public synchronized Kept current() {
        return kept.getOrDefault(pointer.current(), Kept.image());
    }

    public synchronized boolean isProven(long number) {
        return pointer.proven().contains(number);
    }

    /** The newest first. */
    public synchronized List<Kept> all() {
        return List.copyOf(kept.descendingMap().values());
    }

    public synchronized Optional<Kept> find(long number) {
        return Optional.ofNullable(kept.get(number));
    }

    /** The configurations of a generation: file names and the bytes of the texts, one char each. */
    public Map<String, String> configurations(long number) throws IOException {
        return number == 0 ? Map.of() : new EtcFolder(path(number).resolve(Kept.ETC)).texts();
    }

    /** Where the jar of that hash is, if it is kept. */
    public Path jar(String sha256) {
        return jars.resolve(sha256 + ".jar");
    }

    /** Where a jar may be written to before it is kept. */
    public Path incoming(String name) {
        return jars.resolve("." + name + ".incoming");
    }

    private Path path(long number) {
        return folder.resolve(String.format(Locale.ROOT, "%08d", number));
    }

    // --------------------------------------------------------------------------------------------------------- writing

    /** Takes a verified jar in; it is on disk when this returns. */
    public Path keepJar(Path incoming, String sha256) throws IOException {
        Path jar = jar(sha256);
        if (Files.exists(jar)) {
            Files.deleteIfExists(incoming);
        } else {
            AtomicFiles.moveIntoPlace(incoming, jar);
        }
        return jar;
    }

    public synchronized long nextNumber() {
        return Math.max(pointer.current(), kept.isEmpty() ? 0 : kept.lastKey()) + 1;
    }

    /** The first step of a deployment. */
    public void begin(Attempt attempt) throws IOException {
        AtomicFiles.writePrivate(folder.resolve(ATTEMPT), attempt.bytes());
    }

    /** The last step of a deployment that is not kept, when what was before is in force again. */
    public synchronized void abandon() throws IOException {
        trial = Optional.empty();
        AtomicFiles.delete(folder.resolve(ATTEMPT));
        discardUnused();
    }

    /** The last step of a deployment that is kept: the set and the configurations as they are in {@code etc} now. */
    public synchronized void commit(Attempt attempt) throws IOException {
        long number = write(attempt.generation(), attempt.wanted(), etc.texts(), attempt.origin());
        savePointer(pointer.at(number));
        trial = Optional.empty();
        AtomicFiles.delete(folder.resolve(ATTEMPT));
        discardUnused();
    }

    /**
     * Makes a generation of configurations that were changed without a deployment, so that nothing that was in force is lost.
     *
     * @return that generation, if there were any
     */
    public synchronized Optional<Kept> adopt(String caller) throws IOException {
        Map<String, String> working = etc.texts();
        Map<String, String> before = configurations(pointer.current());
        if (Files.exists(folder.resolve(ATTEMPT)) || working.equals(before)) {
            return Optional.empty();
        }
        long number = write(current().bundles(), working, new Kept.Origin(Instant.now(), caller,
            pointer.current() == 0 ? Kept.FIRST : "change by hand: " + String.join(", ", changed(before, working)), ""));
        savePointer(pointer.at(number));
        discardUnused();
        return find(number);
    }

    private static Set<String> changed(Map<String, String> before, Map<String, String> after) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
        return names;
    }

    /** A start on the generation in force has reached health. */
    public synchronized void proven() throws IOException {
        if (!pointer.proven().contains(pointer.current())) {
            savePointer(pointer.withProven(pointer.current()));
        }
    }

    private long write(BundleSet bundles, Map<String, String> texts, Kept.Origin origin) throws IOException {
        return write(nextNumber(), bundles, texts, origin);
    }

    private long write(long number, BundleSet bundles, Map<String, String> texts, Kept.Origin origin) throws IOException {
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

    private void savePointer(Pointer changed) throws IOException {
        AtomicFiles.write(folder.resolve(CURRENT), changed.bytes());
        pointer = changed;
    }

    /** Forgets old generations, and jars that no generation has. */
    private void discardUnused() {
        try {
            List<Long> old = new ArrayList<>(kept.headMap(pointer.current(), false).keySet());
            Optional<Long> lastGood = Optional.of(lastGoodBefore(pointer.current()).number());
            Collections.reverse(old);
            Set<Long> gone = new HashSet<>();
            for (long number : old.subList(Math.min(old.size(), KEPT), old.size())) {
                if (number != lastGood.get()) {
                    kept.remove(number);
                    gone.add(number);
                }
            }
            if (!gone.isEmpty()) {
                savePointer(pointer.withoutProven(gone));
            }
            for (long number : gone) {
                deleteTree(path(number));
            }
            discardJars();
        } catch (IOException e) {
            LOG.warn("What is not used any more cannot be removed from {}: {}", folder, DataDirectory.reason(e));
        }
    }

    private void discardJars() throws IOException {
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
