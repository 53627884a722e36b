// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a cursor has still to read: ranges of the log in ascending order. Immutable. */
record Spans(List<Span> all) {

    /** So many are kept apart; then the two that are closest become one, and what lies between is read again. */
    static final int MOST = 16;

    /**
     * A range that is to be read.
     *
     * @param passed selected records up to the mark, counted from the journal's first day
     * @param total selected records up to its end, unless it is open
     */
    record Span(long mark, long until, long passed, long total) {

        boolean isOpen() {
            return until == Place.OPEN;
        }
    }

    Spans {
        all = List.copyOf(all);
    }

    /** One from a mark to the end of all records. */
    static Spans open(long mark, long passed) {
        return new Spans(List.of(new Span(mark, Place.OPEN, passed, 0)));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Span first() {
        return all.get(0);
    }

    /** Whether there is anything to be read behind a position. */
    boolean reachBeyond(long position) {
        return !all.isEmpty() && all.get(all.size() - 1).until() > position;
    }

    /** The one that what comes behind a position belongs to. */
    Optional<Span> behind(long position) {
        for (Span span : all) {
            if (span.until() > position) {
                return Optional.of(span);
            }
        }
        return Optional.empty();
    }

    /** The same, now that it is known how many records lie before one of them. */
    Spans recounted(Span span, long passed) {
        List<Span> counted = new ArrayList<>(all);
        counted.set(counted.indexOf(span), new Span(span.mark(), span.until(), passed, span.total()));
        return new Spans(counted);
    }

    /**
     * What is left when everything up to a position is done with.
     *
     * @param count selected records up to the position, -1 if that is not known
     */
    Spans from(long position, long count) {
        List<Span> left = new ArrayList<>(all.size());
        for (Span span : all) {
            if (span.mark() >= position) {
                left.add(span);
            } else if (span.until() > position) {
                left.add(new Span(position, span.until(), count < 0 ? span.passed() : count, span.total()));
            }
        }
        return new Spans(left);
    }

    /** With one more behind all of them. */
    Spans and(Span last) {
        List<Span> more = new ArrayList<>(all);
        more.add(last);
        for (int i = more.size() - 1; i > 0; i--) {
            if (more.get(i - 1).until() >= more.get(i).mark()) {
                join(more, i);
            }
        }
        while (more.size() > MOST) {
            int closest = 1;
            for (int i = 2; i < more.size(); i++) {
                if (distance(more, i) < distance(more, closest)) {
                    closest = i;
                }
            }
            join(more, closest);
        }
        return new Spans(more);
    }

    private static long distance(List<Span> spans, int index) {
        return spans.get(index).mark() - spans.get(index - 1).until();
    }

    private static void join(List<Span> spans, int index) {
        Span second = spans.remove(index);
        Span first = spans.get(index - 1);
        spans.set(index - 1, new Span(first.mark(), second.until(), first.passed(), second.total()));
    }

    /**
     * How many records are to be read.
     *
     * @param total selected records in the journal, counted from its first day
     */
    long records(long total) {
        long records = 0;
        for (Span span : all) {
            records += Math.max(0, (span.isOpen() ? total : span.total()) - span.passed());
        }
        return records;
    }

    /** What is kept of them on disk. */
    List<Place.Range> ranges() {
        List<Place.Range> ranges = new ArrayList<>(all.size());
        for (Span span : all) {
            ranges.add(new Place.Range(span.mark(), span.until()));
        }
        return ranges;
    }
}
