// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import edge.verify.Arrival.Lost;
import edge.verify.Arrival.Stream;
import edge.verify.Report.StreamReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The account of everything that arrived, of what the gateway's loss ledger says, and in which order it came. It exists to
 * prove: received + ledger = sequenced, each record once, each lane in order; what it cannot prove it names.
 *
 * <p>Its memory grows with the holes and the streams, not with the records. Safe for several threads.
 */
public final class Account {

    private static final int MOST_EXAMPLES = 20;
    private static final int MOST_INCOMPLETE = 100_000;

    private static final class Entry {
        private final Ranges received = new Ranges();
        private final Ranges lost = new Ranges();
        private final Parts parts = new Parts(MOST_INCOMPLETE);
        private final Map<String, Long> last = new HashMap<>();
        private final Ranges duplicated = new Ranges();
        private final List<String> reordered = new ArrayList<>();
        private long duplicates;
        private long reorders;
        private long sequenced;
        private long begin = 1;
    }

    private final String uplink;
    // Guarded by this.
    private final Map<Stream, Entry> entries = new TreeMap<>(Comparator.comparing(Stream::gateway)
        .thenComparing(Stream::name).thenComparing(Stream::epoch));
    /** The last sequence that must be there, by the stream's name and epoch. */
    private final Map<String, Long> expected = new HashMap<>();

    /** An account in which every entry of the ledger counts. */
    public Account() {
        this("");
    }

    /** @param uplink the uplink by which the messages came: what was lost on the way of another one does not count; empty
     *     for all */
    public Account(String uplink) {
        this.uplink = uplink;
    }

    /**
     * Enters a message.
     *
     * @return whether it is new: it did not arrive before
     */
    public synchronized boolean arrived(Arrival arrival) {
        Entry entry = entry(arrival.stream());
        entry.sequenced = Math.max(entry.sequenced, arrival.sequence());
        Parts.Step step = entry.received.contains(arrival.sequence()) ? Parts.Step.DUPLICATE : entry.parts.arrived(arrival);
        if (step == Parts.Step.DUPLICATE) {
            if (!arrival.isReplay()) {
                entry.duplicates++;
                if (entry.duplicated.size() < MOST_EXAMPLES) {
                    entry.duplicated.add(arrival.sequence());
                }
            }
            return false;
        }
        if (step == Parts.Step.COMPLETE) {
            inOrder(entry, arrival);
            entry.received.add(arrival.sequence());
            arrival.lost().ifPresent(lost -> account(arrival.stream(), lost));
        }
        return true;
    }

    /** What is replayed was asked for, and comes in the order in which it was asked for. */
    private static void inOrder(Entry entry, Arrival arrival) {
        if (arrival.isReplay()) {
            return;
        }
        long before = entry.last.getOrDefault(arrival.lane(), 0L);
        if (before > arrival.sequence()) {
            entry.reorders++;
            if (entry.reordered.size() < MOST_EXAMPLES) {
                entry.reordered.add(arrival.sequence() + " came behind " + before + " in the lane " + arrival.lane());
            }
        } else {
            entry.last.put(arrival.lane(), arrival.sequence());
        }
    }

    private void account(Stream carrier, Lost lost) {
        boolean ofOthers = !uplink.isEmpty() && !lost.uplink().isEmpty() && !lost.uplink().equals(uplink);
        if (ofOthers || lost.to() < lost.from()) {
            return;
        }
        Entry entry = entry(new Stream(carrier.gateway(), carrier.name(), lost.epoch()));
        entry.sequenced = Math.max(entry.sequenced, lost.to());
        if (lost.revoked()) {
            entry.lost.remove(lost.from(), lost.to());
        } else {
            entry.lost.add(lost.from(), lost.to());
        }
    }

    /**
     * A gateway has given sequences up to this one in a stream: they must arrive or be accounted for.
     *
     * @param name the stream's name
     * @param epoch its epoch, which no other gateway has
     */
    public synchronized void expect(String name, String epoch, long lastSequence) {
        expected.merge(name + " " + epoch, lastSequence, Math::max);
    }

    /** What lies before the first record that arrived of each stream does not count: the receiver came later. */
    public synchronized void beginAtFirst() {
        for (Entry entry : entries.values()) {
            entry.begin = Math.max(1, entry.received.first());
        }
    }

    private Entry entry(Stream stream) {
        return entries.computeIfAbsent(stream, key -> new Entry());
    }

    /** What is proven so far. */
    public synchronized Report report() {
        List<StreamReport> streams = new ArrayList<>();
        Map<String, Long> silent = new TreeMap<>(expected);
        entries.forEach((stream, entry) -> {
            Long last = silent.remove(stream.name() + " " + stream.epoch());
            entry.sequenced = Math.max(entry.sequenced, last == null ? 0 : last);
            streams.add(report(stream, entry));
        });
        silent.forEach((stream, last) -> {
            if (last > 0) {
                Entry nothing = new Entry();
                nothing.sequenced = last;
                String[] words = stream.split(" ");
                streams.add(report(new Stream("?", words[0], words[1]), nothing));
            }
        });
        return new Report(List.copyOf(streams));
    }

    private static StreamReport report(Stream stream, Entry entry) {
        Ranges settled = new Ranges();
        entry.received.all().forEach(range -> settled.add(range.from(), range.to()));
        entry.lost.all().forEach(range -> settled.add(range.from(), range.to()));
        long known = settled.within(entry.begin, entry.sequenced).stream().mapToLong(Ranges.Range::count).sum();
        return new StreamReport(stream, Math.max(0, entry.sequenced - entry.begin + 1), entry.received.count(),
            known - entry.received.count(), settled.gaps(entry.begin, entry.sequenced), entry.duplicates,
            entry.duplicated.all(), entry.reorders, List.copyOf(entry.reordered));
    }
}
