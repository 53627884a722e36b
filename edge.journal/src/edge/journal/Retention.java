// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Moment;
import edge.api.journal.JournalException;
import edge.api.journal.JournalException.Kind;
import edge.api.journal.JournalRecord.Loss;
import edge.api.message.StreamId;
import edge.journal.StreamRules.Rule;
import edge.journal.StreamRules.WhenFull;
import edge.journal.disk.Reasons;
import edge.journal.format.Entry;
import edge.journal.format.SegmentIndex;
import edge.journal.format.SegmentIndex.StreamPart;
import edge.journal.format.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes room, by the rules: deletes whole segments that nobody waits for, and when that is not enough drops the oldest records.
 * Whatever somebody still waited for is in the ledger, durably, before it goes. On the writer's thread.
 */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final long AGES_EVERY = Duration.ofSeconds(10).toNanos();
    /** After the readers' places were lost they come back one by one; until then nothing is deleted that they may need. */
    private static final long GRACE = Duration.ofSeconds(60).toNanos();

    private static final long ENTRY_BYTES = 100;

    /** Writes entries. */
    interface Desk {
        /** Makes them durable at once, with everything before them; returns whether they are. */
        boolean enter(List<Append> entries);
    }

    private final Log log;
    private final Supplier<Map<String, Place>> readers;
    private final Desk desk;
    private final StreamRules rules;
    private final boolean hasQuotas;
    private final Set<StreamId> overQuota = new HashSet<>();
    private long agesAt = System.nanoTime();
    private boolean telling;

    /** @param readers what each open reader has still to do */
    Retention(Log log, Supplier<Map<String, Place>> readers, Desk desk) {
        this.log = log;
        this.readers = readers;
        this.desk = desk;
        this.rules = log.settings().rules();
        this.hasQuotas = rules.hasQuotas();
    }

    // ------------------------------------------------------------------------------------------- the total quota

    /** Makes room for so many bytes; returns whether there is. */
    boolean makeRoom(long bytes) {
        while (!log.hasRoom(bytes)) {
            Optional<Segment> oldest = log.segments().first();
            if (oldest.isEmpty() || !oldest.get().isSealed() || !clear(oldest.get(), Loss.FULL, stream -> true)
                || !delete(oldest.get())) {
                return false;
            }
        }
        return true;
    }

    /** A segment is full: when the next one would not fit, it is written over the oldest. */
    void beforeRoll() {
        if (log.hasRoom(log.settings().segmentBytes())) {
            return;
        }
        Optional<Segment> oldest = log.segments().first();
        if (oldest.isPresent() && oldest.get().isSealed() && clear(oldest.get(), Loss.FULL, stream -> true)) {
            remove(oldest.get(), log::recycle);
        }
    }

    /** Whether it is just telling what goes: that is written where the log is, even if the segment is full. */
    boolean isTelling() {
        return telling;
    }

    private Map<String, Place> waitingIn(Segment segment) {
        Map<String, Place> all = new HashMap<>(log.marks().all());
        all.putAll(readers.get());
        long from = Positions.of(segment.number(), 0);
        all.values().removeIf(place -> !place.isPending(from, Positions.of(segment.number() + 1, 0)));
        return all;
    }

    /** Tells what is lost when those streams go from the segment; returns whether they may. */
    private boolean clear(Segment segment, Loss reason, Predicate<StreamId> streams) {
        Map<String, Place> waiting = waitingIn(segment);
        if (waiting.isEmpty()) {
            return System.nanoTime() - log.placesLostAt() > GRACE;
        }
        try {
            if (reason == Loss.FULL && isHeld(segment, waiting, streams)) {
                return false;
            }
            Clearance clearance = new Clearance(log, waiting, reason);
            if (!clearance.read(segment, streams)) {
                return false;
            }
            List<Append> entries = clearance.entries(log.clock().now(), detail(reason));
            if (clearance.isDamaged()) {
                entries.addAll(damages(segment, streams));
            }
            if (entries.size() * ENTRY_BYTES > segment.size() / 2) {
                // What is told would take the room that is made, and would have to go next.
                return false;
            }
            if (!entries.isEmpty()) {
                LOG.warn("{} of {} goes, {}: {} entries in the ledger tell what {} had not yet delivered", segment.name(),
                    log.place(), detail(reason), entries.size(), waiting.keySet());
            }
            telling = true;
            return entries.isEmpty() || desk.enter(entries);
        } catch (IOException e) {
            LOG.warn("{} in {} cannot be read to be dropped: {}", segment.name(), log.place(), Reasons.of(e));
            return false;
        } finally {
            telling = false;
        }
    }

    /** Whether it is plain that a record must stay, without reading them all. */
    private boolean isHeld(Segment segment, Map<String, Place> waiting, Predicate<StreamId> streams) throws IOException {
        for (StreamPart part : log.segments().index(segment).streams()) {
            if (!streams.test(part.id()) || rules.of(part.id()).whenFull() != WhenFull.REFUSE
                || log.marks().floor(part.id()) >= Positions.of(segment.number() + 1, 0)) {
                continue;
            }
            for (Place place : waiting.values()) {
                if (place.mark() <= Positions.of(segment.number(), 0) && place.ranges().size() == 1
                    && place.selection().includes(part.id())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String detail(Loss reason) {
        return reason == Loss.EXPIRED ? "older than the journal may keep it" : "no room in the journal";
    }

    /** What is gone although it should be there is lost to all. */
    private List<Append> damages(Segment segment, Predicate<StreamId> streams) throws IOException {
        List<Append> entries = new ArrayList<>();
        Set<String> told = log.quarantine().told(segment);
        Auditor.Findings findings = new Auditor(log.segments()).audit(segment, log.streams());
        for (Auditor.Loss loss : findings.losses()) {
            if (streams.test(loss.stream()) && !told.contains(loss.line())) {
                entries.add(new Append(loss.stream(), Entry.Lost.forAll(log.clock().now(), loss.epoch(), loss.from(),
                    loss.to(), Loss.CORRUPT, "The bytes of these records in " + segment.name() + " were damaged.")));
                findings.untold().stream().filter(loss::has)
                    .forEach(entry -> entries.add(new Append(entry.stream(), entry.lost())));
            }
        }
        return entries;
    }

    private boolean delete(Segment segment) {
        return remove(segment, log::delete);
    }

    private boolean remove(Segment segment, Predicate<Segment> removal) {
        Optional<SegmentIndex> index = Optional.empty();
        try {
            index = log.usage().counts(segment) ? Optional.of(log.segments().index(segment)) : Optional.empty();
        } catch (IOException e) {
            LOG.debug("{} goes uncounted", segment.name(), e);
        }
        if (!removal.test(segment)) {
            return false;
        }
        log.usage().forget(segment);
        for (StreamPart part : index.map(SegmentIndex::streams).orElse(List.of())) {
            if (log.marks().floor(part.id()) < Positions.of(segment.number() + 1, 0)) {
                log.usage().remove(part);
            }
        }
        return true;
    }

    // --------------------------------------------------------------------------------------- a stream's own quota

    /**
     * Whether a stream may take so many bytes more.
     *
     * @return why not, or null
     */
    JournalException admit(StreamId stream, long bytes) {
        if (!hasQuotas) {
            return null;
        }
        Rule rule = rules.of(stream);
        while (rule.quotaBytes() > 0 && log.usage().of(stream) + bytes > rule.quotaBytes()) {
            if (!dropOldest(stream)) {
                return refused(stream, rule);
            }
        }
        if (overQuota.remove(stream)) {
            log.monitor().settled("stream " + stream);
        }
        return null;
    }

    private JournalException refused(StreamId stream, Rule rule) {
        String reason = "The stream " + stream + " has reached its own quota of " + rule.quotaBytes() / (1024 * 1024)
            + " MB in the journal, and its oldest records are not yet delivered.";
        String remedy = "Bring the uplink back, or raise the stream's quotaMegabytes or change its whenFull.";
        if (overQuota.add(stream)) {
            log.monitor().warn("stream " + stream, reason, remedy);
        }
        return new JournalException(Kind.FULL, reason + " " + remedy);
    }

    /** Drops what the oldest segment has of a stream; returns whether there was anything that could go. */
    private boolean dropOldest(StreamId stream) {
        for (Segment segment : log.segments().all()) {
            long end = Positions.of(segment.number() + 1, 0);
            if (log.marks().floor(stream) >= end) {
                continue;
            }
            if (!segment.isSealed()) {
                // All that is left is in the segment that is being written: from here on it is an old one.
                if (!desk.enter(List.of())) {
                    return false;
                }
                log.tip().retire();
            }
            if (raise(segment, Loss.FULL, Set.of(stream))) {
                return true;
            }
            return false;
        }
        return false;
    }

    /** Drops streams from a segment, logically. */
    private boolean raise(Segment segment, Loss reason, Set<StreamId> streams) {
        try {
            if (!clear(segment, reason, streams::contains)) {
                return false;
            }
            Map<StreamId, Long> floors = new HashMap<>();
            streams.forEach(stream -> floors.put(stream, Positions.of(segment.number() + 1, 0)));
            log.marks().raise(floors);
            for (StreamPart part : log.segments().index(segment).streams()) {
                if (streams.contains(part.id()) && log.usage().counts(segment)) {
                    log.usage().remove(part);
                }
            }
            return true;
        } catch (IOException e) {
            LOG.warn("The marks of {} cannot be kept: {}", log.place(), Reasons.of(e));
            return false;
        }
    }

    // ------------------------------------------------------------------------------------------------------ age

    /** Nanoseconds until ages are looked at again; {@link Long#MAX_VALUE} if nothing has one. */
    long wait(boolean well) {
        return well && rules.hasAges() ? Math.max(0, agesAt - System.nanoTime()) : Long.MAX_VALUE;
    }

    /** Drops what is too old. Never trusts a clock that nothing confirms. */
    void expire() {
        agesAt = System.nanoTime() + AGES_EVERY;
        Moment now = log.clock().now();
        if (now.confidence() != ClockConfidence.SYNCHRONISED) {
            return;
        }
        try {
            Map<StreamId, Long> expired = expired(Span.nanos(now.wall()));
            for (Segment segment : log.segments().all()) {
                if (!segment.isSealed()) {
                    break;
                }
                long end = Positions.of(segment.number() + 1, 0);
                Set<StreamId> gone = new HashSet<>();
                boolean all = true;
                for (StreamPart part : log.segments().index(segment).streams()) {
                    boolean isGone = log.marks().floor(part.id()) >= end;
                    if (!isGone && expired.getOrDefault(part.id(), 0L) >= segment.number()) {
                        gone.add(part.id());
                        isGone = true;
                    }
                    all &= isGone;
                }
                if (!gone.isEmpty() && !raise(segment, Loss.EXPIRED, gone)) {
                    return;
                }
                if (all && log.segments().first().filter(first -> first == segment).isPresent()
                    && !(clear(segment, Loss.EXPIRED, stream -> true) && delete(segment))) {
                    return;
                }
            }
        } catch (IOException e) {
            LOG.warn("The journal in {} cannot be read to find what is too old: {}", log.place(), Reasons.of(e));
        }
    }

    /** For each stream the newest segment of which everything, and so everything before it, is too old. */
    private Map<StreamId, Long> expired(long now) throws IOException {
        Map<StreamId, Long> newest = new HashMap<>();
        Set<StreamId> young = new HashSet<>();
        for (Segment segment : log.segments().all()) {
            if (!segment.isSealed()) {
                break;
            }
            SegmentIndex index = log.segments().index(segment);
            for (StreamPart part : index.streams()) {
                long age = rules.of(part.id()).maxAge().toNanos();
                long trusted = log.times().newest(index.bootId(), part.span());
                if (age == 0 || trusted == Span.NEVER || young.contains(part.id())) {
                    continue;
                }
                if (trusted < now - age) {
                    newest.put(part.id(), segment.number());
                } else {
                    young.add(part.id());
                }
            }
        }
        return newest;
    }
}
