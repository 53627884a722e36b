// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.History;
import edge.api.journal.HistoryQuery;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.cloudconnector.core.ReplayRequest.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What somebody asked to be sent again: dead letters first, then a time. For the pump's thread alone. */
final class ReplaySource implements LaneSource {

    /** @param range what it is part of; empty if it is a dead letter */
    private record Given(JournalRecord record, Optional<Range> range) {
    }

    private final Journal journal;
    private final StreamSelection selection;
    private final ReplayRequest request;
    private final Deque<Long> letters = new ArrayDeque<>();
    /** Given and not yet acknowledged. */
    private final Deque<Given> given = new ArrayDeque<>();
    /** To be given again. */
    private final Deque<Given> again = new ArrayDeque<>();
    /** Null if no time is being read. */
    private History history;
    /** What is read by it, or was; null at the beginning. */
    private Range reading;

    ReplaySource(Journal journal, StreamSelection selection, ReplayRequest request) {
        this.journal = journal;
        this.selection = selection;
        this.request = request;
    }

    /** Sends the record at this position again. */
    void letter(long position) {
        letters.add(position);
    }

    @Override
    public List<JournalRecord> read(int max) throws JournalException {
        List<Given> next = new ArrayList<>();
        while (next.size() < max && !again.isEmpty()) {
            Given one = again.remove();
            if (one.range().isEmpty() || request.is(one.range().get())) {
                next.add(one);
            }
        }
        while (next.size() < max && !letters.isEmpty()) {
            journal.fetch(List.of(letters.peek())).forEach(record -> next.add(new Given(record, Optional.empty())));
            letters.remove();
        }
        Optional<Range> range = request.range();
        if (next.isEmpty() && range.isPresent()) {
            readRange(range.get(), max, next);
        }
        given.addAll(next);
        endIfDone();
        return next.stream().map(Given::record).toList();
    }

    private void readRange(Range range, int max, List<Given> next) throws JournalException {
        if (range != reading) {
            close();
            history = journal.history(HistoryQuery.between(selection, range.from, range.until));
            reading = range;
        }
        long taken = request.position();
        while (next.isEmpty() && history != null) {
            List<JournalRecord> some = history.read(max);
            some.stream().filter(record -> record.position() > taken && range.streams.includes(record.key().stream()))
                .forEach(record -> next.add(new Given(record, Optional.of(range))));
            if (some.isEmpty()) {
                close();
            }
        }
    }

    /** The request is done with when all of it was read, and taken. */
    private void endIfDone() {
        if (history == null && given.isEmpty() && again.isEmpty() && reading != null && request.is(reading)) {
            request.end();
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
