// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** How a PDU travels: what stands before and behind unit id and PDU, and how the end of an answer is found. */
public enum Framing {
    /** With a header that tells transaction and length: Modbus TCP. */
    MBAP {
        @Override
        public void encode(Request request, int transaction, ByteBuffer out) {
            Mbap.put(out, transaction, request.unit(), request.pdu().length);
            out.put(request.pdu());
        }

        @Override
        public int length(ByteBuffer in, int start, int available) throws MalformedException {
            return available < Mbap.PREFIX ? -1 : Mbap.frameLength(in, start, Response.MIN_PDU);
        }

        @Override
        public int unitAt(int start) {
            return start + Mbap.PREFIX;
        }

        @Override
        public int pduAndUnit(int length) {
            return length - Mbap.PREFIX;
        }

        @Override
        public void check(ByteBuffer in, int start, int length) {
            // The transport has checksums of its own.
        }
    },

    /** With a checksum behind, as on a serial line (2.5.1) and in TCP connections to simple serial servers. */
    RTU {
        @Override
        public void encode(Request request, int transaction, ByteBuffer out) {
            int start = out.position();
            out.put((byte) request.unit()).put(request.pdu());
            out.putShort(Short.reverseBytes((short) Crc16.of(out, start, 1 + request.pdu().length)));
        }

        @Override
        public int length(ByteBuffer in, int start, int available) throws MalformedException {
            if (available < 3) {
                return -1;
            }
            int function = in.get(start + 1) & 0xff;
            if (function > EXCEPTION) {
                return 5;
            }
            FunctionCode known = FunctionCode.ofCode(function)
                .orElseThrow(() -> new MalformedException("function code " + function + ", which nobody asked for"));
            if (known.isRead()) {
                return 5 + (in.get(start + 2) & 0xff);
            } else if (known.isWrite()) {
                return known == FunctionCode.MASK_WRITE_REGISTER ? 10 : 8;
            }
            int pdu = Identification.length(in, start + 1, available - 1);
            if (pdu > MAX_PDU) {
                throw new MalformedException("an identification of " + pdu + " bytes");
            }
            return pdu < 0 ? -1 : pdu + 3;
        }

        @Override
        public int unitAt(int start) {
            return start;
        }

        @Override
        public int pduAndUnit(int length) {
            return length - CRC;
        }

        @Override
        public void check(ByteBuffer in, int start, int length) throws MalformedException {
            int low = in.get(start + length - 2) & 0xff;
            int crc = low | (in.get(start + length - 1) & 0xff) << 8;
            int computed = Crc16.of(in, start, length - CRC);
            if (crc != computed) {
                throw new MalformedException(String.format("checksum %04x instead of %04x", crc, computed));
            }
        }
    },

    /** As text, for modems and lines that are slow to hand on characters (serial line, 2.5.2): {@code :}, hexadecimal, CR LF. */
    ASCII {
        @Override
        public void encode(Request request, int transaction, ByteBuffer out) {
            out.put((byte) ':');
            int sum = putHex(out, request.unit());
            for (byte octet : request.pdu()) {
                sum += putHex(out, octet);
            }
            putHex(out, -sum);
            out.put((byte) '\r').put((byte) '\n');
        }

        @Override
        public int length(ByteBuffer in, int start, int available) throws MalformedException {
            for (int i = 0; i < Math.min(available, MAX_FRAME); i++) {
                byte character = in.get(start + i);
                if (i == 0 != (character == ':')) {
                    throw new MalformedException(i == 0 ? "it does not begin with a colon" : "a colon inside a frame");
                }
                if (character == '\n') {
                    return i + 1;
                }
            }
            if (available >= MAX_FRAME) {
                throw new MalformedException("a frame without an end");
            }
            return -1;
        }

        @Override
        public int unitAt(int start) {
            return start;
        }

        @Override
        public int pduAndUnit(int length) {
            return (length - ASCII_AROUND) / 2;
        }

        @Override
        public void check(ByteBuffer in, int start, int length) throws MalformedException {
            if (length < ASCII_AROUND + 4 || length % 2 == 0 || in.get(start + length - 2) != '\r') {
                throw new MalformedException("no whole frame of hexadecimal digits between colon and line end");
            }
            int octets = (length - 3) / 2;
            int sum = 0;
            for (int i = 0; i < octets; i++) {
                int octet = digit(in, start + 1 + 2 * i) << 4 | digit(in, start + 2 + 2 * i);
                // Never ahead of what is still to be read.
                in.put(start + i, (byte) octet);
                sum += octet;
            }
            if ((sum & 0xff) != 0) {
                throw new MalformedException(String.format("checksum that is %02x off", sum & 0xff));
            }
        }

        private int digit(ByteBuffer in, int at) throws MalformedException {
            int digit = Character.digit(in.get(at), 16);
            if (digit < 0) {
                throw new MalformedException(String.format("character %02x instead of a hexadecimal digit", in.get(at) & 0xff));
            }
            return digit;
        }

        private int putHex(ByteBuffer out, int octet) {
            out.put((byte) HEX.charAt(octet >> 4 & 0xf)).put((byte) HEX.charAt(octet & 0xf));
            return octet;
        }
    };

    /** No frame is longer in any framing: unit id, PDU and checksum of the longest in hexadecimal. */
    public static final int MAX_FRAME = 513;

    private static final String HEX = "0123456789ABCDEF";
    /** Colon, checksum and line end. */
    private static final int ASCII_AROUND = 5;

    private static final int EXCEPTION = 0x80;
    private static final int MAX_PDU = 253;
    private static final int CRC = 2;

    /**
     * Appends the whole frame; the buffer, which is {@link ByteOrder#BIG_ENDIAN}, must have {@link #MAX_FRAME} bytes left.
     *
     * @param transaction 0 to 65535; only the MBAP header carries it
     */
    public abstract void encode(Request request, int transaction, ByteBuffer out);

    /**
     * The whole length of the answer that starts there.
     *
     * @param available how many bytes have come from start on
     * @return -1 if more bytes must come before it is known; it may be more than there is
     * @throws MalformedException if no answer can begin so
     */
    public abstract int length(ByteBuffer in, int start, int available) throws MalformedException;

    /** Where the unit id of the frame is, which the PDU follows. */
    public abstract int unitAt(int start);

    /** How many bytes unit id and PDU have in a frame of that length. */
    public abstract int pduAndUnit(int length);

    /** Looks whether a whole frame is what was sent. What is text is binary then: unit id and PDU stand at {@link #unitAt}. */
    public abstract void check(ByteBuffer in, int start, int length) throws MalformedException;

    /** Whether an answer names its request. Where it does not, one request is in flight at a time. */
    public boolean hasTransaction() {
        return this == MBAP;
    }
}
