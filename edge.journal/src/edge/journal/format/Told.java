// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord;
import edge.api.message.StreamId;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * A copy of an entry of the ledger, kept in the index of its segment: an entry whose own bytes are damaged is told again from
 * it, for it may be the only one who knows of its loss.
 *
 * @param sequence of the entry itself
 */
public record Told(StreamId stream, long epoch, long sequence, Entry.Lost lost) {

    static Told of(JournalRecord.Gap gap) {
        return new Told(gap.key().stream(), gap.key().epoch(), gap.key().sequence(), new Entry.Lost(gap.at(), gap.uplink(),
            gap.lostEpoch(), gap.from(), gap.to(), gap.reason(), gap.detail(), gap.revoked()));
    }

    void write(Output out) {
        Codes.put(out, stream);
        out.putLong(epoch).putVar(sequence);
        out.putZigZag(lost.at().monotonicNanos()).putZigZag(lost.at().wall().getEpochSecond()).putVar(lost.at().wall().getNano());
        out.put(Codes.code(Codes.CONFIDENCES, lost.at().confidence()));
        out.putText(lost.uplink()).putLong(lost.epoch()).putVar(lost.from()).putVar(lost.to());
        out.put(Codes.code(Codes.LOSSES, lost.reason())).putText(lost.detail()).put(lost.revoked() ? 1 : 0);
    }

    static Told read(Input in) throws DamagedException {
        StreamId stream = Codes.stream(in);
        long epoch = in.getLong();
        long sequence = in.getVar();
        try {
            Moment at = new Moment(in.getZigZag(), Instant.ofEpochSecond(in.getZigZag(), in.getVar()),
                Codes.constant(Codes.CONFIDENCES, in.get()));
            return new Told(stream, epoch, sequence, new Entry.Lost(at, in.getText(), in.getLong(), in.getVar(), in.getVar(),
                Codes.constant(Codes.LOSSES, in.get()), in.getText(), in.get() != 0));
        } catch (DateTimeException | ArithmeticException e) {
            throw new DamagedException(e.getMessage());
        }
    }
}
