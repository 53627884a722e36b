// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.ClockCorrection;
import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalRecord.Loss;
import edge.api.message.ScanMessage;
import edge.api.message.StreamId;
import edge.journal.StreamRules.Rule;
import edge.journal.StreamRules.WhenFull;
import edge.journal.format.DamagedException;
import edge.journal.format.Entry;
import edge.journal.format.SegmentIndex;
import edge.journal.format.SegmentScanner;
import edge.journal.format.SegmentScanner.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads segments from which streams are to go, and finds out what has to be told about that: which records nobody can get any
 * more, what they are reduced to, and what of the ledger itself was not yet delivered and is told again.
 */
final class Clearance {

    private final Log log;
    private final Map<String, Place> places;
    private final Loss reason;
    private final Losses losses = new Losses();
    private final Thinner thinner = new Thinner();
    private final List<Append> again = new ArrayList<>();
    private final Set<ClockCorrection> corrections = new LinkedHashSet<>();
    private final Map<StreamId, Rule> rules = new HashMap<>();
    private boolean damaged;

    /**
     * @param places of all readers that may have something to do in the segment
     * @param reason why records go; only {@link Loss#FULL} may be refused or thinned
     */
    Clearance(Log log, Map<String, Place> places, Loss reason) {
        this.log = log;
        this.places = places;
        this.reason = reason;
    }

    /**
     * Reads a segment.
     *
     * @return false if a stream's rule is that its records stay
     */
    boolean read(Segment segment, Predicate<StreamId> streams) throws IOException {
        long end = log.segments().end(segment);
        try (SegmentScanner scanner = log.segments().scan(segment)) {
            for (Kind kind = scanner.next(end); kind != Kind.NONE && kind != Kind.FOREIGN && kind != Kind.INDEX;
                 kind = scanner.next(end)) {
                if (kind == Kind.DAMAGE) {
                    damaged = true;
                } else if (kind == Kind.RECORD && streams.test(scanner.stream().id()) && !take(segment, scanner)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Takes a whole segment, of which nothing is delivered and which holds no entries, without reading it. */
    void take(SegmentIndex index) {
        for (SegmentIndex.StreamPart part : index.streams()) {
            places.forEach((name, place) -> {
                if (place.selection().includes(part.id())) {
                    losses.add(name, part.id(), part.epoch(), part.first(), part.last(), reason);
                }
            });
        }
    }

    /** Whether some of it cannot be read: what that was must be told, too. */
    boolean isDamaged() {
        return damaged;
    }

    private boolean take(Segment segment, SegmentScanner scanner) {
        StreamId stream = scanner.stream().id();
        long position = Positions.of(segment.number(), scanner.offset());
        if (position < log.marks().floor(stream)) {
            return true;
        }
        List<String> waiting = waiting(stream, position);
        if (waiting.isEmpty()) {
            return true;
        }
        Rule rule = rules.computeIfAbsent(stream, log.settings().rules()::of);
        if (reason == Loss.FULL && rule.whenFull() == WhenFull.REFUSE) {
            return false;
        }
        Loss why = reason;
        boolean thins = reason == Loss.FULL && rule.whenFull() == WhenFull.THIN && scanner.isReading();
        if (thins || scanner.isEntry() || scanner.isCorrection()) {
            JournalRecord record = decode(scanner, position);
            if (record instanceof JournalRecord.Stored stored && stored.message() instanceof ScanMessage scan) {
                thinner.add(stream, scan, log.times().of(record.bootId(), record.at()), rule.resolution());
                why = Loss.THINNED;
            } else if (record instanceof JournalRecord.Summary summary) {
                thinner.add(stream, summary);
                why = Loss.THINNED;
            } else if (record instanceof JournalRecord.Gap gap) {
                carry(gap, waiting);
            } else if (record instanceof JournalRecord.Correction correction && corrections.add(correction.correction())) {
                again.add(new Append(stream, new Entry.Correction(correction.at(), correction.correction())));
            }
        }
        for (String name : waiting) {
            losses.add(name, stream, scanner.stream().epoch(), scanner.sequence(), scanner.sequence(), why);
        }
        return true;
    }

    /** Who still waits for a record. */
    private List<String> waiting(StreamId stream, long position) {
        List<String> waiting = new ArrayList<>();
        places.forEach((name, place) -> {
            if (place.isPending(position, position + 1) && place.selection().includes(stream)) {
                waiting.add(name);
            }
        });
        return waiting;
    }

    private JournalRecord decode(SegmentScanner scanner, long position) {
        try {
            return scanner.decode(position);
        } catch (DamagedException e) {
            damaged = true;
            return null;
        }
    }

    /** What a reader was not told yet is told again: else nobody would ever know. */
    private void carry(JournalRecord.Gap gap, List<String> waiting) {
        if (!gap.uplink().isEmpty() && log.marks().get(gap.uplink()).isEmpty()) {
            // Its reader was removed: whoever is there still tells.
            again.add(new Append(gap.key().stream(), new Entry.Lost(gap.at(), gap.uplink(), gap.lostEpoch(), gap.from(),
                gap.to(), gap.reason(), gap.detail(), gap.revoked())));
            return;
        }
        for (String name : waiting) {
            if (!gap.uplink().isEmpty() && !gap.uplink().equals(name)) {
                continue;
            }
            if (gap.revoked() || gap.to() < gap.from()) {
                again.add(new Append(gap.key().stream(), new Entry.Lost(gap.at(), name, gap.lostEpoch(), gap.from(), gap.to(),
                    gap.reason(), gap.detail(), gap.revoked())));
            } else {
                losses.add(name, gap.key().stream(), gap.lostEpoch(), gap.from(), gap.to(), gap.reason());
            }
        }
    }

    /** All that has to be told, in this order. */
    List<Append> entries(Moment at, String detail) {
        List<Append> entries = new ArrayList<>(again);
        entries.addAll(thinner.summaries(at));
        entries.addAll(losses.entries(at, detail));
        return entries;
    }
}
