// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.message.StreamId;

/**
 * How far a stream has come at some place of the journal.
 *
 * @param last the newest sequence of the epoch, 0 if none
 * @param total records of the stream ever appended, over all epochs
 */
public record StreamMark(StreamId id, long epoch, long last, long total) {

    void write(Output out) {
        Codes.put(out, id);
        out.putLong(epoch).putVar(last).putVar(total);
    }

    static StreamMark read(Input in) throws DamagedException {
        StreamId id = Codes.stream(in);
        return new StreamMark(id, in.getLong(), in.getVar(), in.getVar());
    }
}
