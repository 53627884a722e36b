// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import edge.verify.Arrival.Stream;
import edge.verify.Ranges.Range;
import java.util.List;

/**
 * What an {@link Account} found.
 *
 * @param streams each stream and epoch, by gateway and name
 */
public record Report(List<StreamReport> streams) {

    /**
     * One stream in one epoch: received + ledger + missing = sequenced.
     *
     * @param sequenced how many sequences are known to have been given
     * @param received different records that arrived
     * @param ledger records that did not arrive and are accounted for
     * @param missing what neither arrived nor is accounted for
     * @param duplicates messages that came again without having been asked for
     * @param duplicated of which records, the first of them
     * @param reorders how often a record came behind a later one of its lane
     * @param reordered where, in words, the first of them
     */
    public record StreamReport(Stream stream, long sequenced, long received, long ledger, List<Range> missing,
                               long duplicates, List<Range> duplicated, long reorders, List<String> reordered) {

        public boolean isComplete() {
            return missing.isEmpty();
        }

        public long missingCount() {
            return missing.stream().mapToLong(Range::count).sum();
        }
    }

    /** Nothing is missing that is not accounted for. */
    public boolean isComplete() {
        return streams.stream().allMatch(StreamReport::isComplete);
    }

    /** Within each stream and lane every record came behind the earlier ones. */
    public boolean isOrdered() {
        return reorders() == 0;
    }

    public long received() {
        return streams.stream().mapToLong(StreamReport::received).sum();
    }

    public long ledger() {
        return streams.stream().mapToLong(StreamReport::ledger).sum();
    }

    public long missing() {
        return streams.stream().mapToLong(StreamReport::missingCount).sum();
    }

    public long duplicates() {
        return streams.stream().mapToLong(StreamReport::duplicates).sum();
    }

    public long reorders() {
        return streams.stream().mapToLong(StreamReport::reorders).sum();
    }
}
