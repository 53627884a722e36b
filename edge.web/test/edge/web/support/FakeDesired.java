// SPDX-License-Identifier: Apache-2.0
package edge.web.support;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.config.ConfigurationFile;
import edge.api.config.Configurations;
import edge.api.config.Problem;
import edge.api.deploy.BundleState;
import edge.api.deploy.Change;
import edge.api.deploy.Deployer;
import edge.api.deploy.Deployment;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentRequest;
import edge.api.deploy.DeploymentState;
import edge.api.deploy.Generation;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Configurations and bundles in memory. */
public final class FakeDesired implements Configurations, Deployer {
    public final Map<String, String> texts = new ConcurrentSkipListMap<>();
    public final Map<String, ConfigurationFile> files = new ConcurrentSkipListMap<>();
    public final Map<String, BundleState> states = new ConcurrentSkipListMap<>();
    public final List<Generation> generations = new CopyOnWriteArrayList<>();
    public final List<DeploymentRequest> requests = new CopyOnWriteArrayList<>();
    public final List<DeploymentReport> reports = new CopyOnWriteArrayList<>();

    public void file(String pid, String text, ConfigurationFile.Status status, Problem... problems) {
        texts.put(pid, text);
        files.put(pid, new ConfigurationFile(pid, status, List.of(problems), Instant.now().minusSeconds(7200),
            Integer.toHexString(text.hashCode())));
    }

    @Override
    public List<ConfigurationFile> list() {
        return List.copyOf(files.values());
    }

    @Override
    public Optional<String> text(String pid) {
        return Optional.ofNullable(texts.get(pid));
    }

    @Override
    public List<Problem> check(String pid, String text) {
        try {
            JsonParser.parse(text).asObject();
            return List.of();
        } catch (JsonException e) {
            return List.of(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        }
    }

    public void bundle(String name, String version, String title, BundleState.Phase phase, BundleState.Origin origin,
        List<String> problems, List<String> components) {
        states.put(name, new BundleState(name, version, title, phase, origin, phase == BundleState.Phase.ACTIVE,
            problems, components));
    }

    @Override
    public List<BundleState> bundles() {
        return List.copyOf(states.values());
    }

    @Override
    public DeploymentPlan plan(DeploymentRequest request) {
        Change change = request.changes().get(0);
        if (change instanceof Change.Install install) {
            try {
                byte[] head = Files.newInputStream(install.jar()).readNBytes(2);
                return head.length == 2 && head[0] == 'P' && head[1] == 'K'
                    ? told(List.of("Installs edge.drivers.demo 1.2.0.", "The device boiler-1 pauses for about one scan period."),
                        List.of())
                    : told(List.of(), List.of(install.source() + " is not a jar file. Build the bundle and upload its jar."));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return told(List.of("The devices of this bundle pause until it is started again."), List.of());
    }

    private static DeploymentPlan told(List<String> effects, List<String> problems) {
        return new DeploymentPlan(effects, problems, List.of(), List.of(), List.of(), List.of(), List.of(), false);
    }

    @Override
    public Deployment apply(DeploymentRequest request, Caller caller) {
        if (!caller.may(Role.ENGINEER)) {
            throw new AccessDeniedException(caller, "change bundles", Role.ENGINEER);
        }
        Change change = request.changes().get(0);
        DeploymentReport report = new DeploymentReport(Integer.toString(reports.size() + 1), Instant.now(), caller.name(),
            request.why(), change.getClass().getSimpleName() + " " + change, DeploymentReport.Outcome.DONE, "", List.of(),
            reports.size() + 1, Duration.ofMillis(412));
        reports.add(0, report);
        if (change instanceof Change.Stop stop) {
            phase(stop.symbolicName(), BundleState.Phase.RESOLVED);
        } else if (change instanceof Change.Start start) {
            phase(start.symbolicName(), BundleState.Phase.ACTIVE);
        } else if (change instanceof Change.Configure configure) {
            file(configure.pid(), configure.text(), ConfigurationFile.Status.APPLIED);
        } else if (change instanceof Change.Unconfigure unconfigure) {
            texts.remove(unconfigure.pid());
            files.remove(unconfigure.pid());
        }
        requests.add(request);
        CompletableFuture<DeploymentReport> outcome = request.probation().map(Duration::toMillis).orElse(0L) > 0
            ? new CompletableFuture<>() : CompletableFuture.supplyAsync(() -> report,
                CompletableFuture.delayedExecutor(400, java.util.concurrent.TimeUnit.MILLISECONDS));
        return new Deployment(report.id(), request.probation().isPresent() ? CompletableFuture.completedFuture(null)
            : outcome.thenAccept(done -> { }), outcome);
    }

    @Override
    public Optional<String> confirm(String id, Caller caller) {
        return Optional.of("There is no deployment of that name that awaits a confirmation.");
    }

    @Override
    public Optional<String> undo(String id, Caller caller) {
        return id.equals("watched") ? Optional.empty() : Optional.of("There is no deployment of that name under way.");
    }

    @Override
    public DeploymentPlan planRollback(long generation) {
        return told(List.of("Goes back to generation " + generation + "."), List.of());
    }

    @Override
    public Deployment rollback(long generation, String why, Caller caller) {
        return apply(DeploymentRequest.of(why, new Change.Start("generation " + generation)), caller);
    }

    @Override
    public List<DeploymentState> running() {
        return List.of();
    }

    @Override
    public List<Generation> generations() {
        return List.copyOf(generations);
    }

    @Override
    public List<String> compare(long from, long to) {
        return List.of("bundle edge.drivers.demo: 1.1.0 -> 1.2.0");
    }

    private void phase(String name, BundleState.Phase phase) {
        BundleState old = states.get(name);
        if (old != null) {
            bundle(name, old.version(), old.title(), phase, old.origin(), old.problems(), old.components());
        }
    }

    @Override
    public List<DeploymentReport> history(int limit) {
        return reports.stream().limit(limit).toList();
    }
}
