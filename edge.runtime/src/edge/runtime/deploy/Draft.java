// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.DeploymentPlan.Effect;
import edge.runtime.generation.BundleSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request, read and verified: what is to be with which bundle and which configuration. Filled by the {@link Drafter}, then
 * only read.
 */
final class Draft {
    private final String summary;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Map<String, Optional<String>> configurations = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private BundleSet wanted;
    private Optional<Confirmation> confirmation = Optional.empty();

    /**
     * One bundle.
     *
     * @param jar where its jar is; empty if the bundle stays as it is or goes
     * @param facts what that jar says
     * @param run whether it is to run afterwards
     */
    record Part(String symbolicName, Effect effect, Optional<Path> jar, Optional<JarFacts> facts, boolean run) {

        boolean isThere() {
            return effect != Effect.UNINSTALLED;
        }

        boolean changesCode() {
            return jar.isPresent() || !isThere();
        }
    }

    Draft(String summary, BundleSet now) {
        this.summary = summary;
        this.wanted = now;
    }

    String summary() {
        return summary;
    }

    void add(Part part, BundleSet then) {
        if (parts.put(part.symbolicName(), part) != null) {
            problems.add("It changes " + part.symbolicName() + " twice: ask for one change at a time.");
        }
        wanted = then;
    }

    /** The whole set that comes of it; the parts say what has to be done. */
    void wanted(BundleSet then) {
        wanted = then;
    }

    /** @param disk the text as it is to be on disk; empty to delete the file */
    void configure(String pid, Optional<String> disk) {
        if (configurations.put(pid, disk) != null) {
            problems.add("It changes the configuration " + pid + " twice: ask for one change at a time.");
        }
    }

    void confirmation(Optional<Confirmation> needed) {
        confirmation = needed;
    }

    /** What it takes to keep it; empty if nothing. */
    Optional<Confirmation> confirmation() {
        return confirmation;
    }

    void problem(String sentence) {
        problems.add(sentence);
    }

    /** Something that people should know before and afterwards, and that keeps nobody from anything. */
    void remark(String sentence) {
        remarks.add(sentence);
    }

    List<Part> parts() {
        return List.copyOf(parts.values());
    }

    Optional<Part> part(String symbolicName) {
        return Optional.ofNullable(parts.get(symbolicName));
    }

    BundleSet wanted() {
        return wanted;
    }

    /** By PID: the text as it is to be on disk; empty to delete the file. */
    Map<String, Optional<String>> configurations() {
        return configurations;
    }

    List<String> problems() {
        return problems;
    }

    List<String> remarks() {
        return remarks;
    }
}
