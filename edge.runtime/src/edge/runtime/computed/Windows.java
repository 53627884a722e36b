// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import edge.api.device.TagState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The windows that the expressions of one device look at. Fed with every reading of the tag table. */
final class Windows {
    private record Key(TagReference tag, Duration length) {
    }

    // Neither map changes after construction.
    private final Map<Key, Window> windows = new HashMap<>();
    private final Map<String, Map<String, List<Window>>> byTag = new HashMap<>();

    /** @param now monotonic time */
    Windows(Collection<Node.OverWindow> wanted, long now) {
        for (Node.OverWindow one : wanted) {
            windows.computeIfAbsent(new Key(one.tag(), one.window()), key -> {
                Window window = new Window(one.window().toNanos(), now);
                byTag.computeIfAbsent(one.tag().device(), device -> new HashMap<>())
                    .computeIfAbsent(one.tag().tag(), tag -> new ArrayList<>()).add(window);
                return window;
            });
        }
    }

    boolean isEmpty() {
        return windows.isEmpty();
    }

    Window of(Node.OverWindow wanted) {
        return windows.get(new Key(wanted.tag(), wanted.window()));
    }

    /** Takes tags of one device that have just changed. */
    void take(List<TagState> changed) {
        Map<String, List<Window>> wanted = byTag.get(changed.get(0).device());
        if (wanted == null) {
            return;
        }
        for (TagState state : changed) {
            for (Window window : wanted.getOrDefault(state.reading().tag().name(), List.of())) {
                window.add(state.reading(), state.at().monotonicNanos());
            }
        }
    }
}
