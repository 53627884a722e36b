// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.recording;

import edge.drivers.modbus.codec.ExceptionCode;
import edge.drivers.modbus.codec.ExceptionResponse;
import edge.drivers.modbus.codec.Mbap;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Response;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.server.Memory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What a recorded device held when. It is read in any ranges, not only the recorded ones, over and over from the beginning. An
 * address that was never recorded gives exception 02; a range that the device refused gives its exception again. What is written
 * stays written.
 */
final class RecordedMemory implements Memory {
    private record Cell(int unit, Table table, int address) {
    }

    private record Range(Cell first, int count) {
    }

    private final Map<Cell, TreeMap<Long, Integer>> values = new HashMap<>();
    private final Map<Range, ExceptionCode> refusals = new HashMap<>();
    private final Map<Cell, Integer> written = new HashMap<>();
    private final LongSupplier millis;
    private final long length;

    /** @param millis time since the beginning of playing */
    RecordedMemory(List<Exchange> recording, LongSupplier millis) {
        this.millis = millis;
        this.length = recording.stream().mapToLong(Exchange::millis).max().orElse(0) + 1;
        recording.forEach(this::enter);
    }

    /** How many bits and registers are known. */
    int size() {
        return values.size();
    }

    private void enter(Exchange exchange) {
        ByteBuffer request = frame(exchange.request());
        ByteBuffer answer = frame(exchange.answer());
        try {
            Request asked = Request.decode(request, 0, request.capacity());
            if (!asked.function().isRead()) {
                return;
            }
            Cell first = new Cell(asked.unit(), asked.function().table(), asked.address());
            int function = answer.get(Mbap.HEADER) & 0xff;
            if (function > 0x80) {
                exception(answer.get(Mbap.HEADER + 1) & 0xff).ifPresent(code ->
                    refusals.put(new Range(first, asked.quantity()), code));
                return;
            }
            int data = Response.dataStart(Mbap.PREFIX);
            boolean bits = first.table().isBits();
            int needed = bits ? (asked.quantity() + 7) / 8 : 2 * asked.quantity();
            if (answer.capacity() < data + needed) {
                return; // shorter than what was asked for: no values
            }
            for (int i = 0; i < asked.quantity(); i++) {
                int value = bits ? (Response.bit(answer, data, i) ? 1 : 0) : answer.getShort(data + 2 * i) & 0xffff;
                values.computeIfAbsent(new Cell(first.unit(), first.table(), first.address() + i), cell -> new TreeMap<>())
                    .put(exchange.millis(), value);
            }
        } catch (ExceptionResponse e) {
            // A request that our own server would refuse holds nothing that it could answer with.
        }
    }

    private static ByteBuffer frame(byte[] body) {
        ByteBuffer frame = ByteBuffer.allocate(Mbap.PREFIX + body.length);
        return frame.put(Mbap.PREFIX, body);
    }

    private static Optional<ExceptionCode> exception(int code) {
        return Arrays.stream(ExceptionCode.values()).filter(known -> known.code() == code).findFirst();
    }

    @Override
    public void read(int unit, Table table, int address, int count, int[] into) throws ExceptionResponse {
        ExceptionCode refusal = refusals.get(new Range(new Cell(unit, table, address), count));
        long now = millis.getAsLong() % length;
        for (int i = 0; i < count; i++) {
            Cell cell = new Cell(unit, table, address + i);
            TreeMap<Long, Integer> line = values.get(cell);
            if (refusal != null || line == null) {
                throw new ExceptionResponse(refusal != null ? refusal : ExceptionCode.ILLEGAL_DATA_ADDRESS);
            }
            Map.Entry<Long, Integer> then = line.floorEntry(now);
            into[i] = written.containsKey(cell) ? written.get(cell) : then == null ? line.firstEntry().getValue() : then.getValue();
        }
    }

    @Override
    public void write(int unit, Table table, int address, int count, int[] toWrite) throws ExceptionResponse {
        for (int i = 0; i < count; i++) {
            if (!values.containsKey(new Cell(unit, table, address + i))) {
                throw new ExceptionResponse(ExceptionCode.ILLEGAL_DATA_ADDRESS);
            }
        }
        for (int i = 0; i < count; i++) {
            written.put(new Cell(unit, table, address + i), toWrite[i]);
        }
    }
}
