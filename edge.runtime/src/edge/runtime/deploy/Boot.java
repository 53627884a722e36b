// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.json.JsonException;
import edge.runtime.base.DataDirectory;
import edge.runtime.deploy.BundleControl.StepException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the bundles of the image and the deployed ones into a framework that has only the system's: installs all, lets the
 * configurations be put in force, starts all, what reads and publishes values first.
 */
final class Boot {
    private static final Logger LOG = LoggerFactory.getLogger(Boot.class);
    /** By the longest matching prefix. The console needs the most to start and is needed last. */
    private static final Map<String, Integer> ORDER = Map.of("", 0, "edge.drivers.", 1, "edge.broker", 2,
        "edge.cloudconnector.", 3, "edge.", 4, "org.apache.felix.http.", 5, "edge.web", 6);

    private final Path folder;
    private final ImageBundles image;
    private final BundleControl control;

    Boot(Path folder, ImageBundles image, BundleControl control) {
        this.folder = folder;
        this.image = image;
        this.control = control;
    }

    /** What is desired. If that cannot be read, the jars in the folder tell. */
    DesiredBundles read() {
        Path file = folder.resolve(DesiredBundles.FILE);
        try {
            DesiredBundles desired = DesiredBundles.read(folder);
            clean(desired);
            return desired;
        } catch (IOException e) {
            LOG.error("{} cannot be read: {}. The deployed bundles are taken from the jars beside it.", file,
                DataDirectory.reason(e));
        } catch (JsonException e) {
            LOG.error("{} is damaged in line {}: {}. The deployed bundles are taken from the jars beside it; which ones were"
                + " stopped is lost. The damaged file is kept as {}.damaged.", file, e.line(), e.getMessage(), file);
            try {
                Files.move(file, folder.resolve(DesiredBundles.FILE + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException move) {
                LOG.error("It cannot be kept: {}", DataDirectory.reason(move));
            }
        }
        return fromJars();
    }

    /** Removes what deployments that did not come to their end have left. */
    private void clean(DesiredBundles desired) {
        Set<String> used = new HashSet<>();
        desired.deployed().values().forEach(bundle -> used.add(bundle.file()));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".jar") && !used.contains(name)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            LOG.warn("Jars that are not used any more cannot be removed from {}: {}", folder, DataDirectory.reason(e));
        }
    }

    private DesiredBundles fromJars() {
        DesiredBundles found = DesiredBundles.none();
        JarCheck check = new JarCheck(JarCheck.Limits.DEFAULT);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
                String name = jar.getFileName().toString();
                if (name.startsWith(".")) {
                    continue;
                }
                JarFacts facts = check.check(jar);
                boolean newer = found.find(facts.symbolicName())
                    .map(other -> Version.parseVersion(other.version()).compareTo(facts.version()) < 0).orElse(true);
                if (newer) {
                    found = found.with(new DesiredBundles.Deployed(facts.symbolicName(), facts.version().toString(), name,
                        facts.sha256(), "found in the folder"));
                }
            }
        } catch (IOException | JarCheck.RejectedException e) {
            LOG.error("Not all deployed bundles in {} can be read: {}", folder, e.getMessage());
        }
        return found;
    }

    /** Installs what is missing. Bundles that are installed already are left alone. */
    Map<String, Bundle> install(DesiredBundles desired, Map<String, String> failures) {
        Set<String> names = new TreeSet<>(image.all().keySet());
        names.addAll(desired.deployed().keySet());
        Map<String, Bundle> installed = new TreeMap<>();
        for (String name : names) {
            if (control.find(name) == null) {
                Bundle bundle = install(name, desired, failures);
                if (bundle != null) {
                    installed.put(name, bundle);
                }
            }
        }
        return installed;
    }

    private Bundle install(String name, DesiredBundles desired, Map<String, String> failures) {
        List<Path> jars = new ArrayList<>();
        desired.find(name).ifPresent(deployed -> {
            Path jar = folder.resolve(deployed.file());
            try {
                if (JarCheck.sha256(jar).equals(deployed.sha256())) {
                    jars.add(jar);
                } else {
                    fail(name, deployed.file() + " is damaged on disk: deploy it again.", failures);
                }
            } catch (IOException e) {
                fail(name, deployed.file() + " cannot be read (" + DataDirectory.reason(e) + "): deploy it again.", failures);
            }
        });
        image.find(name).ifPresent(jars::add);
        for (Path jar : jars) {
            try {
                return control.install(jar);
            } catch (StepException e) {
                fail(name, e.getMessage(), failures);
            }
        }
        return null;
    }

    void start(Map<String, Bundle> installed, DesiredBundles desired, Map<String, String> failures) {
        List<String> names = installed.keySet().stream().filter(name -> !desired.stopped().contains(name))
            .sorted(Comparator.comparingInt(Boot::rank).thenComparing(Comparator.naturalOrder())).toList();
        for (String name : names) {
            try {
                control.start(installed.get(name));
            } catch (StepException e) {
                fail(name, e.getMessage(), failures);
            }
        }
    }

    private static void fail(String name, String why, Map<String, String> failures) {
        LOG.error("The bundle {} does not start: {}", name, why);
        failures.put(name, why);
    }

    private static int rank(String name) {
        return ORDER.keySet().stream().filter(name::startsWith).max(Comparator.comparingInt(String::length)).map(ORDER::get)
            .orElseThrow();
    }
}
