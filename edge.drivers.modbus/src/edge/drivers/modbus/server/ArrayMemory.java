// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.server;

import edge.api.value.Value;
import edge.drivers.modbus.codec.ExceptionCode;
import edge.drivers.modbus.codec.ExceptionResponse;
import edge.drivers.modbus.codec.Order;
import edge.drivers.modbus.codec.RawType;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.codec.ValueFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Four tables of one size from address 0, the same for every unit id. Safe on every thread; each call is atomic. */
public final class ArrayMemory implements Memory {
    private final Map<Table, int[]> tables = new EnumMap<>(Table.class); // guarded by this

    /** @param size addresses in each table, 1 to 65536; everything is 0 */
    public ArrayMemory(int size) {
        Objects.checkIndex(size - 1, Table.SIZE);
        for (Table table : Table.values()) {
            tables.put(table, new int[size]);
        }
    }

    @Override
    public synchronized void read(int unit, Table table, int address, int count, int[] into) throws ExceptionResponse {
        System.arraycopy(range(table, address, count), address, into, 0, count);
    }

    @Override
    public synchronized void write(int unit, Table table, int address, int count, int[] values) throws ExceptionResponse {
        System.arraycopy(values, 0, range(table, address, count), address, count);
    }

    private int[] range(Table table, int address, int count) throws ExceptionResponse {
        int[] cells = tables.get(table);
        if (address + count > cells.length) {
            throw new ExceptionResponse(ExceptionCode.ILLEGAL_DATA_ADDRESS);
        }
        return cells;
    }

    /** The value at an address. */
    public synchronized int get(Table table, int address) {
        return tables.get(table)[address];
    }

    /** Sets neighbouring addresses; bits are 0 or 1, of registers the low 16 bits count. */
    public synchronized void set(Table table, int address, int... values) {
        int[] cells = tables.get(table);
        Objects.checkFromIndexSize(address, values.length, cells.length);
        int[] masked = Arrays.copyOf(values, values.length);
        for (int i = 0; i < masked.length; i++) {
            masked[i] &= table.isBits() ? 1 : 0xffff;
        }
        System.arraycopy(masked, 0, cells, address, masked.length);
    }

    /** Sets an IEEE 754 binary32 in two registers, most significant first. */
    public void setFloat32(Table table, int address, double value) {
        ByteBuffer bytes = ByteBuffer.wrap(
            ValueFormat.number(RawType.FLOAT32, Order.BIG, Order.BIG, 1, 0).encode(Value.real(value)));
        set(table, address, bytes.getShort(), bytes.getShort());
    }
}
