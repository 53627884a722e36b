// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.StreamSelection;
import edge.api.message.StreamId;
import java.time.Duration;
import java.util.List;

/**
 * How long and how much of each stream is kept. The first rule that names a stream counts, else the one for all others.
 *
 * @param others for streams that no rule names
 */
record StreamRules(List<Rule> rules, Rule others) {

    /** What happens to a stream's records that somebody still waits for when there is no room. */
    enum WhenFull {
        /** They stay, and new ones are refused. */
        REFUSE,
        /** The oldest go. */
        DROP,
        /** The oldest scans are reduced to summaries, everything else goes. */
        THIN
    }

    /**
     * @param streams which streams
     * @param quotaBytes most bytes of each of them; 0 for no limit of its own
     * @param maxAge what is older goes; zero for no limit
     * @param resolution what a summary covers
     */
    record Rule(StreamSelection streams, long quotaBytes, Duration maxAge, WhenFull whenFull, Duration resolution) {
    }

    static final Duration RESOLUTION = Duration.ofMinutes(1);

    StreamRules {
        rules = List.copyOf(rules);
    }

    /** The same for all streams. */
    static StreamRules of(WhenFull whenFull) {
        return new StreamRules(List.of(), new Rule(StreamSelection.ALL, 0, Duration.ZERO, whenFull, RESOLUTION));
    }

    Rule of(StreamId stream) {
        for (Rule rule : rules) {
            if (rule.streams().includes(stream)) {
                return rule;
            }
        }
        return others;
    }

    boolean hasQuotas() {
        return rules.stream().anyMatch(rule -> rule.quotaBytes() > 0);
    }

    boolean hasAges() {
        return !others.maxAge().isZero() || rules.stream().anyMatch(rule -> !rule.maxAge().isZero());
    }
}
