// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.StreamSelection;
import edge.api.message.StreamId;
import java.util.List;

/**
 * Which streams go first: each pattern is a rank, the first the most urgent, and what no pattern means comes after all of
 * them.
 */
record Priorities(List<StreamSelection> ranks) {

    static final int MOST = 16;
    static final Priorities NONE = new Priorities(List.of());
    private static final String PATTERN = "[A-Za-z0-9_.*/-]{1,80}";

    /** @throws IllegalArgumentException if one of them is no pattern, or if there are too many; the message names it */
    static Priorities of(List<String> patterns) {
        if (patterns.size() > MOST) {
            throw new IllegalArgumentException("there are at most " + MOST + " priorities, not " + patterns.size());
        }
        return new Priorities(patterns.stream().map(Priorities::rank).toList());
    }

    static StreamSelection rank(String pattern) {
        if (!pattern.matches(PATTERN)) {
            throw new IllegalArgumentException("'" + pattern
                + "' is no pattern of streams such as ingest/alarms, device/boiler-* or *");
        }
        return new StreamSelection(List.of(pattern));
    }

    /** How many ranks there are, with that of what no pattern means. */
    int count() {
        return ranks.size() + 1;
    }

    /** The rank of a stream: 0 is the most urgent. */
    int of(StreamId stream) {
        int rank = 0;
        while (rank < ranks.size() && !ranks.get(rank).includes(stream)) {
            rank++;
        }
        return rank;
    }
}
