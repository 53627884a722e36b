// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.deploy.BundleState;
import edge.api.deploy.Change;
import edge.api.deploy.Deployer;
import edge.api.deploy.Deployment;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentRequest;
import edge.api.deploy.DeploymentState;
import edge.api.deploy.Generation;
import edge.api.device.TagTable;
import edge.api.health.Events;
import edge.api.health.LogBook;
import edge.api.uplink.Uplinks;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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
    /** A dropped file without its end is given this long to grow before it is called broken. */
    private static final Duration INCOMPLETE = Duration.ofSeconds(10);
    private static final long EDITS_MILLIS = 1_000;

    private final Workshop shop;
    private final BundleList list;
    private final GenerationList generationList;
    private final Chronicle chronicle;
    private final JobQueue queue;
    private final DropFolder drop;
    private final ServiceRegistration<CollisionHook> hook;
    private final ScheduledThreadPoolExecutor timer;
    private final Duration healthy;
    private volatile Settings.Values settings;
    private volatile Uplinks uplinks;
    // of the timer's thread
    private long editsSeen;
    private long editsKept;

    /** The gateway's limits, shorter in tests. */
    record Times(Duration step, Duration healthy, Duration incomplete, JarCheck.Limits limits) {
    }

    @Activate
    public LocalDeployer(BundleContext context, @Reference ServiceComponentRuntime runtime,
                         @Reference DesiredState configurations, @Reference GenerationStore generations,
                         @Reference Supervision supervision, @Reference Resolver resolver, @Reference Trust trust,
                         @Reference TagTable devices, @Reference LogBook log, @Reference AuditLog audit,
                         @Reference Events events, @Reference Slack slack, Settings settings) {
        this(context, runtime, configurations, generations, supervision, resolver, trust, devices, log, audit, events, slack,
            Settings.Values.of(settings), new Times(STEP, HEALTHY, INCOMPLETE, JarCheck.Limits.DEFAULT));
    }

    LocalDeployer(BundleContext context, ServiceComponentRuntime runtime, DesiredState configurations,
                  GenerationStore generations, Supervision supervision, Resolver resolver, Trust trust, TagTable devices,
                  LogBook log, AuditLog audit, Events events, Slack slack, Settings.Values settings, Times times) {
        this.settings = settings;
        this.healthy = times.healthy();
        Path generationFolder = DataDirectory.folder(context, "generations");
        this.chronicle = new Chronicle(new History(generationFolder), events);
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
            () -> uplinks, new LeakGuard(chronicle::tell, slack), supervision, () -> this.settings, times.limits(),
            new ConcurrentHashMap<>(), this::tell);
        this.list = new BundleList(context, control, components, guard);
        this.generationList = new GenerationList(generations, configurations);
        this.hook = context.registerService(CollisionHook.class, control.besideGivenUp(), null);
        this.timer = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "edge-deploy-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.queue = new JobQueue(shop, audit);
        queue.between(() -> {
            new Start(shop, image, events).run();
            later(shop.supervision()::reachedHealth);
            proveLater(generations.current().number());
        });
        timer.scheduleWithFixedDelay(this::lookForEdits, EDITS_MILLIS, EDITS_MILLIS, TimeUnit.MILLISECONDS);
        this.drop = new DropFolder(dropped, this, times.incomplete());
        drop.start();
    }

    @Modified
    void modified(Settings changed) {
        settings = Settings.Values.of(changed);
    }

    @Deactivate
    public void close() {
        drop.close();
        timer.shutdownNow();
        queue.close();
        shop.leaks().close();
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

    /** When this start, or what was changed now, has lived for a while. */
    private void later(Runnable work) {
        try {
            timer.schedule(work, healthy.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("The gateway stops", e);
        }
    }

    private void proveLater(long generation) {
        later(() -> {
            try {
                shop.generations().proven(generation);
            } catch (IOException e) {
                LOG.warn("It cannot be written down that this set of bundles works: {}", DataDirectory.reason(e));
            }
        });
    }

    private void tell(DeploymentReport report) {
        chronicle.tell(report);
        if (report.generation() != 0) {
            proveLater(report.generation());
        }
    }

    /** What is changed by hand becomes a generation as soon as the hand rests. */
    private void lookForEdits() {
        long edits = shop.configurations().edits();
        boolean resting = edits == editsSeen;
        editsSeen = edits;
        if (resting && edits != editsKept && queue.isIdle()) {
            try {
                queue.between(shop::adoptQuietly);
                editsKept = edits;
            } catch (RejectedExecutionException e) {
                LOG.trace("Somebody was faster, or the gateway stops", e);
            }
        }
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
        return queue.running();
    }

    @Override
    public List<DeploymentReport> history(int limit) {
        return chronicle.newest(limit);
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
        return queue.take(Job.of(request, caller));
    }

    @Override
    public Deployment rollback(long generation, String why, Caller caller) {
        return queue.take(Job.rollback(generation, why, caller));
    }

    @Override
    public Optional<String> confirm(String id, Caller caller) {
        return queue.confirm(id, caller);
    }

    @Override
    public Optional<String> undo(String id, Caller caller) {
        return queue.undo(id, caller);
    }
}
