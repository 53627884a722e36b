// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.runtime.base.DataDirectory;
import edge.runtime.base.Sha256;
import edge.runtime.deploy.BundleControl.StepException;
import edge.runtime.generation.BundleSet;
import edge.runtime.generation.GenerationStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the bundles of the image and the deployed ones into a framework that has only the system's: installs all, lets the
 * configurations be put in force, starts all, what reads and publishes values first. One that takes its time to start is not
 * waited for.
 */
final class Boot {
    private static final Logger LOG = LoggerFactory.getLogger(Boot.class);
    /** By the longest matching prefix. The console needs the most to start and is needed last. */
    private static final Map<String, Integer> ORDER = Map.of("", 0, "edge.drivers.", 1, "edge.broker", 2,
        "edge.cloudconnector.", 3, "edge.", 4, "org.apache.felix.http.", 5, "edge.web", 6);
    private static final long PATIENCE_MILLIS = 400;

    private final GenerationStore generations;
    private final ImageBundles image;
    private final BundleControl control;
    private final Map<String, String> failures;

    /** @param failures why bundles do not run, by symbolic name: filled, also after {@link #start} has returned */
    Boot(GenerationStore generations, ImageBundles image, BundleControl control, Map<String, String> failures) {
        this.generations = generations;
        this.image = image;
        this.control = control;
        this.failures = failures;
    }

    /** Installs what is missing. Bundles that are installed already are left alone. */
    Map<String, Bundle> install(BundleSet desired) {
        Set<String> names = new TreeSet<>(image.all().keySet());
        names.addAll(desired.deployed().keySet());
        Map<String, Bundle> installed = new TreeMap<>();
        for (String name : names) {
            if (control.find(name) == null) {
                Bundle bundle = install(name, desired);
                if (bundle != null) {
                    installed.put(name, bundle);
                }
            }
        }
        return installed;
    }

    private Bundle install(String name, BundleSet desired) {
        List<Path> jars = new ArrayList<>();
        desired.find(name).ifPresent(deployed -> {
            Path jar = generations.jar(deployed.sha256());
            String what = name + " " + deployed.version();
            try {
                if (Sha256.of(jar).equals(deployed.sha256())) {
                    jars.add(jar);
                } else {
                    fail(name, "The jar of " + what + " is damaged on disk: deploy it again.");
                }
            } catch (IOException e) {
                fail(name, "The jar of " + what + " cannot be read (" + DataDirectory.reason(e) + "): deploy it again.");
            }
        });
        image.find(name).ifPresent(jars::add);
        for (Path jar : jars) {
            try {
                return control.install(jar);
            } catch (StepException e) {
                fail(name, e.getMessage());
            }
        }
        return null;
    }

    /** Starts all; returns when each has started, failed or used up its patience. */
    void start(Map<String, Bundle> installed, BundleSet desired) throws InterruptedException {
        List<String> names = installed.keySet().stream().filter(name -> !desired.isStopped(name))
            .sorted(Comparator.comparingInt(Boot::rank).thenComparing(Comparator.naturalOrder())).toList();
        for (String name : names) {
            CountDownLatch started = new CountDownLatch(1);
            Thread thread = new Thread(() -> {
                try {
                    control.start(installed.get(name));
                } catch (StepException e) {
                    fail(name, e.getMessage());
                } finally {
                    started.countDown();
                }
            }, "edge-deploy-boot-" + name);
            thread.setDaemon(true);
            thread.start();
            if (!started.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("The bundle {} takes its time to start; the others are not kept waiting", name);
            }
        }
    }

    private void fail(String name, String why) {
        LOG.error("The bundle {} does not start: {}", name, why);
        failures.put(name, why);
    }

    static int rank(String name) {
        return ORDER.keySet().stream().filter(name::startsWith).max(Comparator.comparingInt(String::length)).map(ORDER::get)
            .orElseThrow();
    }
}
