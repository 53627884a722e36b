// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import java.util.List;

/**
 * What a deployment would do, by the answer of the framework's own resolver. Made without touching anything.
 *
 * @param effects what will happen, one sentence each, for people
 * @param problems why it cannot be carried out, one sentence each, with what to do; empty if it can
 * @param bundles what happens to which bundle, by symbolic name: those that are changed, and those that are restarted because
 *     they use what is changed. Every other bundle is left alone
 * @param rewirings which of these bundles will get a package from another provider than now
 * @param pauses devices whose driver is restarted or ends
 * @param configurations what happens to which configuration, by PID
 * @param missing what stands in the way of resolving
 * @param restart whether the whole gateway has to be restarted, because code outside of Java cannot be replaced while it runs
 */
public record DeploymentPlan(List<String> effects, List<String> problems, List<BundleChange> bundles,
                             List<Rewiring> rewirings, List<Pause> pauses, List<ConfigurationChange> configurations,
                             List<Missing> missing, boolean restart) {

    public DeploymentPlan {
        effects = List.copyOf(effects);
        problems = List.copyOf(problems);
        bundles = List.copyOf(bundles);
        rewirings = List.copyOf(rewirings);
        pauses = List.copyOf(pauses);
        configurations = List.copyOf(configurations);
        missing = List.copyOf(missing);
    }

    public boolean isPossible() {
        return problems.isEmpty();
    }

    public enum Effect {
        INSTALLED, UPDATED, STARTED, STOPPED, UNINSTALLED,
        /** Not changed itself, but it uses what is. */
        RESTARTED,
        /** The same, but it does not run: it is only wired anew. */
        REWIRED
    }

    /**
     * @param from the version that is there now; empty if there is none
     * @param to the version that will be there; empty if there will be none
     * @param nativeCode whether the jar brings native libraries
     */
    public record BundleChange(String symbolicName, Effect effect, String from, String to, boolean nativeCode) {
    }

    /**
     * @param bundle who imports it
     * @param what the package or capability
     * @param from symbolic name and version of the provider now; empty if it was not wired
     * @param to symbolic name and version of the provider to come
     */
    public record Rewiring(String bundle, String what, String from, String to) {
    }

    /** A device that delivers no values for a moment; its tags say so by their quality. */
    public record Pause(String device, int tags) {
    }

    /**
     * @param before the text in force before, secrets masked; empty if there is none
     * @param after the text to come, secrets masked; empty if there will be none
     * @param lines the difference, one element a line, each beginning with {@code "+ "}, {@code "- "} or {@code "  "}
     */
    public record ConfigurationChange(String pid, String before, String after, List<String> lines) {
    }

    /**
     * @param bundle who needs it
     * @param need what it needs, as a sentence
     * @param providers known bundles, symbolic name and version, that would provide it: deploy one of them together with it
     */
    public record Missing(String bundle, String need, List<String> providers) {
    }
}
