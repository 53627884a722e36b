// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import java.util.HexFormat;
import java.util.UUID;

/**
 * The key of one record, unique in the world and the means to drop duplicates.
 *
 * @param gateway id of the gateway
 * @param stream the stream
 * @param epoch random 64 bits, new when the stream is created or restored and after a stop that may have lost its tail;
 *     written as 16 hexadecimal digits
 * @param sequence from 1, dense within the epoch
 */
public record RecordKey(UUID gateway, StreamId stream, long epoch, long sequence) {

    /** An epoch as it is written: 16 hexadecimal digits. */
    public static String epochText(long epoch) {
        return HexFormat.of().toHexDigits(epoch);
    }

    @Override
    public String toString() {
        return gateway + "/" + stream + "/" + epochText(epoch) + "/" + sequence;
    }
}
