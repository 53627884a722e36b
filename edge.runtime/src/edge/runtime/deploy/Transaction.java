// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.Change;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.deploy.DeploymentRequest;
import edge.api.deploy.DeploymentState.Stage;
import edge.runtime.base.DataDirectory;
import edge.runtime.deploy.BundleControl.StepException;
import edge.runtime.deploy.Draft.Part;
import edge.runtime.generation.Attempt;
import edge.runtime.generation.Kept;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out one deployment: verified and planned, applied, watched, confirmed if that is wanted, then kept; or undone. What
 * is in force after a power cut changes in one step only, the commit. One thread.
 */
final class Transaction {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    private final Workshop shop;
    private final Job job;
    private final List<String> findings = new ArrayList<>();
    /** The copies that were made, and what people call what they are copies of. */
    private final Map<Path, String> incoming = new LinkedHashMap<>();
    private long begun;
    private boolean unfinished;
    private Duration took = Duration.ZERO;

    /**
     * @param detail why, when it is not done
     * @param generation what it made; 0 if nothing
     */
    record Result(Outcome outcome, String detail, List<String> findings, long generation, Duration took) {
    }

    Transaction(Workshop shop, Job job) {
        this.shop = shop;
        this.job = job;
    }

    Result run() {
        begun = System.nanoTime();
        try {
            shop.adopt();
            Draft draft = job.rollbackTo().isPresent() ? back(job.rollbackTo().get())
                : shop.drafter().draft(brought(job.request().orElseThrow()));
            job.summary(words(draft));
            draft.confirmation(Confirmation.of(job.confirmWithin(), job.caller().kind(), draft, shop.settings().confirmation()));
            DeploymentPlan plan = shop.planner().plan(draft);
            if (!plan.isPossible()) {
                return refused(plan.problems());
            }
            if (draft.parts().isEmpty() && draft.configurations().isEmpty()) {
                return refused(List.of("That is what is in force: there is nothing to change."));
            }
            if (job.undoneBy().isPresent()) {
                return refused(List.of(job.undoneBy().get() + " took it back."));
            }
            return carryOut(draft, plan);
        } catch (IOException e) {
            return refused(List.of("It cannot be written down: " + DataDirectory.reason(e) + "."));
        } catch (JarCheck.RejectedException e) {
            return refused(List.of(e.getMessage()));
        } finally {
            incoming.keySet().forEach(Transaction::discard);
        }
    }

    private Draft back(long generation) throws JarCheck.RejectedException {
        Optional<Kept> kept = shop.generations().find(generation);
        if (kept.isEmpty()) {
            throw new JarCheck.RejectedException("The generation " + generation + " is not kept any more.");
        }
        return shop.drafter().back(kept.get());
    }

    private Result refused(List<String> problems) {
        return new Result(Outcome.REFUSED, String.join(" ", problems), findings, 0, sinceBegin());
    }

    /** The gateway stops now; what is written down lets the next start carry it on, or undo it. */
    private Result goesOn() {
        unfinished = true;
        return new Result(Outcome.ROLLED_BACK, "The gateway stops; the next start tells what became of it.", findings, 0,
            sinceBegin());
    }

    /** Whether the next start of the gateway tells what became of it. */
    boolean isUnfinished() {
        return unfinished;
    }

    private Duration sinceBegin() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} is not used any more and cannot be deleted: {}", file, DataDirectory.reason(e));
        }
    }

    private String words(Draft draft) {
        String words = draft.summary();
        for (Part part : draft.parts()) {
            if (part.facts().isPresent()) {
                JarFacts facts = part.facts().get();
                words = words.replace(part.jar().get().getFileName().toString(), facts.symbolicName() + " " + facts.version());
            }
        }
        for (Map.Entry<Path, String> copy : incoming.entrySet()) {
            words = words.replace(copy.getKey().getFileName().toString(), copy.getValue());
        }
        return words;
    }

    /** The request with every jar copied to where nobody changes it any more. */
    private DeploymentRequest brought(DeploymentRequest request) throws JarCheck.RejectedException {
        List<Change> changes = new ArrayList<>();
        for (Change change : request.changes()) {
            Path copy = shop.generations().incoming(job.id() + "-" + incoming.size());
            if (change instanceof Change.Install install) {
                // What was uploaded is named by its source.
                incoming.put(copy, install.source().endsWith(".jar") ? "the file" : install.jar().getFileName().toString());
                try {
                    Files.copy(install.jar(), copy);
                } catch (IOException e) {
                    throw new JarCheck.RejectedException("The jar cannot be copied: " + DataDirectory.reason(e) + ".");
                }
                changes.add(new Change.Install(copy, install.source()));
            } else if (change instanceof Change.Fetch fetch) {
                incoming.put(copy, "the jar");
                job.stage(Stage.FETCHING, Optional.of(Fetcher.LIMIT));
                new Fetcher(shop.limits().fileBytes()).fetch(fetch, copy);
                changes.add(new Change.Install(copy, fetch.from().toString()));
            } else {
                changes.add(change);
            }
        }
        job.stage(Stage.VERIFYING, Optional.empty());
        return new DeploymentRequest(changes, request.why(), request.probation(), request.confirmWithin(),
            request.allowDowngrade());
    }

    private Result carryOut(Draft draft, DeploymentPlan plan) throws IOException {
        findings.addAll(draft.remarks());
        List<Swap.Goal> goals = new ArrayList<>();
        for (Part part : draft.parts()) {
            Optional<Path> jar = part.jar();
            if (jar.isPresent() && incoming.containsKey(jar.get())) {
                jar = Optional.of(shop.generations().keepJar(jar.get(), part.facts().orElseThrow().sha256()));
            }
            goals.add(new Swap.Goal(part.symbolicName(), part.changesCode(), jar, part.run()));
        }
        Swap swap = new Swap(shop.control(), shop.components(), shop.configurations(), job.caller(), goals,
            draft.configurations(), shop.drafter()::jarInUse);
        Attempt attempt = new Attempt(job.id(), shop.generations().nextNumber(),
            new Kept.Origin(job.time(), job.caller().name(), job.summary(), job.why()), plan.restart(),
            draft.wanted(), files(draft, swap));
        shop.generations().begin(attempt);
        if (plan.restart()) {
            shop.supervision().restart("a deployment needs it: " + job.summary());
            return goesOn();
        }
        return apply(draft, swap, attempt);
    }

    private List<Attempt.File> files(Draft draft, Swap swap) {
        List<Attempt.File> files = new ArrayList<>();
        draft.configurations().forEach((pid, after) -> files.add(new Attempt.File(
            shop.configurations().fileName(pid).orElseThrow(), swap.textsBefore().get(pid).map(Transaction::bytes),
            after.map(Transaction::bytes))));
        return files;
    }

    /** The store keeps bytes, one char each. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private Result apply(Draft draft, Swap swap, Attempt attempt) {
        Vitals before = Vitals.now(shop.devices(), shop.log());
        job.uplinksBefore(shop.connectedUplinks(), Confirmation.given(draft));
        List<LeakGuard.Candidate> old = LeakGuard.candidates(shop.present(swap.touched()));
        List<String> running = new ArrayList<>(swap.touched());
        draft.parts().stream().filter(part -> !part.run()).forEach(part -> running.remove(part.symbolicName()));
        Probation probation = null;
        try {
            job.stage(Stage.APPLYING, Optional.empty());
            long start = System.nanoTime();
            swap.forth();
            took = Duration.ofNanos(System.nanoTime() - start);
            Duration time = job.probation().orElse(shop.settings().probation());
            if (!time.isZero()) {
                job.stage(Stage.PROBATION, Optional.of(time));
                probation = new Probation(shop.control(), shop.components(), shop.devices(), shop.log(),
                    shop.settings().limits(), swap, before, running, this::requireNotUndone);
                probation.pass(time);
            }
            if (draft.confirmation().isPresent()) {
                awaitConfirmation(draft.confirmation().get().within());
            }
            if (!job.say(new Job.Verdict("", true))) {
                requireNotUndone();
            }
            shop.generations().commit(attempt);
            shop.leaks().watch(job.id(), old);
            draft.parts().forEach(part -> shop.failures().remove(part.symbolicName()));
            return new Result(Outcome.DONE, "", findings, attempt.generation(), took);
        } catch (StepException e) {
            return undo(draft, swap, old, e.getMessage(), Optional.ofNullable(probation));
        } catch (IOException e) {
            return undo(draft, swap, old, "It cannot be kept: " + DataDirectory.reason(e) + ".", Optional.empty());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("A deployment failed unexpectedly: {}", job.summary(), e);
            return undo(draft, swap, old, "Unexpectedly: " + e + ".", Optional.empty());
        }
    }

    private void requireNotUndone() throws StepException {
        if (job.undoneBy().isPresent()) {
            throw new StepException(job.undoneBy().get() + " undid it.", null);
        }
    }

    private void awaitConfirmation(Duration time) throws StepException {
        job.stage(Stage.AWAITING_CONFIRMATION, Optional.of(time));
        try {
            Job.Verdict verdict = job.verdict().toCompletableFuture().get(time.toMillis(), TimeUnit.MILLISECONDS);
            requireNotUndone();
            findings.add("Confirmed by " + verdict.by() + ".");
        } catch (TimeoutException e) {
            if (!job.say(new Job.Verdict("", false))) {
                return; // confirmed in the last moment
            }
            List<String> lost = job.lostUplinks(shop.connectedUplinks());
            throw new StepException("Nobody confirmed it within " + time.toSeconds() + " s." + (lost.isEmpty() ? ""
                : " The uplink " + String.join(", ", lost) + " was connected before and is not connected now."), e);
        } catch (ExecutionException e) {
            throw new StepException("The confirmation failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepException("The gateway stops.", e);
        }
    }

    private Result undo(Draft draft, Swap swap, List<LeakGuard.Candidate> old, String why, Optional<Probation> probation) {
        job.stage(Stage.ROLLING_BACK, Optional.empty());
        long start = System.nanoTime();
        if (Thread.currentThread().isInterrupted() || shop.control().isStopping()) {
            return goesOn();
        }
        List<LeakGuard.Candidate> failed = LeakGuard.candidates(shop.present(swap.touched()));
        String left = "";
        try {
            swap.back();
        } catch (StepException | RuntimeException e) {
            left = Objects.requireNonNullElse(e.getMessage(), e.toString());
        }
        took = Duration.ofNanos(System.nanoTime() - start);
        try {
            shop.generations().abandon();
        } catch (IOException e) {
            LOG.error("What is left of a deployment cannot be removed; the next start does it: {}", DataDirectory.reason(e));
        }
        shop.leaks().watch(job.id(), old);
        shop.leaks().watch(job.id(), failed);
        draft.parts().forEach(part -> remember(part.symbolicName(), why));
        String runaway = probation.map(Probation::runaway).orElse("");
        if (!left.isEmpty()) {
            restart("what was there before a failed deployment could not be brought back without it: " + left);
        } else if (!runaway.isEmpty()) {
            restart(runaway);
        }
        return left.isEmpty() ? new Result(Outcome.ROLLED_BACK, why, findings, 0, took)
            : new Result(Outcome.FAILED, why + " What was there before could not be restored: " + left, findings, 0, took);
    }

    /** What is in force on disk is the old set: a restart brings it back, whatever is wrong with this process. */
    private void restart(String why) {
        if (shop.supervision().isSupervised()) {
            findings.add("The gateway is restarted: " + why + ".");
            shop.restartLater(why);
        } else {
            findings.add("Restart the gateway: " + why + ".");
        }
    }

    /** Keeps why a bundle does not run, for whoever looks at the list of bundles. */
    private void remember(String symbolicName, String why) {
        Bundle bundle = shop.control().find(symbolicName);
        if (bundle == null || bundle.getState() == Bundle.ACTIVE) {
            shop.failures().remove(symbolicName);
        } else {
            shop.failures().put(symbolicName, why);
        }
    }

    static Map<String, Optional<String>> texts(Attempt attempt, Workshop shop, boolean after) {
        Map<String, Optional<String>> texts = new TreeMap<>();
        attempt.files().forEach(file -> shop.configurations().pid(file.name())
            .ifPresent(pid -> texts.put(pid, (after ? file.after() : file.before()).map(Drafter::decoded))));
        return texts;
    }
}
