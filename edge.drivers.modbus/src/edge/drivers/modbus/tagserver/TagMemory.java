// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.tagserver;

import edge.api.device.TagTable;
import edge.drivers.modbus.codec.ExceptionCode;
import edge.drivers.modbus.codec.ExceptionResponse;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.server.Memory;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tags as bits and registers. Read-only. A read that touches an address without a tag is refused: zeros in its place would look
 * like values.
 */
final class TagMemory implements Memory {
    private final Map<Table, TreeMap<Integer, MappedTag>> tables = new EnumMap<>(Table.class);
    private final TagTable tags;
    private final int unit;
    private final boolean lastWhenBad;

    /** @param unit the unit id that is answered; 0 for any */
    TagMemory(List<MappedTag> mapped, TagTable tags, int unit, boolean lastWhenBad) {
        for (Table table : Table.values()) {
            tables.put(table, new TreeMap<>());
        }
        mapped.forEach(tag -> tables.get(tag.table()).put(tag.address(), tag));
        this.tags = tags;
        this.unit = unit;
        this.lastWhenBad = lastWhenBad;
    }

    @Override
    public void read(int askedUnit, Table table, int address, int count, int[] into) throws ExceptionResponse {
        if (unit != 0 && askedUnit != unit) {
            throw new ExceptionResponse(ExceptionCode.GATEWAY_PATH_UNAVAILABLE);
        }
        int next = address;
        while (next < address + count) {
            Map.Entry<Integer, MappedTag> entry = tables.get(table).floorEntry(next);
            if (entry == null || entry.getKey() + entry.getValue().length() <= next) {
                throw new ExceptionResponse(ExceptionCode.ILLEGAL_DATA_ADDRESS);
            }
            MappedTag tag = entry.getValue();
            int[] cells = tag.cells(tags, lastWhenBad);
            for (int i = next - tag.address(); i < cells.length && next < address + count; i++) {
                into[next++ - address] = cells[i];
            }
        }
    }

    @Override
    public void write(int askedUnit, Table table, int address, int count, int[] values) throws ExceptionResponse {
        throw new ExceptionResponse(ExceptionCode.ILLEGAL_FUNCTION);
    }
}
