// SPDX-License-Identifier: Apache-2.0
package edge.runtime.generation;

import edge.runtime.base.AtomicFiles;
import edge.runtime.base.DataDirectory;
import edge.runtime.supervise.Supervision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

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
    private static final String ATTEMPT = "attempt.json";

    private final Path attempt;
    private final Path jars;
    private final EtcFolder etc;
    private final List<Recovered> recovered;
    // both guarded by this
    private final GenerationFolder folder;
    private Optional<Attempt> trial;

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
        Path generations = DataDirectory.folder(context, "generations");
        this.attempt = generations.resolve(ATTEMPT);
        this.jars = DataDirectory.folder(context, "generations/jars");
        this.etc = new EtcFolder(DataDirectory.folder(context, "etc"));
        this.folder = new GenerationFolder(generations, jars);
        Recovery recovery = new Recovery(folder, etc, attempt, supervision);
        this.recovered = recovery.recovered();
        this.trial = recovery.trial();
        folder.discardUnused(trial);
    }

    // --------------------------------------------------------------------------------------------------------- reading

    /** What was put right when the gateway started. */
    public List<Recovered> recovered() {
        return recovered;
    }

    /** A deployment for which the gateway was restarted: it is in force now, and is kept or undone like any other. */
    public synchronized Optional<Attempt> trial() {
        return trial;
    }

    /** The one in force. */
    public synchronized Kept current() {
        return folder.current();
    }

    public synchronized boolean isProven(long number) {
        return folder.pointer().proven().contains(number);
    }

    /** The newest first. */
    public synchronized List<Kept> all() {
        return List.copyOf(folder.all().values());
    }

    public synchronized Optional<Kept> find(long number) {
        return Optional.ofNullable(folder.all().get(number));
    }

    /** The configurations of a generation: file names and the bytes of the texts, one char each. */
    public Map<String, String> configurations(long number) throws IOException {
        return folder.configurations(number);
    }

    /** Where the jar of that hash is, if it is kept. */
    public Path jar(String sha256) {
        return jars.resolve(sha256 + ".jar");
    }

    /** Where a jar may be written to before it is kept. */
    public Path incoming(String name) {
        return jars.resolve("." + name + ".incoming");
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
        return folder.nextNumber();
    }

    /** The first step of a deployment. */
    public void begin(Attempt begun) throws IOException {
        AtomicFiles.writePrivate(attempt, begun.bytes());
    }

    /** The last step of a deployment that is not kept, when what was before is in force again. */
    public synchronized void abandon() throws IOException {
        trial = Optional.empty();
        AtomicFiles.delete(attempt);
        folder.discardUnused(trial);
    }

    /** The last step of a deployment that is kept: the set and the configurations as they are in {@code etc} now. */
    public synchronized void commit(Attempt done) throws IOException {
        folder.point(folder.write(done.generation(), done.wanted(), etc.texts(), done.origin()));
        trial = Optional.empty();
        AtomicFiles.delete(attempt);
        folder.discardUnused(trial);
    }

    /**
     * Makes a generation of configurations that were changed without a deployment, so that nothing that was in force is lost.
     *
     * @return that generation, if there were any
     */
    public synchronized Optional<Kept> adopt(String caller) throws IOException {
        long current = folder.pointer().current();
        Map<String, String> working = etc.texts();
        Map<String, String> before = folder.configurations(current);
        if (Files.exists(attempt) || working.equals(before)) {
            return Optional.empty();
        }
        long number = folder.write(folder.nextNumber(), folder.current().bundles(), working, new Kept.Origin(Instant.now(), caller,
            current == 0 ? Kept.FIRST : "change by hand: " + String.join(", ", changed(before, working)), ""));
        folder.point(number);
        folder.discardUnused(trial);
        return find(number);
    }

    private static Set<String> changed(Map<String, String> before, Map<String, String> after) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
        return names;
    }

    /** A generation has been in force for a while in a gateway that lives. Of no effect if another one is in force now. */
    public synchronized void proven(long number) throws IOException {
        if (folder.pointer().current() == number && !folder.pointer().proven().contains(number)) {
            folder.prove(number);
        }
    }
}
