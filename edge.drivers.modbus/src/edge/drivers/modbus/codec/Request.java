// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.nio.ByteBuffer;

/**
 * One request, encoded once and sent as often as wanted. Immutable.
 *
 * <p>Addresses are those of the protocol, from 0. Address and quantity lie within the table and the function's limits.
 */
public final class Request {
    /** So many registers can be written by a request that also reads. */
    public static final int MAX_READ_WRITE = 121;

    static final byte MEI_IDENTIFICATION = 14;

    private static final int COIL_ON = 0xff00;

    private final int unit;
    private final FunctionCode function;
    private final int address;
    private final int quantity;
    private final byte[] pdu;

    private Request(int unit, FunctionCode function, int address, int quantity, byte[] pdu) {
        this.unit = unit;
        this.function = function;
        this.address = address;
        this.quantity = quantity;
        this.pdu = pdu;
    }

    /** Reads bits or registers. */
    public static Request read(int unit, Table table, int address, int quantity) {
        FunctionCode function = table.readFunction();
        return new Request(unit, function, address, quantity, head(unit, function, address, quantity, 0)
            .putShort((short) quantity).array());
    }

    public static Request writeCoil(int unit, int address, boolean on) {
        return new Request(unit, FunctionCode.WRITE_SINGLE_COIL, address, 1,
            head(unit, FunctionCode.WRITE_SINGLE_COIL, address, 1, 0).putShort((short) (on ? COIL_ON : 0)).array());
    }

    /** @param value the low 16 bits count */
    public static Request writeRegister(int unit, int address, int value) {
        return new Request(unit, FunctionCode.WRITE_SINGLE_REGISTER, address, 1,
            head(unit, FunctionCode.WRITE_SINGLE_REGISTER, address, 1, 0).putShort((short) value).array());
    }

    public static Request writeCoils(int unit, int address, boolean... values) {
        int bytes = (values.length + 7) / 8;
        ByteBuffer out = head(unit, FunctionCode.WRITE_MULTIPLE_COILS, address, values.length, 1 + bytes)
            .putShort((short) values.length).put((byte) bytes);
        for (int i = 0; i < values.length; i++) {
            if (values[i]) {
                int at = out.position() + i / 8;
                out.put(at, (byte) (out.get(at) | 1 << i % 8));
            }
        }
        return new Request(unit, FunctionCode.WRITE_MULTIPLE_COILS, address, values.length, out.array());
    }

    /** @param registers the registers as on the wire: two bytes each, the high one first */
    public static Request writeRegisters(int unit, int address, byte[] registers) {
        if (registers.length % 2 != 0) {
            throw new IllegalArgumentException("registers have two bytes each, " + registers.length + " is odd");
        }
        int quantity = registers.length / 2;
        ByteBuffer out = head(unit, FunctionCode.WRITE_MULTIPLE_REGISTERS, address, quantity, 1 + registers.length)
            .putShort((short) quantity).put((byte) registers.length).put(registers);
        return new Request(unit, FunctionCode.WRITE_MULTIPLE_REGISTERS, address, quantity, out.array());
    }

    /** Sets the register to {@code (its value AND and) OR (or AND NOT and)}, all at once in the device. */
    public static Request maskWrite(int unit, int address, int and, int or) {
        FunctionCode function = FunctionCode.MASK_WRITE_REGISTER;
        return new Request(unit, function, address, 1,
            head(unit, function, address, 1, 2).putShort((short) and).putShort((short) or).array());
    }

    /**
     * Writes registers and then reads others.
     *
     * @param registers what is written, as on the wire; at most {@value #MAX_READ_WRITE} registers
     */
    public static Request readWrite(int unit, int readAddress, int quantity, int writeAddress, byte[] registers) {
        FunctionCode function = FunctionCode.READ_WRITE_REGISTERS;
        int written = registers.length / 2;
        if (registers.length % 2 != 0 || written < 1 || written > MAX_READ_WRITE || writeAddress < 0
            || writeAddress + written > Table.SIZE) {
            throw new IllegalArgumentException(registers.length + " bytes cannot be written to address " + writeAddress);
        }
        return new Request(unit, function, readAddress, quantity,
            head(unit, function, readAddress, quantity, 5 + registers.length).putShort((short) quantity)
                .putShort((short) writeAddress).putShort((short) written).put((byte) registers.length).put(registers)
                .array());
    }

    /**
     * Asks for the objects of the device's identification from one on.
     *
     * @param category 1 basic, 2 regular, 3 extended
     * @param object id of the first object, 0 to begin
     */
    public static Request identification(int unit, int category, int object) {
        FunctionCode function = FunctionCode.READ_DEVICE_IDENTIFICATION;
        head(unit, function, object, 1, 0);
        return new Request(unit, function, object, 1,
            new byte[] {(byte) function.code(), MEI_IDENTIFICATION, (byte) category, (byte) object});
    }

    private static ByteBuffer head(int unit, FunctionCode function, int address, int quantity, int extra) {
        if (unit < 0 || unit > 255) {
            throw new IllegalArgumentException("unit must be 0 to 255, not " + unit);
        }
        if (quantity < 1 || quantity > function.maxQuantity()) {
            throw new IllegalArgumentException("quantity must be 1 to " + function.maxQuantity() + ", not " + quantity);
        }
        if (address < 0 || address + quantity > Table.SIZE) {
            throw new IllegalArgumentException("addresses " + address + " to " + (address + quantity - 1)
                + " are not within 0 to " + (Table.SIZE - 1));
        }
        return ByteBuffer.allocate(5 + extra).put((byte) function.code()).putShort((short) address);
    }

    /**
     * Reads a request as a server gets it.
     *
     * @param in holds a whole frame as {@link Mbap#frameLength} tells
     * @throws ExceptionResponse if it must be refused, with the code that the protocol's state diagrams demand
     */
    public static Request decode(ByteBuffer in, int start, int length) throws ExceptionResponse {
        int pduLength = length - Mbap.HEADER;
        FunctionCode function = FunctionCode.ofCode(in.get(start + Mbap.HEADER) & 0xff)
            .filter(known -> known != FunctionCode.READ_DEVICE_IDENTIFICATION)
            .orElseThrow(() -> new ExceptionResponse(ExceptionCode.ILLEGAL_FUNCTION));
        if (pduLength < 5) {
            throw new ExceptionResponse(ExceptionCode.ILLEGAL_DATA_VALUE);
        }
        byte[] pdu = new byte[pduLength];
        in.get(start + Mbap.HEADER, pdu);
        int address = word(pdu, 1);
        int quantity = quantity(function, pdu);
        Request request = new Request(Mbap.unit(in, start), function, address, quantity, pdu);
        if (address + quantity > Table.SIZE || request.writeAddress() + request.writeQuantity() > Table.SIZE) {
            throw new ExceptionResponse(ExceptionCode.ILLEGAL_DATA_ADDRESS);
        }
        return request;
    }

    private static int quantity(FunctionCode function, byte[] pdu) throws ExceptionResponse {
        int word = word(pdu, 3);
        boolean right = switch (function) {
            case READ_COILS, READ_DISCRETE_INPUTS, READ_HOLDING_REGISTERS, READ_INPUT_REGISTERS ->
                pdu.length == 5 && word >= 1 && word <= function.maxQuantity();
            case WRITE_SINGLE_COIL -> pdu.length == 5 && (word == 0 || word == COIL_ON);
            case WRITE_SINGLE_REGISTER -> pdu.length == 5;
            case MASK_WRITE_REGISTER -> pdu.length == 7;
            case READ_WRITE_REGISTERS -> word >= 1 && word <= function.maxQuantity() && isRightWritePart(pdu);
            case READ_DEVICE_IDENTIFICATION -> false;
            case WRITE_MULTIPLE_COILS, WRITE_MULTIPLE_REGISTERS -> {
                int bytes = function.isBits() ? (word + 7) / 8 : word * 2;
                yield word >= 1 && word <= function.maxQuantity() && pdu.length == 6 + bytes
                    && (pdu[5] & 0xff) == bytes;
            }
        };
        if (!right) {
            throw new ExceptionResponse(ExceptionCode.ILLEGAL_DATA_VALUE);
        }
        return function.maxQuantity() == 1 ? 1 : word;
    }

    private static boolean isRightWritePart(byte[] pdu) {
        int written = pdu.length < 10 ? 0 : word(pdu, 7);
        return written >= 1 && written <= MAX_READ_WRITE && pdu.length == 10 + 2 * written && (pdu[9] & 0xff) == 2 * written;
    }

    private static int word(byte[] pdu, int at) {
        return (pdu[at] & 0xff) << 8 | pdu[at + 1] & 0xff;
    }

    public int unit() {
        return unit;
    }

    public FunctionCode function() {
        return function;
    }

    public int address() {
        return address;
    }

    /** How many bits or registers. */
    public int quantity() {
        return quantity;
    }

    /** The first address that is written, if anything is. */
    public int writeAddress() {
        return function == FunctionCode.READ_WRITE_REGISTERS ? word(pdu, 5) : address;
    }

    /** How many bits or registers are written. */
    public int writeQuantity() {
        return function == FunctionCode.READ_WRITE_REGISTERS ? word(pdu, 7) : function.isWrite() ? quantity : 0;
    }

    /** What remains of a register when a mask is written to it. */
    public int masked(int register) {
        int and = word(pdu, 3);
        return register & and | word(pdu, 5) & ~and & 0xffff;
    }

    /** How many bytes of data the answer must have: 0 for writes. */
    public int dataLength() {
        if (!function.isRead()) {
            return 0;
        }
        return function.isBits() ? (quantity + 7) / 8 : quantity * 2;
    }

    /** What a write writes, one number for each bit (0 or 1) or register (0 to 65535). */
    public void values(int[] into) {
        switch (function) {
            case WRITE_SINGLE_COIL -> into[0] = word(pdu, 3) == COIL_ON ? 1 : 0;
            case WRITE_SINGLE_REGISTER -> into[0] = word(pdu, 3);
            case WRITE_MULTIPLE_COILS -> {
                for (int i = 0; i < quantity; i++) {
                    into[i] = pdu[6 + i / 8] >> i % 8 & 1;
                }
            }
            case WRITE_MULTIPLE_REGISTERS -> {
                for (int i = 0; i < quantity; i++) {
                    into[i] = word(pdu, 6 + 2 * i);
                }
            }
            case READ_WRITE_REGISTERS -> {
                for (int i = 0; i < writeQuantity(); i++) {
                    into[i] = word(pdu, 10 + 2 * i);
                }
            }
            default -> throw new IllegalStateException(function + " carries no values");
        }
    }

    /** How many bytes of the request the answer to a write repeats: the function code, address, and value or quantity. */
    int echoLength() {
        return function == FunctionCode.MASK_WRITE_REGISTER ? 7 : 5;
    }

    /** The bytes behind the unit id; not to be changed. */
    byte[] pdu() {
        return pdu;
    }

    /** What and where, for messages: {@code READ_COILS 10-25 of unit 1}. */
    @Override
    public String toString() {
        return function + " " + address + "-" + (address + quantity - 1) + " of unit " + unit;
    }
}
