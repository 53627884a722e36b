// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.nio.ByteBuffer;

/**
 * The header of a Modbus TCP frame (messaging on TCP/IP, 3.1.3): transaction id, protocol id 0, length of what follows
 * including the unit id, unit id.
 */
public final class Mbap {
    /** Bytes up to and including the unit id. */
    public static final int HEADER = 7;
    /** Bytes that tell how long the frame is: the header without the unit id. */
    public static final int PREFIX = 6;
    /** A PDU has at most 253 bytes. */
    public static final int MAX_FRAME = HEADER + 253;

    private static final int MAX_LENGTH = MAX_FRAME - PREFIX;

    private Mbap() {
    }

    /**
     * The whole length of the frame that starts there.
     *
     * @param in holds at least {@link #PREFIX} bytes from start
     * @param minPdu the shortest PDU that can be right
     */
    public static int frameLength(ByteBuffer in, int start, int minPdu) throws MalformedException {
        int protocol = in.getShort(start + 2) & 0xffff;
        if (protocol != 0) {
            throw new MalformedException("protocol id " + protocol + " instead of 0");
        }
        int length = in.getShort(start + 4) & 0xffff;
        if (length < 1 + minPdu || length > MAX_LENGTH) {
            throw new MalformedException("length " + length + " in the header; it can be " + (1 + minPdu) + " to "
                + MAX_LENGTH);
        }
        return PREFIX + length;
    }

    public static int transaction(ByteBuffer in, int start) {
        return in.getShort(start) & 0xffff;
    }

    public static int unit(ByteBuffer in, int start) {
        return in.get(start + PREFIX) & 0xff;
    }

    /** Writes a header. */
    static void put(ByteBuffer out, int transaction, int unit, int pduLength) {
        out.putShort((short) transaction).putShort((short) 0).putShort((short) (pduLength + 1)).put((byte) unit);
    }
}
