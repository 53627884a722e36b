// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.nio.ByteBuffer;

/** Answers: checking one against its request, and writing one as a server. Nothing is allocated for a right answer. */
public final class Response {
    /** The shortest PDU of an answer: an exception. */
    public static final int MIN_PDU = 2;

    private static final int FUNCTION = Mbap.HEADER;
    private static final int BODY = FUNCTION + 1;
    private static final int DATA = BODY + 1;
    private static final int EXCEPTION = 0x80;

    private Response() {
    }

    /**
     * Checks a whole frame against the request with the same transaction id: unit, function, length, byte count, echoed
     * address, value and quantity. Bits that pad the last byte of an answer are not looked at: devices fill them with theirs.
     *
     * @param start where the frame begins
     * @param length its length as {@link Mbap#frameLength} told
     * @return 0 if the request was done; else the exception code, 1 to 255
     * @throws MalformedException if it is anything else than the answer to that request
     */
    public static int check(Request request, ByteBuffer in, int start, int length) throws MalformedException {
        if (length < Mbap.HEADER + MIN_PDU) {
            throw new MalformedException("a frame of " + length + " bytes");
        }
        int unit = Mbap.unit(in, start);
        if (unit != request.unit()) {
            throw new MalformedException("answer of unit " + unit + " instead of " + request.unit());
        }
        int function = in.get(start + FUNCTION) & 0xff;
        int expected = request.function().code();
        if (function == (expected | EXCEPTION)) {
            return exception(in, start, length);
        }
        if (function != expected) {
            throw new MalformedException("function code " + function + " instead of " + expected);
        }
        if (request.function().isRead()) {
            checkData(request, in, start, length);
        } else {
            checkEcho(request, in, start, length);
        }
        return 0;
    }

    private static int exception(ByteBuffer in, int start, int length) throws MalformedException {
        int code = in.get(start + BODY) & 0xff;
        if (length != BODY + 1 || code == 0) {
            throw new MalformedException("exception of " + (length - BODY) + " bytes with code " + code);
        }
        return code;
    }

    private static void checkData(Request request, ByteBuffer in, int start, int length) throws MalformedException {
        int bytes = in.get(start + BODY) & 0xff;
        if (bytes != request.dataLength() || length != DATA + bytes) {
            throw new MalformedException("byte count " + bytes + " and " + (length - DATA) + " bytes of data instead of "
                + request.dataLength());
        }
    }

    private static void checkEcho(Request request, ByteBuffer in, int start, int length) throws MalformedException {
        if (length != BODY + 4) {
            throw new MalformedException((length - BODY) + " bytes behind the function code instead of 4");
        }
        if (in.getInt(start + BODY) != request.echo()) {
            throw new MalformedException(String.format("the answer repeats %08x instead of %08x", in.getInt(start + BODY),
                request.echo()));
        }
    }

    /** Where the data of a checked answer to a read begins. */
    public static int dataStart(int start) {
        return start + DATA;
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
        Mbap.put(out, transaction, request.unit(), 5);
        out.put((byte) request.function().code()).putInt(request.echo());
    }

    /** Appends a refusal. */
    public static void encodeException(int transaction, int unit, int function, ExceptionCode code, ByteBuffer out) {
        Mbap.put(out, transaction, unit, 2);
        out.put((byte) (function | EXCEPTION)).put((byte) code.code());
    }
}
