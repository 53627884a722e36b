// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.JournalRecord;
import edge.api.message.RecordKey;
import edge.api.uplink.Lane;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the record that makes a target close the connection, without taking a bad network for a bad record. When the
 * connection breaks again and again at the same place, less and less is sent at once, until one record is alone under way
 * when it breaks. That one is guilty only if on one connection another record gets through and it does not: so neither a bad
 * network nor a target that takes nothing for a while makes a record guilty. For the pump's thread alone; outlives
 * connections.
 */
final class Suspicion {

    /** That often at the same place is no accident. */
    private static final int ACCIDENTS = 2;
    private static final int MOST_CONTROLS = 16;
    /** Everything waits while it is being found: a few breaks must do. */
    private static final int NARROWER = 8;

    private int most = Integer.MAX_VALUE;
    private int strikes;
    /** Up to where in each lane records are under suspicion. */
    private final Map<Lane, Long> until = new EnumMap<>(Lane.class);
    private Lane lane;
    /** The record that was alone under way; null if there is none. */
    private RecordKey suspect;
    private int breaks;
    private int failedControls;
    private boolean convicted;

    /** How many messages may be under way at once. */
    int most() {
        return most;
    }

    boolean isOn() {
        return most < Integer.MAX_VALUE;
    }

    /** A connection that had been opened ended by itself. */
    void broke(boolean progressed, Map<Lane, List<JournalRecord>> underWay) {
        int total = underWay.values().stream().mapToInt(List::size).sum();
        if (total == 0) {
            return;
        }
        strikes = progressed ? 0 : strikes + 1;
        if (total == 1) {
            underWay.forEach((where, records) -> records.forEach(record -> alone(where, record)));
            narrow(1, underWay);
        } else if (isOn() || strikes >= ACCIDENTS) {
            narrow(Math.max(1, Math.min(most, total) / NARROWER), underWay);
        }
    }

    private void alone(Lane where, JournalRecord record) {
        breaks = record.key().equals(suspect) ? breaks + 1 : 1;
        suspect = record.key();
        lane = where;
    }

    private void narrow(int next, Map<Lane, List<JournalRecord>> underWay) {
        if (!isOn()) {
            underWay.forEach((where, records) -> records.stream().mapToLong(JournalRecord::position).max()
                .ifPresent(last -> until.put(where, last)));
        }
        most = next;
    }

    /** The connection broke while only another record than the suspect was under way. */
    void controlBroke() {
        failedControls++;
        breaks--;
    }

    /** The connection broke on the suspect right after another record had got through. */
    void convict() {
        breaks++;
        convicted = true;
    }

    boolean isConvicted() {
        return convicted;
    }

    /** The record that another one is to be compared with, when it has failed that often alone. */
    Optional<RecordKey> accused(int attempts) {
        return breaks >= attempts ? Optional.ofNullable(suspect) : Optional.empty();
    }

    /** In which lane the accused is. */
    Lane lane() {
        return lane;
    }

    int breaks() {
        return breaks;
    }

    /** Which record behind the accused to try: another one when that fails, too. */
    int control() {
        return 1 + failedControls % MOST_CONTROLS;
    }

    /** A record got through, or is put aside. */
    void done(Lane where, JournalRecord record) {
        if (record.key().equals(suspect)) {
            suspect = null;
            breaks = 0;
            failedControls = 0;
            convicted = false;
        }
        Long last = until.get(where);
        if (last != null && record.position() >= last && suspect == null) {
            until.remove(where);
        }
        if (until.isEmpty() && suspect == null) {
            most = Integer.MAX_VALUE;
            strikes = 0;
        }
    }
}
