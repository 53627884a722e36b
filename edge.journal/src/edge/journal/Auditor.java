// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.JournalRecord;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.journal.format.Checkpoint;
import edge.journal.format.DamagedException;
import edge.journal.format.SegmentScanner;
import edge.journal.format.SegmentScanner.Kind;
import edge.journal.format.StreamDefinition;
import edge.journal.format.StreamMark;
import edge.journal.format.Told;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a damaged segment to the end and tells exactly which records of it cannot be read: what its header and the next
 * segment's header say must be there, less what is there.
 */
final class Auditor {

    /** Records that are gone. */
    record Loss(StreamId stream, long epoch, long from, long to) {

        boolean has(Told entry) {
            return stream.equals(entry.stream()) && epoch == entry.epoch() && from <= entry.sequence()
                && entry.sequence() <= to;
        }

        String line() {
            return stream.label() + " " + RecordKey.epochText(epoch) + " " + from + " " + to;
        }
    }

    /** Damaged bytes. */
    record Bytes(long from, long to) {
    }

    /** @param untold entries of the ledger that are lost with their content, as their segment's index still knows them */
    record Findings(List<Loss> losses, List<Bytes> bytes, List<Told> untold) {
    }

    // Damages that lie closer together are one.
    private static final long TOGETHER = 64 * 1024;

    private final Segments segments;
    private final List<Loss> losses = new ArrayList<>();
    private final List<Bytes> bytes = new ArrayList<>();
    private final Map<StreamId, StreamMark> streams = new HashMap<>();

    Auditor(Segments segments) {
        this.segments = segments;
    }

    /**
     * @param segment sealed
     * @param endOfAll how far the streams have come, for the last segment
     */
    Findings audit(Segment segment, List<StreamMark> endOfAll) throws IOException {
        Optional<List<StreamMark>> start = start(segment);
        start.ifPresent(marks -> marks.forEach(mark -> streams.put(mark.id(), mark)));
        walk(segment, start.isPresent(), true);
        Optional<Segment> next = segments.after(segment.number());
        // If the next header is gone as well, what is missing shows when that segment is audited: its start is then taken
        // from what was found here.
        List<StreamMark> end = next.isEmpty() ? endOfAll
            : segments.header(next.get()).map(Checkpoint::ended).orElse(List.of());
        for (StreamMark mark : end) {
            if (mark.last() > 0) {
                expect(mark.id(), mark.epoch(), mark.last() + 1, mark.last() + 1, start.isPresent());
            }
        }
        List<Told> untold = new ArrayList<>();
        for (Told entry : losses.isEmpty() ? List.<Told>of() : segments.index(segment).told()) {
            if (losses.stream().anyMatch(loss -> loss.has(entry))) {
                untold.add(entry);
            }
        }
        return new Findings(List.copyOf(losses), List.copyOf(bytes), untold);
    }

    /** The streams at the segment's start; empty if nobody knows. */
    private Optional<List<StreamMark>> start(Segment segment) throws IOException {
        Optional<Checkpoint> header = segments.header(segment);
        if (header.isPresent()) {
            return Optional.of(header.get().begun());
        }
        Optional<Segment> before = segments.before(segment.number());
        if (before.isEmpty()) {
            return Optional.empty();
        }
        Auditor earlier = new Auditor(segments);
        Optional<List<StreamMark>> start = earlier.start(before.get());
        if (start.isEmpty()) {
            return Optional.empty();
        }
        start.get().forEach(mark -> earlier.streams.put(mark.id(), mark));
        earlier.walk(before.get(), true, false);
        return Optional.of(List.copyOf(earlier.streams.values()));
    }

    private void walk(Segment segment, boolean startKnown, boolean decode) throws IOException {
        long limit = segments.end(segment);
        try (SegmentScanner scanner = segments.scan(segment)) {
            for (Kind kind = scanner.next(limit); kind != Kind.NONE && kind != Kind.FOREIGN && kind != Kind.INDEX;
                 kind = scanner.next(limit)) {
                boolean damaged = kind == Kind.DAMAGE;
                if (kind == Kind.RECORD) {
                    damaged = !take(scanner, startKnown, decode);
                }
                if (damaged) {
                    damaged(scanner.offset(), scanner.nextOffset());
                }
            }
        }
    }

    /** Returns whether the record is sound. */
    private boolean take(SegmentScanner scanner, boolean startKnown, boolean decode) {
        StreamDefinition stream = scanner.stream();
        long first = scanner.sequence();
        if (decode || scanner.isEntry()) {
            try {
                // An entry right behind the sequences that it tells of stands for what was never stored.
                if (scanner.decode(1) instanceof JournalRecord.Gap gap && gap.uplink().isEmpty()
                    && gap.reason() != JournalRecord.Loss.CORRUPT && gap.lostEpoch() == stream.epoch()
                    && gap.to() == first - 1) {
                    first = Math.min(first, gap.from());
                }
            } catch (DamagedException e) {
                return false;
            }
        }
        expect(stream.id(), stream.epoch(), first, scanner.sequence(), startKnown);
        return true;
    }

    /** The sequences come next of their stream: whatever is between them and the one before is gone. */
    private void expect(StreamId stream, long epoch, long first, long newest, boolean startKnown) {
        StreamMark mark = streams.get(stream);
        long last = mark != null && mark.epoch() == epoch ? mark.last() : 0;
        boolean comparable = startKnown || mark != null;
        if (comparable && first > last + 1) {
            losses.add(new Loss(stream, epoch, last + 1, first - 1));
        }
        streams.put(stream, new StreamMark(stream, epoch, Math.max(last, newest), 0));
    }

    private void damaged(long from, long to) {
        Bytes last = bytes.isEmpty() ? null : bytes.get(bytes.size() - 1);
        if (last != null && from - last.to() < TOGETHER) {
            bytes.set(bytes.size() - 1, new Bytes(last.from(), to));
        } else {
            bytes.add(new Bytes(from, to));
        }
    }
}
