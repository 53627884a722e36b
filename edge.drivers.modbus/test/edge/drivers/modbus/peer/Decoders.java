// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.peer;

import com.ghgande.j2mod.modbus.ModbusIOException;
import com.ghgande.j2mod.modbus.io.ModbusTCPTransport;
import com.ghgande.j2mod.modbus.msg.ExceptionResponse;
import com.ghgande.j2mod.modbus.msg.ModbusResponse;
import com.ghgande.j2mod.modbus.msg.ReadCoilsResponse;
import com.ghgande.j2mod.modbus.msg.ReadInputDiscretesResponse;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersResponse;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersResponse;
import edge.drivers.modbus.codec.Framing;
import edge.drivers.modbus.codec.Identification;
import edge.drivers.modbus.codec.MalformedException;
import edge.drivers.modbus.codec.Mbap;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Response;
import edge.drivers.modbus.codec.Table;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/**
 * Gives the same bytes to our decoder and to j2mod's, as the answer to a request. Whatever ours takes, j2mod must take as the
 * same; ours must never fail otherwise than by saying that the answer is malformed.
 *
 * <p>{@code ./edge fuzz} has Jazzer look for bytes that break that.
 */
public final class Decoders {

    /** One of each kind. */
    static final List<Request> REQUESTS = List.of(Request.read(1, Table.HOLDING, 10, 2), Request.read(1, Table.INPUT, 0, 125),
        Request.read(1, Table.COIL, 3, 13), Request.read(1, Table.DISCRETE, 0, 2000), Request.writeCoil(1, 5, true),
        Request.writeRegister(1, 5, 0x1234), Request.writeCoils(1, 5, true, false, true),
        Request.writeRegisters(1, 7, new byte[6]), Request.maskWrite(1, 4, 0xf2, 0x25),
        Request.readWrite(1, 3, 6, 14, new byte[6]), Request.identification(1, 2, 0));

    private Decoders() {
    }

    /** What Jazzer calls: the first byte chooses the request, the rest is the answer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length > 0) {
            compare(REQUESTS.get((data[0] & 0xff) % REQUESTS.size()), Arrays.copyOfRange(data, 1, data.length));
        }
    }

    private static final class Bytes extends Socket {
        private final InputStream in;

        Bytes(byte[] bytes) {
            in = new ByteArrayInputStream(bytes);
        }

        @Override
        public InputStream getInputStream() {
            return in;
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void setSoTimeout(int millis) {
            // There is nothing to wait for.
        }
    }

    /**
     * Compares what the two make of an answer.
     *
     * @return whether ours took it
     */
    static boolean compare(Request request, byte[] bytes) {
        alone(request, bytes, Framing.RTU);
        alone(request, bytes.clone(), Framing.ASCII);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int exception;
        try {
            int length = Framing.MBAP.length(in, 0, bytes.length);
            if (length < 0 || length > bytes.length) {
                return false;
            }
            exception = Response.check(request, in, Mbap.PREFIX, length - Mbap.PREFIX);
        } catch (MalformedException e) {
            return false;
        }
        if (exception == 0 && !request.function().isRead() && !request.function().isWrite()) {
            Identification.read(in, Response.dataStart(Mbap.PREFIX), new TreeMap<>());
            return true;
        }
        same(request, exception, in, bytes);
        return true;
    }

    /** With the other framings there is nothing to compare with: they must neither fail nor read beyond the bytes. */
    private static void alone(Request request, byte[] bytes, Framing framing) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            int length = framing.length(in, 0, bytes.length);
            if (length > 0 && length <= bytes.length) {
                framing.check(in, 0, length);
                Response.check(request, in, 0, framing.pduAndUnit(length));
            }
        } catch (MalformedException e) {
            if (e.getMessage().isBlank()) {
                throw new AssertionError("malformed without a reason", e);
            }
        }
    }

    private static void same(Request request, int exception, ByteBuffer in, byte[] bytes) {
        ModbusResponse theirs;
        try {
            theirs = new ModbusTCPTransport(new Bytes(bytes)).readResponse();
        } catch (ModbusIOException e) {
            throw new AssertionError("j2mod refuses " + HexFormat.of().formatHex(bytes) + " for " + request, e);
        }
        int start = Response.dataStart(Mbap.PREFIX);
        boolean same;
        if (exception != 0) {
            same = theirs instanceof ExceptionResponse refusal && refusal.getExceptionCode() == exception;
        } else if (theirs instanceof ReadMultipleRegistersResponse answer) {
            same = Arrays.equals(registers(request, in, start),
                Arrays.stream(answer.getRegisters()).mapToInt(register -> register.getValue()).toArray());
        } else if (theirs instanceof ReadInputRegistersResponse answer) {
            same = Arrays.equals(registers(request, in, start),
                Arrays.stream(answer.getRegisters()).mapToInt(register -> register.getValue()).toArray());
        } else if (theirs instanceof ReadCoilsResponse answer) {
            same = true;
            for (int i = 0; i < request.quantity(); i++) {
                same &= answer.getCoilStatus(i) == Response.bit(in, start, i);
            }
        } else if (theirs instanceof ReadInputDiscretesResponse answer) {
            same = true;
            for (int i = 0; i < request.quantity(); i++) {
                same &= answer.getDiscreteStatus(i) == Response.bit(in, start, i);
            }
        } else {
            same = theirs.getFunctionCode() == request.function().code();
        }
        if (!same || theirs.getTransactionID() != Mbap.transaction(in, 0)) {
            throw new AssertionError("j2mod reads " + theirs.getHexMessage() + " from " + HexFormat.of().formatHex(bytes));
        }
    }

    private static int[] registers(Request request, ByteBuffer in, int start) {
        int[] values = new int[request.quantity()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.getShort(start + 2 * i) & 0xffff;
        }
        return values;
    }
}
