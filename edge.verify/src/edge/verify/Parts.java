// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** The records of one stream of which some parts are still missing. Not safe for several threads. */
final class Parts {

    enum Step {
        /** The part was there already. */
        DUPLICATE,
        /** It is new, and others are missing. */
        PARTIAL,
        /** It was the last one that was missing. */
        COMPLETE
    }

    private final int most;
    private final Map<Long, BitSet> incomplete = new LinkedHashMap<>();

    /** @param most incomplete records; when there are more, the oldest is forgotten */
    Parts(int most) {
        this.most = most;
    }

    /** For a sequence of which not all parts had arrived before. */
    Step arrived(Arrival arrival) {
        if (arrival.parts() == 1) {
            return Step.COMPLETE;
        }
        BitSet seen = incomplete.computeIfAbsent(arrival.sequence(), sequence -> new BitSet());
        if (seen.get(arrival.part())) {
            return Step.DUPLICATE;
        }
        seen.set(arrival.part());
        if (seen.cardinality() == arrival.parts()) {
            incomplete.remove(arrival.sequence());
            return Step.COMPLETE;
        }
        if (incomplete.size() > most) {
            incomplete.remove(incomplete.keySet().iterator().next());
        }
        return Step.PARTIAL;
    }
}
