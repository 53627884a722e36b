// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.access.AccessDeniedException;
import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.deploy.BundleState;
import edge.api.deploy.Change;
import edge.api.deploy.Deployer;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.health.Events;
import edge.api.health.HealthReport;
import edge.json.JsonWriter;
import edge.runtime.base.AtomicFiles;
import edge.runtime.base.DataDirectory;
import edge.runtime.deploy.Transaction.Result;
import edge.runtime.desired.DesiredState;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out deployments, one at a time, on the thread {@code edge-deploy}. Its first work is to start the gateway's bundles. */
@Component(service = Deployer.class, immediate = true, name = "edge.runtime.deploy")
public final class BundleDeployer implements Deployer {
    private static final Logger LOG = LoggerFactory.getLogger(BundleDeployer.class);
    private static final Duration STEP = Duration.ofSeconds(20);
    private static final Duration CONFIGURATIONS_AT_BOOT = Duration.ofSeconds(10);
    private static final int WAITING = 16;
    private static final long CLOSE_SECONDS = 5;
    private static final String DEPLOY = "deploy";

    private final BundleControl control;
    private final Components components;
    private final DesiredState configurations;
    private final AuditLog audit;
    private final Events events;
    private final ImageBundles image;
    private final JarCheck check;
    private final Planner planner;
    private final BundleList list;
    private final History history;
    private final Path folder;
    private final DropFolder drop;
    private final ServiceRegistration<CollisionHook> hook;
    private final ThreadPoolExecutor executor;
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    // written on the deployer's thread
    private volatile DesiredBundles desired = DesiredBundles.none();

    @Activate
    public BundleDeployer(BundleContext context, @Reference ServiceComponentRuntime runtime,
                          @Reference DesiredState configurations, @Reference AuditLog audit, @Reference Events events) {
        this(context, runtime, configurations, audit, events, STEP, JarCheck.Limits.DEFAULT);
    }

    BundleDeployer(BundleContext context, ServiceComponentRuntime runtime, DesiredState configurations, AuditLog audit,
                   Events events, Duration step, JarCheck.Limits limits) {
        this.configurations = configurations;
        this.audit = audit;
        this.events = events;
        this.folder = DataDirectory.folder(context, "bundles");
        this.control = new BundleControl(context, step);
        this.components = new Components(runtime);
        this.image = new ImageBundles(DataDirectory.image(context, "bundles"));
        this.check = new JarCheck(limits);
        Guard guard = new Guard(DataDirectory.image(context, "system"));
        this.planner = new Planner(control, image, guard, check, () -> desired);
        this.list = new BundleList(context, control, components, guard);
        this.history = new History(folder);
        this.hook = context.registerService(CollisionHook.class, control.besideGivenUp(), null);
        this.executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), work -> {
            Thread thread = new Thread(work, "edge-deploy");
            thread.setDaemon(true);
            return thread;
        });
        executor.execute(this::boot);
        this.drop = new DropFolder(DataDirectory.folder(context, "deploy"), this);
        drop.start();
    }

    @Deactivate
    public void close() {
        drop.close();
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("A deployment has not ended after {} s", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hook.unregister();
    }

    private void boot() {
        long start = System.nanoTime();
        try {
            Boot boot = new Boot(folder, image, control);
            desired = boot.read();
            Map<String, Bundle> installed = boot.install(desired, failures);
            configurations.settle(CONFIGURATIONS_AT_BOOT);
            boot.start(installed, desired, failures);
            LOG.info("{} bundles were installed and started in {} ms, {} of them could not", installed.size(),
                (System.nanoTime() - start) / 1_000_000, failures.size());
            failures.forEach((name, why) -> events.add(HealthReport.Status.WARN, "bundle " + name, why));
        } catch (RuntimeException e) {
            LOG.error("Starting the bundles of this gateway failed", e);
        }
    }

    @Override
    public List<BundleState> bundles() {
        return list.all(desired, failures);
    }

    @Override
    public DeploymentPlan plan(Change change) {
        return planner.plan(change);
    }

    @Override
    public List<DeploymentReport> history(int limit) {
        return history.newest(limit);
    }

    @Override
    public CompletionStage<DeploymentReport> apply(Change change, Caller caller) {
        if (!caller.may(Role.ENGINEER)) {
            AccessDeniedException denied = new AccessDeniedException(caller, "change bundles", Role.ENGINEER);
            audit.record(caller, DEPLOY, words(change), "refused: " + denied.getMessage());
            throw denied;
        }
        CompletableFuture<DeploymentReport> result = new CompletableFuture<>();
        try {
            executor.execute(() -> result.complete(carryOut(change, caller)));
        } catch (RejectedExecutionException e) {
            result.complete(told(new DeploymentReport(Instant.now(), caller.name(), words(change), Outcome.REFUSED,
                executor.isShutdown() ? "The gateway stops." : WAITING + " other deployments wait already: try again later.",
                Duration.ZERO), caller));
        }
        return result;
    }

    private DeploymentReport carryOut(Change change, Caller caller) {
        Instant time = Instant.now();
        long start = System.nanoTime();
        String[] summary = {words(change)};
        Result result;
        try {
            result = attempt(change, summary);
        } catch (RuntimeException e) {
            LOG.error("A deployment failed unexpectedly: {}", summary[0], e);
            result = new Result(Outcome.FAILED, "Unexpectedly: " + e);
        }
        return told(new DeploymentReport(time, caller.name(), summary[0], result.outcome(), result.detail(),
            Duration.ofNanos(System.nanoTime() - start)), caller);
    }

    private DeploymentReport told(DeploymentReport report, Caller caller) {
        boolean done = report.outcome() == Outcome.DONE;
        String outcome = JsonWriter.lower(report.outcome());
        history.add(report);
        audit.record(caller, DEPLOY, report.summary(), done ? "done" : "refused: " + outcome + ": " + report.detail());
        if (done) {
            LOG.info("{}: done in {} ms", report.summary(), report.took().toMillis());
            events.add(HealthReport.Status.OK, DEPLOY, report.summary() + ": done.");
        } else {
            LOG.error("{}: {}: {}", report.summary(), outcome, report.detail());
            events.add(report.outcome() == Outcome.FAILED ? HealthReport.Status.CRITICAL : HealthReport.Status.WARN, DEPLOY,
                report.summary() + ": " + outcome + ": " + report.detail());
        }
        return report;
    }

    private static String words(Change change) {
        if (change instanceof Change.Install install) {
            return "install " + install.jar().getFileName() + " from " + install.source();
        } else if (change instanceof Change.Start start) {
            return "start " + start.symbolicName();
        } else if (change instanceof Change.Stop stop) {
            return "stop " + stop.symbolicName();
        }
        return "uninstall " + ((Change.Uninstall) change).symbolicName();
    }

    private Result attempt(Change change, String[] summary) {
        if (change instanceof Change.Install install) {
            return install(install, summary);
        }
        DeploymentPlan plan = planner.plan(change);
        if (!plan.isPossible()) {
            return refused(plan.problems());
        }
        if (change instanceof Change.Start start) {
            return remembered(start.symbolicName(), transaction(start.symbolicName())
                .start(() -> save(desired.stopped(start.symbolicName(), false))));
        } else if (change instanceof Change.Stop stop) {
            return transaction(stop.symbolicName()).stop(() -> save(desired.stopped(stop.symbolicName(), true)));
        }
        return uninstall(((Change.Uninstall) change).symbolicName());
    }

    private static Result refused(List<String> problems) {
        return new Result(Outcome.REFUSED, String.join(" ", problems));
    }

    private Transaction transaction(String symbolicName) {
        return new Transaction(control, components, configurations::settle, symbolicName);
    }

    /** Keeps why a bundle does not run, for whoever looks at the list of bundles. */
    private Result remembered(String symbolicName, Result result) {
        Bundle bundle = control.find(symbolicName);
        if (result.outcome() == Outcome.DONE || bundle != null && bundle.getState() == Bundle.ACTIVE) {
            failures.remove(symbolicName);
        } else {
            failures.put(symbolicName, result.detail());
        }
        return result;
    }

    private Result install(Change.Install install, String[] summary) {
        Path incoming = folder.resolve(".incoming.jar");
        try {
            Files.deleteIfExists(incoming);
            Files.copy(install.jar(), incoming);
            JarFacts facts = check.check(incoming);
            summary[0] = "install " + facts.symbolicName() + " " + facts.version() + " from " + install.source();
            List<String> problems = new ArrayList<>();
            planner.install(facts, new ArrayList<>(), problems);
            Optional<Path> previous = jarInUse(facts.symbolicName());
            if (problems.isEmpty() && control.find(facts.symbolicName()) != null && previous.isEmpty()) {
                problems.add("The jar of the version that runs cannot be found, so it could not be restored.");
            }
            return problems.isEmpty() ? put(install, incoming, facts, previous.orElse(null)) : refused(problems);
        } catch (JarCheck.RejectedException e) {
            return refused(List.of(e.getMessage()));
        } catch (IOException e) {
            return refused(List.of("The jar cannot be copied: " + DataDirectory.reason(e) + "."));
        } finally {
            discard(incoming);
        }
    }

    private Result put(Change.Install install, Path incoming, JarFacts facts, Path previous) throws IOException {
        String name = facts.symbolicName();
        String file = name + "_" + facts.version() + "_" + facts.sha256().substring(0, 12) + ".jar";
        Path jar = folder.resolve(file);
        AtomicFiles.moveIntoPlace(incoming, jar);
        DesiredBundles wanted = desired.with(new DesiredBundles.Deployed(name, facts.version().toString(), file,
            facts.sha256(), install.source())).stopped(name, false);
        Result result = transaction(name).put(jar, previous, true, () -> save(wanted));
        discardUnused(jar);
        discardUnused(previous);
        return remembered(name, result);
    }

    private Result uninstall(String name) {
        Path deployed = folder.resolve(desired.find(name).orElseThrow().file());
        Optional<Path> fallback = image.find(name);
        Result result = fallback.isPresent()
            ? transaction(name).put(fallback.get(), deployed, !desired.stopped().contains(name),
                () -> save(desired.without(name)))
            : transaction(name).remove(deployed, () -> save(desired.without(name).stopped(name, false)));
        discardUnused(deployed);
        return remembered(name, result);
    }

    /** The jar of the bundle that is in use, if it still exists. */
    private Optional<Path> jarInUse(String name) {
        Bundle bundle = control.find(name);
        Optional<Path> jar = desired.find(name).map(deployed -> folder.resolve(deployed.file())).or(() -> image.find(name));
        if (jar.isEmpty() && bundle != null) {
            String location = bundle.getLocation().replaceFirst("^reference:", "");
            jar = location.startsWith("file:") ? Optional.of(Path.of(URI.create(location).getPath())) : Optional.empty();
        }
        return jar.filter(Files::exists);
    }

    private void save(DesiredBundles changed) throws IOException {
        changed.write(folder);
        desired = changed;
    }

    private void discardUnused(Path jar) {
        if (jar != null && folder.equals(jar.getParent())
            && desired.deployed().values().stream().noneMatch(bundle -> jar.endsWith(bundle.file()))) {
            discard(jar);
        }
    }

    private static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} is not used any more and cannot be deleted: {}", file, DataDirectory.reason(e));
        }
    }
}
