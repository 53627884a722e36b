// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.runtime.base.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * What is done to bundles, each step with a deadline. A bundle whose code never returns keeps its lock in the framework: it is
 * given up, and another one of the same name can take its place.
 */
final class BundleControl {
    private final BundleContext context;
    private final Duration limit;
    private final Set<Long> givenUp = ConcurrentHashMap.newKeySet();
    private final Set<String> nativeLeft = ConcurrentHashMap.newKeySet();

    BundleControl(BundleContext context, Duration limit) {
        this.context = context;
        this.limit = limit;
    }

    /** A step did not work; the message is a sentence for people. */
    static final class StepException extends Exception {
        private static final long serialVersionUID = 1L;

        StepException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A hook that lets a bundle in beside one of the same name and version that was given up. */
    CollisionHook besideGivenUp() {
        return (operation, target, candidates) -> candidates.removeIf(this::isGivenUp);
    }

    boolean isGivenUp(Bundle bundle) {
        return givenUp.contains(bundle.getBundleId());
    }

    /** The bundle of that name which is in use, or null. */
    Bundle find(String symbolicName) {
        for (Bundle bundle : context.getBundles()) {
            if (symbolicName.equals(bundle.getSymbolicName()) && !isGivenUp(bundle)) {
                return bundle;
            }
        }
        return null;
    }

    /** Whether the gateway ends: whatever does not work now is no bundle's fault. */
    boolean isStopping() {
        try {
            return context.getBundle(0).getState() != Bundle.ACTIVE;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    FrameworkWiring wiring() {
        return context.getBundle(0).adapt(FrameworkWiring.class);
    }

    /** The jar that a bundle was installed from. */
    static Optional<Path> jarOf(Bundle bundle) {
        String location = bundle.getLocation().replaceFirst("^reference:", "").replaceFirst("#[0-9]+$", "");
        return location.startsWith("file:") ? Optional.of(Path.of(URI.create(location).getPath())) : Optional.empty();
    }

    /** Whether its jar brings native libraries, declared or not. */
    static boolean hasNativeCode(Bundle bundle) {
        if (bundle.getHeaders("").get(Constants.BUNDLE_NATIVECODE) != null) {
            return true;
        }
        return jarOf(bundle).filter(Files::isRegularFile).map(jar -> {
            try {
                return JarCheck.hasNativeCode(jar);
            } catch (IOException e) {
                return false;
            }
        }).orElse(false);
    }

    /** Whether a bundle of that name ran, brought native libraries and was removed: they may be in the process still. */
    boolean hasLeftNativeCode(String symbolicName) {
        return nativeLeft.contains(symbolicName);
    }

    static boolean isFragment(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    }

    /**
     * Installs a jar in place: the framework reads it where it lies instead of copying it; a copy, if a bundle that was given
     * up holds the place.
     */
    Bundle install(Path jar) throws StepException {
        String location = "reference:file:" + jar.toUri().getRawPath();
        return step("install", jar.getFileName().toString(), null, () -> {
            if (context.getBundle(location) == null) {
                return context.installBundle(location);
            }
            try (InputStream in = Files.newInputStream(jar)) {
                return context.installBundle(location + "#" + System.nanoTime(), in);
            }
        });
    }

    void update(Bundle bundle, Path jar) throws StepException {
        step("update", bundle.getSymbolicName(), bundle, () -> {
            try (InputStream in = Files.newInputStream(jar)) {
                bundle.update(in);
            }
            return null;
        });
    }

    /** Resolves what can be: bundles that need one another need this at once. */
    void resolveTogether(Collection<Bundle> bundles) throws StepException {
        if (!bundles.isEmpty()) {
            step("resolve", bundles.iterator().next().getSymbolicName(), null, () -> wiring().resolveBundles(bundles));
        }
    }

    static void pause(long millis) throws StepException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepException("The gateway stops.", e);
        }
    }

    void resolve(Bundle bundle) throws StepException {
        boolean resolved = step("resolve", bundle.getSymbolicName(), bundle,
            () -> wiring().resolveBundles(List.of(bundle)));
        if (!resolved && !isFragment(bundle)) {
            List<String> missing = missing(bundle);
            throw new StepException(missing.isEmpty() ? unresolved(bundle) : String.join(" ", missing), null);
        }
    }

    /** What a bundle lacks, one sentence each. */
    List<String> missing(Bundle bundle) {
        Shadow now = Shadow.ofNow(all());
        return new ManifestResource(name -> bundle.getHeaders("").get(name)).needs().stream()
            .filter(need -> need.isMandatory() && now.findProviders(need).isEmpty()).map(need -> need.missing(now)).toList();
    }

    List<Bundle> all() {
        return List.of(context.getBundles());
    }

    /** Everything that it needs is there, but not together: only the framework can tell why. */
    private String unresolved(Bundle bundle) throws StepException {
        try {
            start(bundle);
            return "It could not be resolved.";
        } catch (StepException e) {
            return e.getMessage();
        }
    }

    void start(Bundle bundle) throws StepException {
        if (isFragment(bundle)) {
            return;
        }
        step("start", bundle.getSymbolicName(), bundle, () -> {
            bundle.start();
            return null;
        });
    }

    void stop(Bundle bundle) throws StepException {
        if (isFragment(bundle)) {
            return;
        }
        step("stop", bundle.getSymbolicName(), bundle, () -> {
            bundle.stop();
            return null;
        });
    }

    void uninstall(Bundle bundle) throws StepException {
        if (bundle.getState() != Bundle.INSTALLED && hasNativeCode(bundle)) {
            nativeLeft.add(bundle.getSymbolicName());
        }
        step("uninstall", bundle.getSymbolicName(), bundle, () -> {
            bundle.uninstall();
            return null;
        });
    }

    /** Lets go of the old classes of these bundles and of whoever uses their packages, and of nobody else. */
    void refresh(Collection<Bundle> bundles) throws StepException {
        CountDownLatch done = new CountDownLatch(1);
        wiring().refreshBundles(bundles, event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        });
        try {
            if (!done.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new StepException("Rewiring the bundles took longer than " + limit.toSeconds() + " s.", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepException("The gateway stops.", e);
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        T run() throws BundleException, IOException;
    }

    private <T> T step(String verb, String name, Bundle bundle, Step<T> step) throws StepException {
        try {
            return Deadline.call("edge-deploy-" + verb + "-" + name, limit, step::run);
        } catch (Deadline.ExceededException e) {
            if (bundle != null && e.isStillRunning()) {
                givenUp.add(bundle.getBundleId());
            }
            throw new StepException("It did not " + verb + " within " + limit.toSeconds() + " s; it was at " + e.getMessage()
                + (e.isStillRunning() ? ". Its thread does not react and stays until the gateway is restarted." : "."), e);
        } catch (ExecutionException e) {
            throw new StepException(Wording.of(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StepException("The gateway stops.", e);
        }
    }
}
