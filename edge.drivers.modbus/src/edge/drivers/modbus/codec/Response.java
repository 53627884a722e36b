// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.nio.ByteBuffer;

/** Answers: checking one against its request, and writing one as a server. Nothing is allocated for a right answer. */
public final class Response {
    /** The shortest PDU of an answer: an exception. */
    public static final int MIN_PDU = 2;

    private static final int EXCEPTION = 0x80;

    private Response() {
    }

    /**
     * Checks an answer against its request: unit, function, length, byte count, echoed address, value and quantity. Bits that
     * pad the last byte of an answer are not looked at: devices fill them with theirs.
     *
     * @param at where the unit id is, which the PDU follows
     * @param length of unit id and PDU
     * @return 0 if the request was done; else the exception code, 1 to 255
     * @throws MalformedException if it is anything else than the answer to that request
     */
    public static int check(Request request, ByteBuffer in, int at, int length) throws MalformedException {
        if (length < 1 + MIN_PDU) {
            throw new MalformedException("an answer of " + length + " bytes");
        }
        int unit = in.get(at) & 0xff;
        if (unit != request.unit()) {
            throw new MalformedException("answer of unit " + unit + " instead of " + request.unit());
        }
        int function = in.get(at + 1) & 0xff;
        int expected = request.function().code();
        if (function == (expected | EXCEPTION)) {
            return exception(in, at, length);
        }
        if (function != expected) {
            throw new MalformedException("function code " + function + " instead of " + expected);
        }
        if (request.function().isRead()) {
            checkData(request, in, at, length);
        } else if (request.function().isWrite()) {
            checkEcho(request, in, at, length);
        } else {
            Identification.check(request, in, at + 1, length - 1);
        }
        return 0;
    }

    private static int exception(ByteBuffer in, int at, int length) throws MalformedException {
        int code = in.get(at + 2) & 0xff;
        if (length != 3 || code == 0) {
            throw new MalformedException("exception of " + (length - 2) + " bytes with code " + code);
        }
        return code;
    }

    private static void checkData(Request request, ByteBuffer in, int at, int length) throws MalformedException {
        int bytes = in.get(at + 2) & 0xff;
        if (bytes != request.dataLength() || length != 3 + bytes) {
            throw new MalformedException("byte count " + bytes + " and " + (length - 3) + " bytes of data instead of "
                + request.dataLength());
        }
    }

    private static void checkEcho(Request request, ByteBuffer in, int at, int length) throws MalformedException {
        int expected = request.echoLength();
        if (length != 1 + expected) {
            throw new MalformedException((length - 2) + " bytes behind the function code instead of " + (expected - 1));
        }
        for (int i = 1; i < expected; i++) {
            if (in.get(at + 1 + i) != request.pdu()[i]) {
                throw new MalformedException(String.format("the answer repeats %02x instead of %02x in byte %d",
                    in.get(at + 1 + i), request.pdu()[i], i));
            }
        }
    }

    /**
     * Where the data of a checked answer to a read begins.
     *
     * @param at where the unit id is
     */
    public static int dataStart(int at) {
        return at + 3;
    }

    /** One bit of the data of an answer. */
    public static boolean bit(ByteBuffer data, int dataStart, int index) {
        return (data.get(dataStart + index / 8) >> index % 8 & 1) != 0;
    }

    /**
     * Appends the answer to a read.
     *
     * @param values one number for each bit (0 or 1) or register (the low 16 bits count)
     */
    public static void encodeRead(Request request, int transaction, int[] values, ByteBuffer out) {
        int bytes = request.dataLength();
        Mbap.put(out, transaction, request.unit(), 2 + bytes);
        out.put((byte) request.function().code()).put((byte) bytes);
        if (request.function().isBits()) {
            for (int i = 0; i < bytes; i++) {
                int octet = 0;
                for (int bit = 0; bit < 8 && i * 8 + bit < request.quantity(); bit++) {
                    octet |= (values[i * 8 + bit] & 1) << bit;
                }
                out.put((byte) octet);
            }
        } else {
            for (int i = 0; i < request.quantity(); i++) {
                out.putShort((short) values[i]);
            }
        }
    }

    /** Appends the answer to a write that was done. */
    public static void encodeWrite(Request request, int transaction, ByteBuffer out) {
        int length = request.echoLength();
        Mbap.put(out, transaction, request.unit(), length);
        out.put(request.pdu(), 0, length);
    }

    /** Appends a refusal. */
    public static void encodeException(int transaction, int unit, int function, ExceptionCode code, ByteBuffer out) {
        Mbap.put(out, transaction, unit, 2);
        out.put((byte) (function | EXCEPTION)).put((byte) code.code());
    }
}
