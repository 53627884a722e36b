// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.access.Caller;
import edge.api.deploy.Change;
import edge.api.deploy.Deployer;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.deploy.DeploymentRequest;
import edge.json.JsonException;
import edge.runtime.base.AtomicFiles;
import edge.runtime.base.DataDirectory;
import edge.runtime.base.FolderWatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder into which jars and {@linkplain FeatureFile feature files} are dropped. One is deployed when it is complete and has
 * come to rest, with {@code NAME.deploying.txt} beside it meanwhile; it then makes room for {@code NAME.deployed.txt}. One that
 * cannot be deployed stays, with {@code NAME.rejected.txt} beside it that says why, until it is replaced or removed.
 */
final class DropFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DropFolder.class);
    private static final Caller CALLER = Caller.system("deploy folder");
    private static final String REJECTED = ".rejected.txt";
    private static final String DEPLOYING = ".deploying.txt";
    private static final String DEPLOYED = ".deployed.txt";
    private static final String STATE = "File state: ";
    private static final long LOOK_MILLIS = 2_000;
    private static final long SETTLE_NANOS = 200_000_000L;
    private static final long CLOSE_SECONDS = 3;

    private final Path folder;
    private final Deployer deployer;
    private final Duration incomplete;
    private final ScheduledThreadPoolExecutor executor;
    private final Map<Path, Seen> unsettled = new HashMap<>();
    /** States that were dealt with, should it be impossible to take the file away or to put a note beside it. */
    private final Map<Path, String> dealtWith = new HashMap<>();
    private FolderWatch watch;
    private ScheduledFuture<?> settling; // on the executor's thread
    private boolean unreadableTold;

    /**
     * @param rested when it has come to rest, if it does not change any more
     * @param broken when it is called broken, if its end is still missing then
     */
    private record Seen(String state, long rested, long broken) {
        long next(long now) {
            return (rested - now > 0 ? rested : broken) - now;
        }
    }

    /** @param incomplete how long a file without its end may take to grow before it is called broken */
    DropFolder(Path folder, Deployer deployer, Duration incomplete) {
        this.folder = folder;
        this.deployer = deployer;
        this.incomplete = incomplete;
        this.executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "edge-deploy-folder");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
    }

    void start() {
        executor.execute(this::rejectInterrupted);
        executor.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        watch = FolderWatch.start(folder, "edge-deploy-watch", this::lookNow);
    }

    @Override
    public void close() {
        watch.close();
        executor.shutdownNow();
        try {
            executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookNow() {
        try {
            executor.execute(this::look);
        } catch (RejectedExecutionException e) {
            LOG.trace("Nothing is looked at any more: the gateway stops", e);
        }
    }

    private void look() {
        try {
            deploy(settled());
            unreadableTold = false;
            lookWhenSettled();
        } catch (IOException e) {
            if (!unreadableTold) {
                LOG.error("The folder {} cannot be watched: {}", folder, DataDirectory.reason(e));
            }
            unreadableTold = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException e) {
            LOG.trace("Nothing is looked at any more: the gateway stops", e);
        } catch (RuntimeException | ExecutionException e) {
            LOG.error("Deploying from {} failed; it goes on", folder, e);
        }
    }

    private void lookWhenSettled() {
        if (settling != null) {
            settling.cancel(false);
        }
        long now = System.nanoTime();
        OptionalLong wait = unsettled.values().stream().mapToLong(seen -> seen.next(now)).min();
        if (wait.isPresent()) {
            settling = executor.schedule(this::look, wait.getAsLong(), TimeUnit.NANOSECONDS);
        }
    }

    private Map<Path, String> settled() throws IOException {
        Map<Path, String> settled = new TreeMap<>();
        Map<Path, Seen> still = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(DropFolder::isDeployable).toList()) {
                try {
                    String state = state(file);
                    if (state.equals(dealtWith.get(file)) || isKnownAsRejected(file, state)) {
                        continue;
                    }
                    long now = System.nanoTime();
                    Seen seen = unsettled.get(file);
                    if (seen == null || !seen.state().equals(state)) {
                        still.put(file, new Seen(state, now + SETTLE_NANOS, now + incomplete.toNanos()));
                    } else if (now - seen.broken() >= 0 || now - seen.rested() >= 0 && isComplete(file)) {
                        settled.put(file, state);
                    } else {
                        still.put(file, seen);
                    }
                } catch (NoSuchFileException e) {
                    LOG.debug("{} was taken away again", file, e);
                }
            }
        }
        unsettled.clear();
        unsettled.putAll(still);
        dealtWith.keySet().removeIf(file -> !Files.exists(file));
        return settled;
    }

    private static boolean isDeployable(Path file) {
        String name = file.getFileName().toString();
        return (name.endsWith(".jar") || FeatureFile.is(file)) && !name.startsWith(".")
            && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isComplete(Path file) throws IOException {
        return FeatureFile.is(file) ? Files.readString(file).stripTrailing().endsWith("}") : JarCheck.isComplete(file);
    }

    /** What changes when somebody writes to the file or puts another one in its place. */
    private static String state(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino");
        return attributes.get("size") + " " + attributes.get("lastModifiedTime") + " " + attributes.get("ctime") + " "
            + attributes.get("ino");
    }

    private static boolean isKnownAsRejected(Path file, String state) throws IOException {
        Path note = beside(file, REJECTED);
        return Files.exists(note) && Files.readString(note).contains(STATE + state + "\n");
    }

    private static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /**
     * What came together is deployed together. If that does not work, each by itself: what was refused is tried again as long
     * as something succeeds, because one file may need another one.
     */
    private void deploy(Map<Path, String> files) throws InterruptedException, ExecutionException, IOException {
        Map<Path, String> left = new TreeMap<>(files);
        if (left.size() > 1 && left.keySet().stream().noneMatch(FeatureFile::is)) {
            DeploymentReport all = apply(left);
            if (all.outcome() == Outcome.DONE) {
                for (Map.Entry<Path, String> file : files.entrySet()) {
                    dealtWith.put(file.getKey(), file.getValue());
                    finish(file.getKey(), all);
                }
                return;
            }
        }
        Map<Path, DeploymentReport> refused = new TreeMap<>();
        boolean progress = true;
        while (progress && !left.isEmpty()) {
            progress = false;
            for (Path file : left.keySet().toArray(Path[]::new)) {
                DeploymentReport report = apply(Map.of(file, left.get(file)));
                if (report.outcome() == Outcome.REFUSED) {
                    refused.put(file, report);
                    continue;
                }
                dealtWith.put(file, left.remove(file));
                if (report.outcome() == Outcome.DONE) {
                    progress = true;
                    finish(file, report);
                } else {
                    reject(file, report);
                }
            }
        }
        for (Path file : left.keySet()) {
            dealtWith.put(file, left.get(file));
            reject(file, refused.get(file));
        }
    }

    private DeploymentReport apply(Map<Path, String> files) throws InterruptedException, ExecutionException, IOException {
        DeploymentRequest request;
        try {
            request = request(files.keySet());
        } catch (JsonException e) {
            return new DeploymentReport("", Instant.now(), CALLER.name(), "", "feature file", Outcome.REFUSED, "Line " + e.line()
                + ", column " + e.column() + ": " + (e.path().isEmpty() ? "" : e.path() + ": ") + e.getMessage() + ".",
                List.of(), 0, Duration.ZERO);
        }
        for (Map.Entry<Path, String> file : files.entrySet()) {
            // Should the gateway end meanwhile, this note tells the next start: what ended it is not tried again by itself.
            write(beside(file.getKey(), DEPLOYING), "It is being deployed.\n" + STATE + file.getValue() + "\n");
        }
        return deployer.apply(request, CALLER).outcome().toCompletableFuture().get();
    }

    private static DeploymentRequest request(Collection<Path> files) throws IOException, JsonException {
        List<Change> changes = new ArrayList<>();
        for (Path file : files) {
            if (FeatureFile.is(file)) {
                return FeatureFile.read(file);
            }
            changes.add(new Change.Install(file, "folder deploy/"));
        }
        return new DeploymentRequest(changes, "", Optional.empty(), Optional.empty(), false);
    }

    /** At the start: what was being deployed when the gateway ended. */
    private void rejectInterrupted() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(DropFolder::isDeployable).toList()) {
                Path note = beside(file, DEPLOYING);
                if (Files.exists(note)) {
                    if (Files.readString(note).contains(STATE + state(file) + "\n")) {
                        write(beside(file, REJECTED), "The gateway ended while this was being deployed; the history of"
                            + " deployments tells why.\n\nReplace the file to try again, or delete it.\n" + STATE
                            + state(file) + "\n");
                    }
                    Files.delete(note);
                }
            }
        } catch (IOException e) {
            LOG.error("The folder {} cannot be put in order: {}", folder, DataDirectory.reason(e));
        }
    }

    private void finish(Path file, DeploymentReport report) throws IOException {
        write(beside(file, DEPLOYED), report.time() + "\n" + report.summary() + ": done\n");
        AtomicFiles.delete(file);
        AtomicFiles.delete(beside(file, DEPLOYING));
        AtomicFiles.delete(beside(file, REJECTED));
        retryWhatWasMissingSomething();
    }

    /** What another jar lacked may be there now. */
    private void retryWhatWasMissingSomething() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(DropFolder::isDeployable).toList()) {
                Path note = beside(file, REJECTED);
                if (Files.exists(note) && Files.readString(note).contains("\n" + ManifestRequirement.BEGINS)) {
                    Files.delete(note);
                    dealtWith.remove(file);
                }
            }
        }
    }

    private void reject(Path file, DeploymentReport report) throws IOException {
        Files.deleteIfExists(beside(file, DEPLOYED));
        write(beside(file, REJECTED), report.time() + "\n" + report.summary() + "\n" + report.detail()
            + "\n\nReplace the jar to try again, or delete it.\n" + STATE + dealtWith.get(file) + "\n");
        AtomicFiles.delete(beside(file, DEPLOYING));
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
