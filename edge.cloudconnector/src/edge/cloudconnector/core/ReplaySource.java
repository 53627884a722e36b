// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.History;
import edge.api.journal.HistoryQuery;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import edge.api.uplink.DeadLetter;
import edge.cloudconnector.core.ReplayRequest.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What somebody asked to be sent again: dead letters first, then a time. For the pump's thread alone. */
final class ReplaySource implements LaneSource {

    /** @param range what it is part of; empty if it is a dead letter */
    private record Given(JournalRecord record, Optional<Range> range) {
    }

    private final Journal journal;
    private final StreamSelection selection;
    private final ReplayRequest request;
    private final DeadLetters letters;
    /** The dead letters that were asked for, before a restart, too, and not given yet. */
    private final Set<RecordKey> asked = new LinkedHashSet<>();
    /** Given and not yet acknowledged. */
    private final Deque<Given> given = new ArrayDeque<>();
    /** To be given again. */
    private final Deque<Given> again = new ArrayDeque<>();
    /** Null if no time is being read. */
    private History history;
    /** What is read by it, or was; null at the beginning. */
    private Range reading;

    ReplaySource(Journal journal, StreamSelection selection, DeadLetters letters, ReplayRequest request) {
        this.journal = journal;
        this.selection = selection;
        this.letters = letters;
        this.request = request;
        asked.addAll(letters.asked());
    }

    /** Sends that dead letter again. */
    void letter(RecordKey key) {
        asked.add(key);
    }

    @Override
    public List<JournalRecord> read(int max) throws JournalException {
        // What is taken is given at once: if reading more fails, it is rewound with the rest.
        List<JournalRecord> next = new ArrayList<>();
        while (next.size() < max && !again.isEmpty()) {
            Given one = again.remove();
            if (one.range().map(request::is).orElseGet(() -> letters.isAsked(one.record().key()))) {
                give(one.record(), one.range(), next);
            }
        }
        while (next.size() < max && !asked.isEmpty()) {
            RecordKey key = asked.iterator().next();
            readLetter(key, next);
            asked.remove(key);
        }
        Optional<Range> range = request.range();
        if (next.isEmpty() && range.isPresent()) {
            readRange(range.get(), max, next);
        }
        endIfDone();
        return next;
    }

    private void give(JournalRecord record, Optional<Range> range, List<JournalRecord> next) {
        given.add(new Given(record, range));
        next.add(record);
    }

    private void readLetter(RecordKey key, List<JournalRecord> next) throws JournalException {
        // Somebody may have forgotten it meanwhile.
        Optional<DeadLetter> letter = letters.get(key).filter(DeadLetter::replaying);
        if (letter.isPresent()) {
            List<JournalRecord> found = journal.fetch(List.of(letter.get().position()));
            if (found.isEmpty()) {
                letters.notSent(key, "its record is no longer in the journal");
            }
            found.forEach(record -> give(record, Optional.empty(), next));
        }
    }

    private void readRange(Range range, int max, List<JournalRecord> next) throws JournalException {
        if (range != reading) {
            close();
            history = journal.history(HistoryQuery.between(selection, range.from, range.until));
            reading = range;
        }
        long taken = request.position();
        while (next.isEmpty() && history != null) {
            List<JournalRecord> some = history.read(max);
            some.stream().filter(record -> record.position() > taken && range.streams.includes(record.key().stream()))
                .forEach(record -> give(record, Optional.of(range), next));
            if (some.isEmpty()) {
                close();
            }
        }
    }

    /** The request is done with when all of it was read, and taken. */
    private void endIfDone() {
        if (history == null && given.isEmpty() && again.isEmpty() && reading != null) {
            request.done(reading);
        }
    }

    @Override
    public void rewind() {
        while (!given.isEmpty()) {
            again.addFirst(given.removeLast());
        }
    }

    @Override
    public void acknowledge(JournalRecord upTo) {
        Given done;
        do {
            done = given.remove();
            JournalRecord record = done.record();
            done.range().ifPresent(range -> request.taken(range, record.position()));
        } while (done.record() != upTo);
        endIfDone();
    }

    /** Stops reading; a request goes on with the next {@link #read}. */
    void close() {
        if (history != null) {
            history.close();
            history = null;
        }
    }
}
