// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.register;

import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.drivers.gpio.Attributes;
import edge.drivers.gpio.Names;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.TagAttributes;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the {@code registers} of a configuration file and refuses what contradicts itself. */
final class RegisterParser {

    private static final int MAX_REGISTERS = 256;
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int MAX_BIT = 7;

    private static final Set<String> OWN = Set.of("name", "register", "type", "order", "bit", "scale", "offset", "unit",
        "access", "description");

    private enum Order {
        BIG(ByteOrder.BIG_ENDIAN), LITTLE(ByteOrder.LITTLE_ENDIAN);

        private final ByteOrder order;

        Order(ByteOrder order) {
            this.order = order;
        }
    }

    private final int highest;
    private final TagAttributes attributes;
    private final Names names = new Names();

    private RegisterParser(int highest, TagAttributes attributes) {
        this.highest = highest;
        this.attributes = attributes;
    }

    /**
     * The registers of a file, in its order.
     *
     * @param registerBits width of a register's number: 8 or 16
     */
    static List<Register> parse(String text, int registerBits) throws JsonException {
        Json.Obj root = JsonParser.parse(text).asObject();
        if (root.has("provider")) {
            Json provider = root.get("provider");
            if (!Set.of("kernel", "mock").contains(provider.asText())) {
                throw provider.place().problem("must be kernel or mock, not " + provider.describe());
            }
        }
        Json list = root.get("registers");
        List<Json> items = list.asArray();
        if (items.isEmpty() || items.size() > MAX_REGISTERS) {
            throw list.place().problem("there must be 1 to " + MAX_REGISTERS + " registers, not " + items.size());
        }
        RegisterParser parser = new RegisterParser((1 << registerBits) - 1, new TagAttributes(root));
        List<Register> registers = new ArrayList<>(items.size());
        for (Json item : items) {
            registers.add(parser.register(item.asObject()));
        }
        return List.copyOf(registers);
    }

    /** Whether a provider is the simulated chip. */
    static boolean isMock(String provider) {
        return switch (provider) {
            case "kernel" -> false;
            case "mock" -> true;
            default -> throw new IllegalArgumentException("provider must be kernel or mock, not " + provider);
        };
    }

    private Register register(Json.Obj object) throws JsonException {
        object.allowOnly(Attributes.withCommon(OWN));
        String name = names.read(object, "name");
        int number = (int) object.integer("register", 0, highest);
        DataType type = type(object);
        if (type != DataType.BOOL) {
            Attributes.refuse(object, "bit", "only the type bool is one bit of a register");
        }
        double scale = object.number("scale", 1);
        double offset = object.number("offset", 0);
        if (type == DataType.BOOL) {
            Attributes.refuse(object, "scale", "a bool cannot be scaled");
            Attributes.refuse(object, "offset", "a bool cannot be scaled");
        } else if (scale == 0) {
            throw object.get("scale").place().problem("must not be 0: every value would be the same");
        }
        boolean scaled = scale != 1 || offset != 0;
        ByteOrder order = Attributes.choice(object, "order", Order.BIG, Order.class).order;
        Tag tag = new Tag(name, scaled ? DataType.FLOAT64 : type, object.text("unit", ""), Attributes.access(object),
            attributes.period(object, PERIOD), TagAttributes.report(object, type), object.text("description", ""));
        return new Register(tag, number, type, order, (int) object.integer("bit", 0, 0, MAX_BIT), scale, offset);
    }

    private static DataType type(Json.Obj object) throws JsonException {
        Json node = object.get("type");
        return DataType.ofLabel(node.asText()).filter(type -> type.bits() > 0).orElseThrow(() -> node.place().problem(
            "must be bool, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32 or float64, not "
                + node.describe()));
    }
}
