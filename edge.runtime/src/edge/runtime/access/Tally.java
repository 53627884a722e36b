// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts how often something happened in a row, so that only some of it need be noted. Bounded memory. */
final class Tally {
    private static final int REMEMBERED = 1_024;

    // guarded by this
    private final Map<String, Long> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** The new count, if it is worth noting: 1, 10, 100 and so on; else 0. */
    synchronized long add(String what) {
        long count = counts.merge(what, 1L, Long::sum);
        long power = 1;
        while (power < count) {
            power *= 10;
        }
        return power == count ? count : 0;
    }

    synchronized void reset(String what) {
        counts.remove(what);
    }
}
