// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import edge.verify.Arrival.Stream;
import edge.verify.Ranges.Range;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Drops what came twice. Gateways deliver at least once: after a broken connection, what was not acknowledged is sent again.
 *
 * <p>Memory is bounded: a stream takes one range of sequences for each hole in what arrived, most streams take one. At the
 * bound, the smallest ranges and the streams that were silent for longest are forgotten: a duplicate may then pass, and
 * {@link #forgotten()} says so, but what is new is never dropped.
 *
 * <p>What it knows is saved and loaded as text, so that a receiver may restart. Safe for several threads.
 */
public final class DuplicateFilter {

    private static final String HEADER = "edge.duplicates/1";

    private static final class Seen {
        private final Ranges ranges = new Ranges();
        private final Parts parts;

        Seen(int most) {
            parts = new Parts(most);
        }
    }

    private final int maxStreams;
    private final int maxRanges;
    // All guarded by this.
    private final LinkedHashMap<Stream, Seen> streams = new LinkedHashMap<>(16, 0.75f, true);
    private long forgotten;

    /** A filter for ten thousand streams with a thousand holes each. */
    public DuplicateFilter() {
        this(10_000, 1000);
    }

    /**
     * @param maxStreams most streams (each epoch counts) that it remembers, at least 1
     * @param maxRanges most ranges that it remembers of a stream, at least 1
     */
    public DuplicateFilter(int maxStreams, int maxRanges) {
        if (maxStreams < 1 || maxRanges < 1) {
            throw new IllegalArgumentException("a filter remembers at least one stream and one range");
        }
        this.maxStreams = maxStreams;
        this.maxRanges = maxRanges;
    }

    /**
     * Takes note of a message.
     *
     * @return whether it has not arrived before, as far as is remembered
     */
    public synchronized boolean isNew(Arrival arrival) {
        Seen seen = streams.computeIfAbsent(arrival.stream(), stream -> new Seen(maxRanges));
        if (seen.ranges.contains(arrival.sequence())) {
            return false;
        }
        Parts.Step step = seen.parts.arrived(arrival);
        if (step == Parts.Step.COMPLETE) {
            seen.ranges.add(arrival.sequence());
        }
        bound(seen);
        return step != Parts.Step.DUPLICATE;
    }

    private void bound(Seen seen) {
        if (seen.ranges.size() > maxRanges) {
            Range smallest = seen.ranges.all().stream().min(Comparator.comparingLong(Range::count)).orElseThrow();
            seen.ranges.remove(smallest.from(), smallest.to());
            forgotten += smallest.count();
        }
        if (streams.size() > maxStreams) {
            forgotten += streams.remove(streams.keySet().iterator().next()).ranges.count();
        }
    }

    /** How many records had to be forgotten: their duplicates would pass. */
    public synchronized long forgotten() {
        return forgotten;
    }

    /** Writes what it remembers. Records of which not all parts have arrived count as not arrived. */
    public synchronized void save(Writer out) throws IOException {
        out.write(HEADER + "\n");
        for (Map.Entry<Stream, Seen> each : streams.entrySet()) {
            Stream stream = each.getKey();
            out.write(String.join("\t", stream.gateway(), stream.name(), stream.epoch()));
            for (Range range : each.getValue().ranges.all()) {
                out.write("\t" + range.from() + "-" + range.to());
            }
            out.write("\n");
        }
        out.flush();
    }

    /**
     * Adds what another filter saved.
     *
     * @throws IOException if it cannot be read, or is no such text; the message names the line
     */
    public synchronized void load(Reader in) throws IOException {
        BufferedReader lines = new BufferedReader(in);
        if (!HEADER.equals(lines.readLine())) {
            throw new IOException("line 1 is not '" + HEADER + "'");
        }
        int number = 1;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            try {
                String[] fields = line.split("\t");
                Seen seen = streams.computeIfAbsent(new Stream(fields[0], fields[1], fields[2]), key -> new Seen(maxRanges));
                for (int i = 3; i < fields.length; i++) {
                    int dash = fields[i].indexOf('-');
                    seen.ranges.add(Long.parseLong(fields[i].substring(0, dash)), Long.parseLong(fields[i].substring(dash + 1)));
                    bound(seen);
                }
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw new IOException("line " + number + " is damaged", e);
            }
        }
    }
}
