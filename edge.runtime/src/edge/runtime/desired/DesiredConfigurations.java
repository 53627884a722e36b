// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.config.ConfigurationCheck;
import edge.api.config.ConfigurationFile;
import edge.api.config.Configurations;
import edge.api.config.Problem;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.runtime.base.DataDirectory;
import edge.runtime.base.FolderWatch;
import edge.runtime.generation.GenerationStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.MetaTypeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the configuration files, and offers them as a service. All work is done on the thread {@code edge-desired}. */
@Component(service = {Configurations.class, DesiredState.class, HealthCheck.class}, immediate = true,
    name = "edge.runtime.desired")
public final class DesiredConfigurations implements Configurations, DesiredState, HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(DesiredConfigurations.class);
    private static final String CHECK_PID = "edge.check.pid";
    private static final long LOOK_MILLIS = 2_000;
    private static final long CALL_SECONDS = 30;
    private static final long CLOSE_SECONDS = 5;
    /** Whoever waits for the configurations waits this long for files that somebody is writing. */
    private static final Duration UNSETTLED = Duration.ofSeconds(1);
    private static final int BUNDLE_EVENTS =
        BundleEvent.INSTALLED | BundleEvent.RESOLVED | BundleEvent.STARTED | BundleEvent.UPDATED | BundleEvent.UNINSTALLED;

    private final BundleContext context;
    private final Patience patience;
    private final ConfigurationStore store;
    private final ConfigurationFolder folder;
    private final ScheduledThreadPoolExecutor executor;
    private final FolderWatch watch;
    private final BundleListener bundles = this::bundleChanged;
    private final Map<ConfigurationCheck, String> checks = new ConcurrentHashMap<>();
    private final Set<String> checksChanged = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean recheckPlanned = new AtomicBoolean();
    private final AtomicBoolean lookPlanned = new AtomicBoolean();
    // Written by the executor only.
    private volatile boolean loaded;
    private volatile HealthReport health = new HealthReport(HealthReport.Status.OK, Instant.now(), "", "");

    /**
     * How long somebody who writes a file is waited for.
     *
     * @param settle a file has to stay the same for so long
     * @param unfinished a text that breaks off is not called wrong for so long
     */
    record Patience(Duration settle, Duration unfinished) {
        static final Patience DEFAULT = new Patience(Duration.ofMillis(300), Duration.ofSeconds(2));
    }

    @Activate
    public DesiredConfigurations(BundleContext context, @Reference ConfigurationAdmin admin,
                                 @Reference MetaTypeService metatype, @Reference AuditLog audit, @Reference Events events,
                                 @Reference GenerationStore generations) {
        this(context, admin, metatype, audit, events, generations, Patience.DEFAULT);
    }

    DesiredConfigurations(BundleContext context, ConfigurationAdmin admin, MetaTypeService metatype, AuditLog audit, Events events,
                          GenerationStore generations, Patience patience) {
        // Not used, but waited for: it puts the files right that an interrupted deployment has left.
        Objects.requireNonNull(generations);
        Path etc = DataDirectory.folder(context, "etc");
        this.context = context;
        this.patience = patience;
        this.folder = new ConfigurationFolder(etc, patience.settle());
        Secrets secrets = new Secrets(DataDirectory.folder(context, "access").resolve("secret.key"));
        Checker checker = new Checker(new Definitions(context, metatype), secrets, this::checksOf);
        this.store = new ConfigurationStore(folder, patience.unfinished(), new LastGood(etc.resolve(".applied")), checker,
            new Delivery(admin), audit, events);
        this.executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "edge-desired");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.scheduleWithFixedDelay(this::look, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        this.watch = FolderWatch.start(etc, "edge-desired-watch", this::planLook);
        context.addBundleListener(bundles);
    }

    @Deactivate
    public void close() {
        context.removeBundleListener(bundles);
        watch.close();
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The configuration thread has not ended after {} s", CLOSE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addCheck(ConfigurationCheck check, Map<String, Object> properties) {
        Object pid = properties.get(CHECK_PID);
        if (pid == null) {
            pid = properties.getOrDefault("service.factoryPid", properties.get("service.pid"));
        }
        if (pid instanceof String text) {
            checks.put(check, text);
            checksChanged.add(text);
            planRecheck();
        } else {
            LOG.warn("A configuration check is of no use: it does not say in its service property {} which PID it is for: {}",
                CHECK_PID, properties);
        }
    }

    public void removeCheck(ConfigurationCheck check) {
        checks.remove(check);
    }

    private Collection<ConfigurationCheck> checksOf(String pid) {
        return checks.entrySet().stream().filter(entry -> entry.getValue().equals(pid)).map(Map.Entry::getKey).toList();
    }

    private void bundleChanged(BundleEvent event) {
        if ((event.getType() & BUNDLE_EVENTS) != 0) {
            planRecheck();
        }
    }

    private void planRecheck() {
        if (recheckPlanned.compareAndSet(false, true)) {
            plan(this::recheckNow, 100);
        }
    }

    private void planLook() {
        if (lookPlanned.compareAndSet(false, true)) {
            plan(this::look, 20);
        }
    }

    private void plan(Runnable work, long millis) {
        try {
            executor.schedule(work, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("Nothing is planned any more: the gateway stops", e);
        }
    }

    private void look() {
        guarded(() -> {
            lookPlanned.set(false);
            store.look();
            if (!loaded && !folder.hasUnsettled()) {
                store.forgetDeleted();
                loaded = true;
            }
            if (folder.hasUnsettled()) {
                plan(this::planLook, patience.settle().toMillis());
            }
        });
    }

    private void recheckNow() {
        guarded(() -> {
            recheckPlanned.set(false);
            Set<String> pids = Set.copyOf(checksChanged);
            checksChanged.removeAll(pids);
            store.recheck(pids);
        });
    }

    /** Whatever goes wrong with one look must not end the looking. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("Looking after the configurations failed; it goes on", e);
        }
        judgeHealth();
    }

    private void judgeHealth() {
        List<String> refused = store.known().values().stream().filter(file -> file.checked().isRefused())
            .map(file -> file.name().fileName()).toList();
        String reason = refused.isEmpty() ? "" : "refused: " + String.join(", ", refused);
        if (!health.reason().equals(reason)) {
            health = reason.isEmpty() ? new HealthReport(HealthReport.Status.OK, Instant.now(), "", "")
                : new HealthReport(HealthReport.Status.WARN, Instant.now(), reason,
                    "Correct the files in etc; the log and the console name line and attribute.");
        }
    }

    @Override
    public boolean settle(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        long unsettled = System.nanoTime() + Math.min(limit.toNanos(), UNSETTLED.toNanos());
        try {
            while (true) {
                Future<Boolean> settled = executor.submit(() -> {
                    look();
                    recheckNow();
                    return !folder.hasUnsettled();
                });
                boolean done = settled.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                if (done || System.nanoTime() > unsettled) {
                    return done;
                }
                Thread.sleep(patience.settle().toMillis() / 2);
            }
        } catch (TimeoutException | ExecutionException | RejectedExecutionException e) {
            LOG.warn("The configurations are not all in force yet: {}", e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean isLoaded() {
        return loaded;
    }

    @Override
    public List<ConfigurationFile> list() {
        return store.known().values().stream().map(ConfigurationStore.Known::shown).toList();
    }

    @Override
    public Optional<String> text(String pid) {
        ConfigurationStore.Known file = store.known().get(pid);
        if (file == null) {
            return Optional.empty();
        }
        Checked checked = file.checked();
        return Optional.of(checked.root().isPresent() ? checked.masked()
            : SecretText.maskRoughly(file.disk(), checked.secrets()));
    }

    @Override
    public List<Problem> check(String pid, String text) {
        Optional<ConfigurationName> name = ConfigurationName.ofPid(pid);
        if (name.isEmpty()) {
            return badName();
        }
        return onThread(() -> store.check(name.get(), text).problems());
    }

    private static List<Problem> badName() {
        return List.of(Problems.ofFile("a PID is made of letters, digits, '_', '.' and '-', with ~NAME for one of many"));
    }

    @Override
    public Prepared prepare(String pid, String text) {
        Optional<ConfigurationName> name = ConfigurationName.ofPid(pid);
        if (name.isEmpty()) {
            return new Prepared(text, "", badName());
        }
        Checked checked = onThread(() -> store.check(name.get(), text));
        return new Prepared(checked.text(), checked.masked(), checked.problems());
    }

    @Override
    public Optional<String> disk(String pid) {
        return ConfigurationName.ofPid(pid).flatMap(name -> onThread(() -> folder.read(name.fileName())));
    }

    @Override
    public String masked(String pid, String disk) {
        return ConfigurationName.ofPid(pid).map(name -> onThread(() -> store.masked(name, disk))).orElse("");
    }

    @Override
    public String etag(String disk) {
        return ConfigurationStore.etag(disk);
    }

    @Override
    public Set<String> pids() {
        return store.known().keySet();
    }

    @Override
    public Optional<String> fileName(String pid) {
        return ConfigurationName.ofPid(pid).map(ConfigurationName::fileName);
    }

    @Override
    public Optional<String> pid(String fileName) {
        return ConfigurationName.ofFile(fileName).map(ConfigurationName::pid);
    }

    @Override
    public Map<String, List<Problem>> write(Map<String, Optional<String>> texts, Caller caller) {
        onThread(() -> {
            for (Map.Entry<String, Optional<String>> one : texts.entrySet()) {
                ConfigurationName name = ConfigurationName.ofPid(one.getKey()).orElseThrow();
                if (one.getValue().isPresent()) {
                    store.replace(name, one.getValue().get(), caller);
                } else {
                    store.delete(name, caller);
                }
            }
            judgeHealth();
            return true;
        });
        return refused(texts.keySet());
    }

    @Override
    public long edits() {
        return store.edits();
    }

    @Override
    public void recheck() {
        onThread(() -> {
            recheckNow();
            return true;
        });
    }

    @Override
    public Map<String, List<Problem>> refused(Collection<String> pids) {
        Map<String, List<Problem>> refused = new TreeMap<>();
        for (String pid : pids) {
            ConfigurationStore.Known file = store.known().get(pid);
            if (file != null && file.checked().isRefused()) {
                refused.put(pid, file.checked().problems());
            }
        }
        return refused;
    }

    private <T> T onThread(Callable<T> work) {
        try {
            return executor.submit(work).get(CALL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw new IllegalStateException("the configuration cannot be changed: " + DataDirectory.reason(io), io);
            }
            throw new IllegalStateException("the configuration cannot be changed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("the configurations are busy for more than " + CALL_SECONDS
                + " s: look into the log", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public String subject() {
        return "configurations";
    }

    @Override
    public HealthReport check() {
        return health;
    }
}
