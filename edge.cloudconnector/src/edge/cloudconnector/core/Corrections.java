// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.device.Reading;
import edge.api.gateway.ClockCorrection;
import edge.api.gateway.Moment;
import edge.api.journal.Journal;
import edge.api.journal.JournalRecord;
import edge.api.message.Message;
import edge.api.message.RawMessage;
import edge.api.message.ScanMessage;
import java.util.List;

/** Gives records the times that a clock that was right would have given them. */
final class Corrections {

    private final Journal journal;

    Corrections(Journal journal) {
        this.journal = journal;
    }

    JournalRecord apply(JournalRecord record) {
        List<ClockCorrection> known = journal.corrections();
        for (int i = known.size() - 1; i >= 0; i--) {
            if (known.get(i).covers(record.bootId(), record.at())) {
                return apply(known.get(i), record);
            }
        }
        return record;
    }

    private static JournalRecord apply(ClockCorrection correction, JournalRecord record) {
        Moment at = correction.corrected(record.at());
        if (record instanceof JournalRecord.Stored stored) {
            return new JournalRecord.Stored(record.position(), record.key(), record.bootId(),
                apply(correction, stored.message(), at));
        } else if (record instanceof JournalRecord.Gap gap) {
            return new JournalRecord.Gap(gap.position(), gap.key(), gap.bootId(), at, gap.uplink(), gap.lostEpoch(),
                gap.from(), gap.to(), gap.reason(), gap.detail(), gap.revoked());
        } else if (record instanceof JournalRecord.Summary summary) {
            return new JournalRecord.Summary(summary.position(), summary.key(), summary.bootId(), at, summary.from(),
                summary.until(), summary.tags());
        }
        return record;
    }

    private static Message apply(ClockCorrection correction, Message message, Moment at) {
        if (message instanceof ScanMessage scan) {
            return new ScanMessage(scan.device(), at, scan.readings().stream().map(reading -> new Reading(reading.tag(),
                reading.value(), reading.quality(), correction.corrected(reading.sourceTime(), scan.at()))).toList());
        }
        RawMessage raw = (RawMessage) message;
        return new RawMessage(raw.topic(), raw.payload(), raw.qos(), raw.retain(), at, raw.caller(), raw.origin());
    }
}
