// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.api.device.Tag;
import edge.drivers.modbus.codec.Order;
import edge.drivers.modbus.plan.Limits;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;

/** Checks a device's configuration for what neither Metatype nor the schema of its tags can say. */
@Component(property = "edge.check.pid=" + ModbusConfig.PID)
public final class ModbusConfigurationCheck implements ConfigurationCheck {
    /** A name or IPv4 address, or something with two colons: an IPv6 address. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*:[^/\\s]*");
    private static final Pattern SERIAL_PORT = Pattern.compile("/dev/(?!.*\\.\\.)[A-Za-z0-9._:/-]+");
    private static final List<String> TCP_ONLY = List.of("host", "port", "connectTimeout", "maxInFlight");
    private static final List<String> SERIAL_ONLY = List.of("serialPort", "baudRate", "dataBits", "parity", "stopBits", "rs485",
        "rs485DelayBefore", "rs485DelayAfter", "rs485Termination", "turnaround", "retries");
    private static final List<String> TLS_ONLY = List.of("caFile", "keyStore", ".keyStorePassword");
    /** The rest is reserved (serial line, 2.2). */
    private static final int MAX_SERIAL_UNIT = 247;
    private static final int DEFAULT_RECONNECT_MIN = 500;
    private static final int DEFAULT_RECONNECT_MAX = 10_000;

    @Override
    public List<Problem> check(String name, String text) {
        List<Problem> problems = new ArrayList<>();
        if (!Tag.isName(name)) {
            problems.add(new Problem(0, 0, "", "the file's name must be " + ModbusConfig.PID + "~NAME.cfg.json, where NAME is"
                + " the device's name: 1 to 64 of A-Z a-z 0-9 _ . -"));
        }
        try {
            Json.Obj root = JsonParser.parse(text).asObject();
            checkScalars(root, problems);
            TagListReader tags = new TagListReader(root, defaults(root));
            problems.addAll(tags.problems());
            problems.addAll(checkBroadcast(root, tags));
        } catch (JsonException e) {
            problems.add(TagListReader.problem(e));
        }
        return problems;
    }

    private static void checkScalars(Json.Obj root, List<Problem> problems) throws JsonException {
        checkEndpoint(root, problems);
        long min = root.integer("reconnectMin", DEFAULT_RECONNECT_MIN, 1, Integer.MAX_VALUE);
        long max = root.integer("reconnectMax", DEFAULT_RECONNECT_MAX, 1, Integer.MAX_VALUE);
        if (min > max) {
            Json at = root.get(root.has("reconnectMin") ? "reconnectMin" : "reconnectMax");
            problems.add(TagListReader.problem(at.place().problem("reconnectMin " + min + " is above reconnectMax " + max)));
        }
    }

    private static void checkEndpoint(Json.Obj root, List<Problem> problems) throws JsonException {
        Transport transport = root.has("transport") ? Attributes.choice(root, "transport",
            Transport.ofLabel(root.text("transport")), Transport.LABELS) : Transport.TCP;
        for (String other : transport.isSerial() ? TCP_ONLY : SERIAL_ONLY) {
            if (root.has(other) && !isDefault(root.get(other), other)) {
                problems.add(TagListReader.problem(root.get(other).place()
                    .problem(other + " has no meaning for transport " + transport.label())));
            }
        }
        if (transport != Transport.TLS) {
            for (String other : TLS_ONLY) {
                if (root.has(other) && !isDefault(root.get(other), other)) {
                    problems.add(TagListReader.problem(root.get(other).place().problem("is for transport tls only")));
                }
            }
        }
        if (transport.isSerial()) {
            checkSerial(transport, root, problems);
        } else if (!HOST.matcher(root.text("host")).matches()) {
            problems.add(TagListReader.problem(root.get("host").place()
                .problem("must be a host name or an IP address, without port or scheme, not " + root.get("host").describe())));
        }
    }

    /** Forms write what has no meaning with its default. */
    private static boolean isDefault(Json node, String name) {
        try {
            Object value = ModbusConfig.class.getDeclaredMethod(name.replace('.', '_')).getDefaultValue();
            return node instanceof Json.Text text ? text.value().equals(value)
                : node instanceof Json.Num number ? value instanceof Integer whole && number.value().compareTo(BigDecimal.valueOf(whole)) == 0
                : node instanceof Json.Bool bool && value.equals(bool.value());
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("there is no attribute " + name, e);
        }
    }

    private static void checkSerial(Transport transport, Json.Obj root, List<Problem> problems) throws JsonException {
        if (!SERIAL_PORT.matcher(root.text("serialPort")).matches()) {
            problems.add(TagListReader.problem(root.get("serialPort").place()
                .problem("must be a file below /dev, for example /dev/ttyS1, not " + root.get("serialPort").describe())));
        }
        if (transport == Transport.RTU && root.integer("dataBits", 0, 0, 8) == 7) {
            problems.add(TagListReader.problem(root.get("dataBits").place().problem("must be 8 for transport rtu")));
        }
        if (root.integer("unit", 1, 0, 255) > MAX_SERIAL_UNIT) {
            problems.add(TagListReader.problem(root.get("unit").place()
                .problem("must be 1 to " + MAX_SERIAL_UNIT + " on a serial line, or 0 for all units")));
        }
    }

    /** A broadcast has no answer: nothing can be read from unit 0 of a serial line. */
    private static List<Problem> checkBroadcast(Json.Obj root, TagListReader tags) throws JsonException {
        boolean broadcast = Transport.ofLabel(root.text("transport", "tcp")).filter(Transport::isSerial).isPresent()
            && root.integer("unit", 1, 0, 255) == 0;
        return broadcast && tags.tags().stream().anyMatch(tag -> tag.tag().access().canRead())
            ? List.of(TagListReader.problem(root.get("unit").place().problem("unit 0 means all units of the serial line, and"
                + " nobody answers: give all tags \"access\": \"write\""))) : List.of();
    }

    private static TagDefaults defaults(Json.Obj root) throws JsonException {
        Limits limits = new Limits((int) root.integer("maxGap", Limits.DEFAULT.maxGap(), 0, 124),
            (int) root.integer("maxRegisters", Limits.DEFAULT.maxRegisters(), 1, 125));
        return new TagDefaults((int) root.integer("addressBase", 0, 0, 1), order(root, "byteOrder"), order(root, "wordOrder"),
            limits);
    }

    private static Order order(Json.Obj root, String name) throws JsonException {
        if (!root.has(name)) {
            return Order.BIG;
        }
        Json node = root.get(name);
        return Order.ofLabel(node.asText())
            .orElseThrow(() -> node.place().problem("must be big or little, not " + node.describe()));
    }
}
