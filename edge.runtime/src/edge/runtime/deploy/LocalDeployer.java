// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.access.AccessDeniedException;
import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.deploy.BundleState;
import edge.api.deploy.Change;
import edge.api.deploy.Deployer;
import edge.api.deploy.Deployment;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.deploy.DeploymentRequest;
import edge.api.deploy.DeploymentState;
import edge.api.deploy.Generation;
import edge.api.device.TagTable;
import edge.api.health.Events;
import edge.api.health.HealthReport;
import edge.api.health.LogBook;
import edge.api.uplink.Uplinks;
import edge.json.JsonWriter;
import edge.runtime.base.DataDirectory;
import edge.runtime.base.Slack;
import edge.runtime.deploy.JarCheck.RejectedException;
import edge.runtime.desired.DesiredState;
import edge.runtime.generation.GenerationStore;
import edge.runtime.generation.Kept;
import edge.runtime.supervise.Supervision;
import edge.runtime.trust.Trust;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.resolver.Resolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out deployments, one at a time, on the thread {@code edge-deploy}. Its first work is to start the gateway's bundles.
 */
@Component(service = Deployer.class, immediate = true, name = "edge.runtime.deploy")
@Designate(ocd = Settings.class)
public final class LocalDeployer implements Deployer {
    private static final Logger LOG = LoggerFactory.getLogger(LocalDeployer.class);
    private static final Duration STEP = Duration.ofSeconds(20);
    private static final Duration HEALTHY = Duration.ofSeconds(20);
    private static final int WAITING = 16;
    private static final long EDITS_MILLIS = 1_000;
    private static final long CLOSE_SECONDS = 5;
    private static final String DEPLOY = "deploy";

    private final AuditLog audit;
    private final Events events;
    private final Workshop shop;
    private final BundleList list;
    private final GenerationList generationList;
    private final History history;
    private final DropFolder drop;
    private final ServiceRegistration<CollisionHook> hook;
    private final ThreadPoolExecutor executor;
    private final ScheduledThreadPoolExecutor timer;
    private final ConcurrentLinkedQueue<Job> jobs = new ConcurrentLinkedQueue<>();
    private volatile Settings.Values settings;
    private volatile Uplinks uplinks;
    // of the timer's thread
    private long editsSeen;
    private long editsKept;

    /** The gateway's limits, shorter in tests. */
    record Times(Duration step, Duration healthy, JarCheck.Limits limits) {
    }

    @Activate
    public LocalDeployer(BundleContext context, @Reference ServiceComponentRuntime runtime,
                         @Reference DesiredState configurations, @Reference GenerationStore generations,
                         @Reference Supervision supervision, @Reference Resolver resolver, @Reference Trust trust,
                         @Reference TagTable devices, @Reference LogBook log, @Reference AuditLog audit,
                         @Reference Events events, @Reference Slack slack, Settings settings) {
        this(context, runtime, configurations, generations, supervision, resolver, trust, devices, log, audit, events, slack,
            Settings.Values.of(settings), new Times(STEP, HEALTHY, JarCheck.Limits.DEFAULT));
    }

    LocalDeployer(BundleContext context, ServiceComponentRuntime runtime, DesiredState configurations,
                  GenerationStore generations, Supervision supervision, Resolver resolver, Trust trust, TagTable devices,
                  LogBook log, AuditLog audit, Events events, Slack slack, Settings.Values settings, Times times) {
        this.audit = audit;
        this.events = events;
        this.settings = settings;
        Path generationFolder = DataDirectory.folder(context, "generations");
        this.history = new History(generationFolder);
        BundleControl control = new BundleControl(context, times.step());
        Components components = new Components(runtime);
        Path imageFolder = DataDirectory.image(context, "bundles");
        ImageBundles image = new ImageBundles(imageFolder);
        Guard guard = new Guard(DataDirectory.image(context, "system"));
        Path dropped = DataDirectory.folder(context, "deploy");
        KnownBundles known = new KnownBundles(List.of(generationFolder.resolve("jars"), imageFolder, dropped));
        Drafter drafter = new Drafter(control, image, guard, new JarCheck(times.limits()), configurations, generations,
            trust);
        Planner planner = new Planner(control, guard, generations, configurations, resolver, known, devices,
            supervision.isSupervised());
        this.shop = new Workshop(control, components, configurations, generations, drafter, planner, devices, log,
            () -> uplinks, new LeakGuard(this::leak, slack), supervision, () -> this.settings, times.limits(),
            new ConcurrentHashMap<>(), this::tell);
        this.list = new BundleList(context, control, components, guard);
        this.generationList = new GenerationList(generations, configurations);
        this.hook = context.registerService(CollisionHook.class, control.besideGivenUp(), null);
        this.executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING),
            work -> daemon(work, "edge-deploy"));
        this.timer = new ScheduledThreadPoolExecutor(1, work -> daemon(work, "edge-deploy-timer"));
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.execute(() -> {
            new Start(shop, image, events).run();
            later(this::healthy, times.healthy());
        });
        timer.scheduleWithFixedDelay(this::lookForEdits, EDITS_MILLIS, EDITS_MILLIS, TimeUnit.MILLISECONDS);
        this.drop = new DropFolder(dropped, this);
        drop.start();
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    @Modified
    void modified(Settings changed) {
        settings = Settings.Values.of(changed);
    }

    @Deactivate
    public void close() {
        drop.close();
        timer.shutdownNow();
        executor.shutdownNow();
        shop.leaks().close();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("A deployment has not ended after {} s; the next start undoes it", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hook.unregister();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    void setUplinks(Uplinks found) {
        uplinks = found;
    }

    void unsetUplinks(Uplinks gone) {
        if (uplinks == gone) {
            uplinks = null;
        }
    }

    private void later(Runnable work, Duration delay) {
        try {
            timer.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("The gateway stops", e);
        }
    }

    /** This start has come to its end and has lived for a while. */
    private void healthy() {
        shop.supervision().reachedHealth();
        try {
            shop.generations().proven();
        } catch (IOException e) {
            LOG.warn("It cannot be written down that this set of bundles works: {}", DataDirectory.reason(e));
        }
    }

    /** What is changed by hand becomes a generation as soon as the hand rests. */
    private void lookForEdits() {
        long edits = shop.configurations().edits();
        boolean resting = edits == editsSeen;
        editsSeen = edits;
        if (resting && edits != editsKept && executor.getQueue().isEmpty() && jobs.isEmpty()) {
            try {
                executor.execute(shop::adoptQuietly);
                editsKept = edits;
            } catch (RejectedExecutionException e) {
                LOG.trace("Somebody was faster, or the gateway stops", e);
            }
        }
    }

    private void leak(String deployment, String finding) {
        LOG.warn("{}", finding);
        history.addFinding(deployment, finding);
        events.add(HealthReport.Status.WARN, DEPLOY, finding);
    }

    // ---------------------------------------------------------------------------------------------------------- asking

    @Override
    public List<BundleState> bundles() {
        return list.all(shop.generations().current().bundles(), shop.failures());
    }

    @Override
    public DeploymentPlan plan(DeploymentRequest request) {
        DeploymentPlan plan = planned(shop.drafter().draft(request), request.confirmWithin());
        List<String> effects = new ArrayList<>(plan.effects());
        List<String> problems = new ArrayList<>(plan.problems());
        for (Change change : request.changes()) {
            if (change instanceof Change.Fetch fetch) {
                try {
                    Fetcher.requireFetchable(fetch);
                    effects.add("Fetches " + fetch.from() + " and installs it, if it is what the checksum says.");
                } catch (RejectedException e) {
                    problems.add(e.getMessage());
                }
            }
        }
        return new DeploymentPlan(effects, problems, plan.bundles(), plan.rewirings(), plan.pauses(),
            plan.configurations(), plan.missing(), plan.restart());
    }

    /** As somebody from outside may expect it. */
    private DeploymentPlan planned(Draft draft, Optional<Duration> confirmWithin) {
        draft.confirmation(Confirmation.of(confirmWithin, Caller.Kind.PERSON, draft, settings.confirmation()));
        return shop.planner().plan(draft);
    }

    @Override
    public DeploymentPlan planRollback(long generation) {
        Optional<Kept> kept = shop.generations().find(generation);
        if (kept.isEmpty()) {
            return new DeploymentPlan(List.of(), List.of("The generation " + generation + " is not kept."), List.of(),
                List.of(), List.of(), List.of(), List.of(), false);
        }
        return planned(shop.drafter().back(kept.get()), Optional.empty());
    }

    @Override
    public List<DeploymentState> running() {
        return jobs.stream().map(Job::state).toList();
    }

    @Override
    public List<DeploymentReport> history(int limit) {
        return history.newest(limit);
    }

    @Override
    public List<Generation> generations() {
        return generationList.all();
    }

    @Override
    public List<String> compare(long from, long to) {
        return generationList.compare(from, to);
    }

    // -------------------------------------------------------------------------------------------------------- changing

    @Override
    public Deployment apply(DeploymentRequest request, Caller caller) {
        return take(Job.of(request, caller));
    }

    @Override
    public Deployment rollback(long generation, String why, Caller caller) {
        return take(Job.rollback(generation, why, caller));
    }

    private Deployment take(Job job) {
        requireEngineer(job.caller(), job.summary());
        jobs.add(job);
        try {
            executor.execute(() -> carryOut(job));
        } catch (RejectedExecutionException e) {
            end(job, new DeploymentReport(job.id(), job.time(), job.caller().name(), job.why(), job.summary(),
                Outcome.REFUSED, executor.isShutdown() ? "The gateway stops."
                    : WAITING + " other deployments wait already: try again later.", List.of(), 0, Duration.ZERO));
        }
        return job.handle();
    }

    private void requireEngineer(Caller caller, String summary) {
        if (!caller.may(Role.ENGINEER)) {
            AccessDeniedException denied = new AccessDeniedException(caller, "change bundles", Role.ENGINEER);
            audit.record(caller, DEPLOY, summary, "refused: " + denied.getMessage());
            throw denied;
        }
    }

    @Override
    public Optional<String> confirm(String id, Caller caller) {
        requireEngineer(caller, "confirm " + id);
        Optional<Job> job = jobs.stream().filter(one -> one.id().equals(id)
            && one.state().stage() == DeploymentState.Stage.AWAITING_CONFIRMATION).findFirst();
        if (job.isEmpty()) {
            return Optional.of("There is no deployment of that name that awaits a confirmation.");
        }
        List<String> lost = job.get().lostUplinks(shop.connectedUplinks());
        if (!lost.isEmpty()) {
            return Optional.of("The uplink " + String.join(", ", lost) + " was connected before and is not connected now.");
        }
        audit.record(caller, DEPLOY, "confirm " + job.get().summary(), "done");
        job.get().verdict().complete(new Job.Verdict(caller.name(), true));
        return Optional.empty();
    }

    @Override
    public Optional<String> undo(String id, Caller caller) {
        requireEngineer(caller, "undo " + id);
        Optional<Job> job = jobs.stream().filter(one -> one.id().equals(id)).findFirst();
        if (job.isEmpty()) {
            return Optional.of("There is no deployment of that name under way. Go back to a kept generation instead.");
        } else if (!job.get().canBeUndone()) {
            return Optional.of("It is being " + (job.get().state().stage() == DeploymentState.Stage.ROLLING_BACK
                ? "undone already." : "applied: try again in a moment."));
        } else if (!job.get().verdict().complete(new Job.Verdict(caller.name(), false)) && job.get().undoneBy().isEmpty()) {
            return Optional.of("It has been confirmed already. Go back to a kept generation instead.");
        }
        audit.record(caller, DEPLOY, "undo " + job.get().summary(), "done");
        return Optional.empty();
    }

    private void carryOut(Job job) {
        long start = System.nanoTime();
        Transaction transaction = new Transaction(shop, job);
        DeploymentReport report;
        try {
            Transaction.Result result = transaction.run();
            report = new DeploymentReport(job.id(), job.time(), job.caller().name(), job.why(), job.summary(),
                result.outcome(), result.detail(), result.findings(), result.generation(), result.took());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("A deployment failed unexpectedly: {}", job.summary(), e);
            report = new DeploymentReport(job.id(), job.time(), job.caller().name(), job.why(), job.summary(),
                Outcome.FAILED, "Unexpectedly: " + e, List.of(), 0, Duration.ofNanos(System.nanoTime() - start));
        }
        if (transaction.isUnfinished()) {
            jobs.remove(job);
            job.end(report);
        } else {
            end(job, report);
        }
    }

    private void end(Job job, DeploymentReport report) {
        boolean done = report.outcome() == Outcome.DONE;
        audit.record(job.caller(), DEPLOY, report.summary(),
            done ? "done" : "refused: " + JsonWriter.lower(report.outcome()) + ": " + report.detail());
        tell(report);
        jobs.remove(job);
        job.end(report);
    }

    private void tell(DeploymentReport report) {
        history.add(report);
        String outcome = JsonWriter.lower(report.outcome());
        if (report.outcome() == Outcome.DONE) {
            LOG.info("{}: done in {} ms", report.summary(), report.took().toMillis());
            events.add(HealthReport.Status.OK, DEPLOY, report.summary() + ": done.");
        } else {
            LOG.error("{}: {}: {}", report.summary(), outcome, report.detail());
            events.add(report.outcome() == Outcome.FAILED ? HealthReport.Status.CRITICAL : HealthReport.Status.WARN, DEPLOY,
                report.summary() + ": " + outcome + ": " + report.detail());
        }
    }
}
