// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The answer to {@link Request#identification} (application protocol, 6.21): MEI type, category, conformity, whether more
 * follows, the object to go on with, and the objects: id, length, text.
 */
public final class Identification {
    private static final int HEAD = 7;
    private static final int MORE_FOLLOWS = 0xff;
    private static final Map<Integer, String> NAMES = Map.of(0, "vendor", 1, "product", 2, "revision", 3, "url", 4, "name",
        5, "model", 6, "application");

    private Identification() {
    }

    /**
     * @param at where the function code is
     * @param length of the PDU
     */
    static void check(Request request, ByteBuffer in, int at, int length) throws MalformedException {
        if (length < HEAD || in.get(at + 1) != Request.MEI_IDENTIFICATION || in.get(at + 2) != request.pdu()[2]) {
            throw new MalformedException("something else than the device's identification");
        }
        int end = HEAD;
        for (int i = count(in, at); i > 0 && end + 2 <= length; i--) {
            end += 2 + (in.get(at + end + 1) & 0xff);
            if (i == 1 && end == length) {
                return;
            }
        }
        if (count(in, at) != 0 || length != HEAD) {
            throw new MalformedException("objects of the identification that do not fill the answer");
        }
    }

    /**
     * How long an answer is whose beginning is there.
     *
     * @param at where the function code is
     * @param available how many bytes are there from it on
     * @return the length of the PDU; -1 if more bytes must come before it is known
     */
    static int length(ByteBuffer in, int at, int available) {
        if (available < HEAD) {
            return -1;
        }
        int end = HEAD;
        for (int i = count(in, at); i > 0; i--) {
            if (available < end + 2) {
                return -1;
            }
            end += 2 + (in.get(at + end + 1) & 0xff);
        }
        return end;
    }

    private static int count(ByteBuffer in, int at) {
        return in.get(at + 6) & 0xff;
    }

    /**
     * Reads the objects of a checked answer.
     *
     * @param data where {@link Response#dataStart} says
     * @param into gets the texts by name: {@code vendor}, {@code product}, {@code revision}, ...; {@code object-128} for those
     *     of the vendor
     * @return the object to ask for next; -1 if this was all
     */
    public static int read(ByteBuffer data, int start, Map<String, String> into) {
        int at = start - 2;
        int end = at + HEAD;
        for (int i = count(data, at); i > 0; i--) {
            int id = data.get(end) & 0xff;
            byte[] text = new byte[data.get(end + 1) & 0xff];
            data.get(end + 2, text);
            into.put(NAMES.getOrDefault(id, "object-" + id), printable(text));
            end += 2 + text.length;
        }
        return (data.get(at + 4) & 0xff) == MORE_FOLLOWS ? data.get(at + 5) & 0xff : -1;
    }

    private static String printable(byte[] text) {
        return new String(text, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "").strip();
    }
}
