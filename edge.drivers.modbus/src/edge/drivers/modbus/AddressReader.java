// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.drivers.modbus.codec.Table;
import edge.json.Json;
import edge.json.JsonException;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a tag lies: a table, an address in it as in the protocol, and for some a bit. Written as {@code table} and
 * {@code address}, or as a {@code reference} of manuals, {@code 40001} or {@code 400001.4}.
 *
 * @param at where it was written
 */
record AddressReader(Table table, int address, OptionalInt bit, Json.Place at) {
    private static final Pattern REFERENCE = Pattern.compile("([0134])([0-9]{4,5})(?:\\.([0-9]|1[0-5]))?");

    /** @param base what the first address of a table is called; references always count from 1 */
    static AddressReader read(Json.Obj item, int base) throws JsonException {
        if (item.has("reference")) {
            if (item.has("table") || item.has("address")) {
                throw item.get("reference").place().problem("names table and address already; use either reference or both"
                    + " of table and address");
            }
            return reference(item, item.get("reference"));
        }
        Table table = Attributes.choice(item, "table", Table.ofLabel(item.text("table")), "coil, discrete, input, holding");
        int address = (int) item.integer("address", base, Table.SIZE - 1 + base) - base;
        return new AddressReader(table, address, bit(item, table), item.get("address").place());
    }

    private static AddressReader reference(Json.Obj item, Json node) throws JsonException {
        Matcher matcher = REFERENCE.matcher(node.asText());
        if (matcher.matches()) {
            int number = Integer.parseInt(matcher.group(2));
            Table table = Table.ofReferenceDigit(matcher.group(1).charAt(0)).orElseThrow();
            if (number >= 1 && number <= Table.SIZE && (matcher.group(3) == null || !table.isBits())) {
                if (matcher.group(3) == null) {
                    return new AddressReader(table, number - 1, bit(item, table), node.place());
                }
                Attributes.refuse(item, "is named by the reference already", "bit");
                return new AddressReader(table, number - 1, OptionalInt.of(Integer.parseInt(matcher.group(3))), node.place());
            }
        }
        throw node.place().problem("must be 0, 1, 3 or 4 for the table and a number from 00001 to 65536, for example"
            + " \"40001\", or \"40001.4\" for a bit of a register, not " + node.describe());
    }

    private static OptionalInt bit(Json.Obj item, Table table) throws JsonException {
        if (table.isBits()) {
            Attributes.refuse(item, "has no meaning for table " + table.label(), "bit");
        }
        return item.has("bit") ? OptionalInt.of((int) item.integer("bit", 0, 15)) : OptionalInt.empty();
    }
}
