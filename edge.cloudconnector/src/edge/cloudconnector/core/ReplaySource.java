// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.History;
import edge.api.journal.HistoryQuery;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.uplink.UplinkStatus;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What somebody asked to be sent again: dead letters first, then a time range. Nothing of it outlives the gateway's run. For
 * the pump's thread alone, but for {@link #status()}.
 */
final class ReplaySource implements LaneSource {

    private final Journal journal;
    private final StreamSelection selection;
    private final Deque<Long> letters = new ArrayDeque<>();
    /** Given and not yet acknowledged. */
    private final Deque<JournalRecord> given = new ArrayDeque<>();
    /** To be given again. */
    private final Deque<JournalRecord> again = new ArrayDeque<>();
    /** Null if no time range is replayed. */
    private History history;
    private StreamSelection wanted = StreamSelection.ALL;
    private volatile Optional<UplinkStatus.Replay> range = Optional.empty();

    ReplaySource(Journal journal, StreamSelection selection) {
        this.journal = journal;
        this.selection = selection;
    }

    /** Sends the record at this position again. */
    void letter(long position) {
        letters.add(position);
    }

    /** Begins with a time range; ends the one before. */
    void range(StreamSelection streams, Instant from, Instant until) throws JournalException {
        stop();
        history = journal.history(HistoryQuery.between(selection, from, until));
        wanted = streams;
        range = Optional.of(new UplinkStatus.Replay(from, until, 0));
    }

    /** Ends the replay of a time range. */
    void stop() {
        if (history != null) {
            history.close();
            history = null;
        }
        range = Optional.empty();
    }

    Optional<UplinkStatus.Replay> status() {
        return range;
    }

    @Override
    public List<JournalRecord> read(int max) throws JournalException {
        List<JournalRecord> records = new ArrayList<>();
        while (records.size() < max && !again.isEmpty()) {
            records.add(again.remove());
        }
        while (records.size() < max && !letters.isEmpty()) {
            records.addAll(journal.fetch(List.of(letters.peek())));
            letters.remove();
        }
        while (records.isEmpty() && history != null) {
            List<JournalRecord> some = history.read(max);
            some.stream().filter(record -> wanted.includes(record.key().stream())).forEach(records::add);
            if (some.isEmpty()) {
                history.close();
                history = null;
            }
        }
        given.addAll(records);
        if (history == null && given.isEmpty()) {
            range = Optional.empty();
        }
        return records;
    }

    @Override
    public void rewind() {
        while (!given.isEmpty()) {
            again.addFirst(given.removeLast());
        }
    }

    @Override
    public void acknowledge(JournalRecord upTo) {
        long count = 0;
        JournalRecord done;
        do {
            done = given.remove();
            count++;
        } while (done != upTo);
        long more = count;
        range = range.map(now -> new UplinkStatus.Replay(now.from(), now.until(), now.sent() + more));
        if (history == null && given.isEmpty()) {
            range = Optional.empty();
        }
    }

    void close() {
        stop();
    }
}
