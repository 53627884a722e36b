// SPDX-License-Identifier: Apache-2.0
package edge.runtime.generation;

import edge.json.JsonException;
import edge.runtime.base.AtomicFiles;
import edge.runtime.base.DataDirectory;
import edge.runtime.generation.GenerationStore.Recovered;
import edge.runtime.supervise.Supervision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is put right when the gateway starts: an interrupted deployment, and a set whose starts fail one after the other. */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int FAILED_STARTS = 3;

    private final GenerationFolder generations;
    private final EtcFolder etc;
    private final Path file;
    private final Supervision supervision;
    private final List<Recovered> recovered = new ArrayList<>();
    private Optional<Attempt> trial = Optional.empty();
    private boolean undone;

    /** @param file of the attempt */
    Recovery(GenerationFolder generations, EtcFolder etc, Path file, Supervision supervision) {
        this.generations = generations;
        this.etc = etc;
        this.file = file;
        this.supervision = supervision;
        resumeOrUndo();
        fallBackAfterFailedStarts();
    }

    /** What was put right. */
    List<Recovered> recovered() {
        return List.copyOf(recovered);
    }

    /** The deployment for which the gateway was restarted, if it is tried now. */
    Optional<Attempt> trial() {
        return trial;
    }

    private void resumeOrUndo() {
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
            if (generations.pointer().current() == attempt.generation()) {
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
                generations.remove(attempt.generation());
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
        for (Attempt.File changed : attempt.files()) {
            if (etc.text(changed.name()).equals(changed.after())) {
                etc.put(changed.name(), changed.before());
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
            long current = generations.pointer().current();
            Map<String, String> working = etc.texts();
            Kept from = generations.current();
            boolean edited = current != 0 && !working.equals(generations.configurations(current));
            boolean editsAreToBlame = edited && generations.pointer().proven().contains(current);
            Kept to = editsAreToBlame ? from : generations.lastGoodBefore(current);
            if (to.number() == from.number() && !edited) {
                LOG.error("{} There is no older set to fall back to.", why);
                return;
            }
            if (edited) {
                // Nothing is thrown away: what was edited by hand can be brought back.
                long number = generations.write(generations.nextNumber(), from.bundles(), working,
                    new Kept.Origin(Instant.now(), "etc folder", "changes by hand", "kept before the fall-back"));
                LOG.warn("The configurations as they were are kept as generation {}", number);
            }
            if (to.number() != 0) {
                etc.putAll(generations.configurations(to.number()));
            }
            generations.point(to.number());
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
}
