// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import java.util.Objects;
import java.util.Optional;

/**
 * What a receiver needs to know of one message.
 *
 * @param stream to which stream it belongs
 * @param sequence its place in the stream, from 1
 * @param lane {@code live}, {@code backlog} or {@code replay}; order holds within a stream and a lane, and what is replayed was
 *     asked for again and is no duplicate
 * @param part which part of its record it is, from 1; a record may be split into one message a tag
 * @param parts how many parts its record has, 1 to {@value #MOST_PARTS}
 * @param lost if it is an entry of the loss ledger: what will never arrive
 */
public record Arrival(Stream stream, long sequence, String lane, int part, int parts, Optional<Lost> lost) {

    /** More tags than any device has. */
    public static final int MOST_PARTS = 100_000;
    /** The lane of what somebody asked to be sent again. */
    public static final String REPLAY = "replay";

    public Arrival {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(lane, "lane");
        if (sequence < 1) {
            throw new IllegalArgumentException("a sequence begins at 1, not at " + sequence);
        } else if (part < 1 || part > parts || parts > MOST_PARTS) {
            throw new IllegalArgumentException("there is no part " + part + " of " + parts);
        }
    }

    public Arrival(Stream stream, long sequence, String lane) {
        this(stream, sequence, lane, 1, 1, Optional.empty());
    }

    public boolean isReplay() {
        return lane.equals(REPLAY);
    }

    /**
     * One stream of one gateway in one of its epochs: within it the sequence is dense.
     *
     * @param gateway id of the gateway
     * @param name {@code device/boiler-1}
     * @param epoch 16 hexadecimal digits
     */
    public record Stream(String gateway, String name, String epoch) {

        @Override
        public String toString() {
            return gateway + " " + name + " " + epoch;
        }
    }

    /**
     * An entry of the loss ledger, about the stream that carries it.
     *
     * @param epoch the epoch of what was lost
     * @param from first lost sequence
     * @param to last lost sequence; {@code from - 1} if nobody knows whether there were any
     * @param reason why, in one word
     * @param uplink the uplink on whose way it was lost; empty for all
     * @param revoked whether it takes back an earlier entry: the records will arrive after all
     */
    public record Lost(String epoch, long from, long to, String reason, String uplink, boolean revoked) {

        public Lost {
            if (from < 1 || to < from - 1) {
                throw new IllegalArgumentException("there is no range from " + from + " to " + to);
            }
        }
    }
}
