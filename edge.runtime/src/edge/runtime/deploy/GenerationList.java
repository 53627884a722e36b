// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.Generation;
import edge.runtime.base.DataDirectory;
import edge.runtime.desired.DesiredState;
import edge.runtime.generation.BundleSet;
import edge.runtime.generation.GenerationStore;
import edge.runtime.generation.Kept;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Describes the kept generations. Any thread. */
final class GenerationList {
    private final GenerationStore store;
    private final DesiredState configurations;

    GenerationList(GenerationStore store, DesiredState configurations) {
        this.store = store;
        this.configurations = configurations;
    }

    List<Generation> all() {
        long current = store.current().number();
        return store.all().stream().map(kept -> new Generation(kept.number(), kept.origin().time(), kept.origin().caller(),
            kept.origin().summary(), kept.origin().why(), kept.number() == current, store.isProven(kept.number()),
            kept.bundles().deployed().values().stream().map(bundle -> new Generation.DeployedBundle(bundle.symbolicName(),
                bundle.version(), bundle.sha256(), bundle.source())).toList(), List.copyOf(kept.bundles().stopped()),
            kept.files().stream().map(configurations::pid).flatMap(Optional::stream).toList())).toList();
    }

    List<String> compare(long from, long to) {
        List<String> lines = new ArrayList<>();
        bundles(bundles(from), bundles(to), lines);
        try {
            Map<String, String> before = texts(from);
            Map<String, String> after = texts(to);
            Set<String> pids = new TreeSet<>(before.keySet());
            pids.addAll(after.keySet());
            for (String pid : pids) {
                String old = before.getOrDefault(pid, "");
                String now = after.getOrDefault(pid, "");
                if (!old.equals(now)) {
                    lines.add("configuration " + pid + (old.isEmpty() ? " is new" : now.isEmpty() ? " is gone" : " differs"));
                    LineDiff.of(old, now).stream().map(line -> "  " + line).forEach(lines::add);
                }
            }
        } catch (IOException e) {
            lines.add("the configurations cannot be read: " + DataDirectory.reason(e));
        }
        return lines;
    }

    private BundleSet bundles(long number) {
        return store.find(number).map(Kept::bundles)
            .orElseThrow(() -> new IllegalArgumentException("the generation " + number + " is not kept"));
    }

    private Map<String, String> texts(long number) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        store.configurations(number).forEach((file, bytes) -> configurations.pid(file)
            .ifPresent(pid -> texts.put(pid, configurations.masked(pid, Drafter.decoded(bytes)))));
        return texts;
    }

    private static void bundles(BundleSet from, BundleSet to, List<String> lines) {
        Set<String> names = new TreeSet<>(from.deployed().keySet());
        names.addAll(to.deployed().keySet());
        names.addAll(from.stopped());
        names.addAll(to.stopped());
        for (String name : names) {
            String before = described(from, name);
            String after = described(to, name);
            if (!before.equals(after)) {
                lines.add("bundle " + name + ": " + before + " -> " + after);
            }
        }
    }

    private static String described(BundleSet set, String name) {
        return set.find(name).map(one -> one.version() + " (" + one.sha256().substring(0, 12) + ")").orElse("not deployed")
            + (set.isStopped(name) ? ", stopped" : "");
    }
}
