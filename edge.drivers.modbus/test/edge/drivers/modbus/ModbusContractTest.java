// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.device.Tag;
import edge.api.value.Value;
import edge.driver.test.FieldDeviceContract;
import edge.driver.test.Specimen;
import edge.drivers.modbus.client.ModbusClient;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.server.ArrayMemory;
import edge.drivers.modbus.server.ModbusServer;
import edge.json.JsonException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** A device of every kind of tag, over TCP. */
class ModbusContractTest extends FieldDeviceContract {
    private static final String TEXT = """
        {"host": "127.0.0.1", "port": %d, "unit": 1, "timeout": 5000, "connectTimeout": 5000, "reconnectMin": 50,
         "reconnectMax": 100, "tags": [
          {"name": "run", "table": "coil", "address": 3, "type": "bool", "access": "read-write", "period": 100},
          {"name": "door", "table": "discrete", "address": 1, "type": "bool", "period": 100},
          {"name": "level", "table": "input", "address": 0, "type": "int16", "scale": 0.1, "period": 100},
          {"name": "alarm", "table": "holding", "address": 4, "type": "bool", "bit": 7, "access": "read-write", "period": 100},
          {"name": "mode", "table": "holding", "address": 5, "type": "uint16", "access": "read-write", "period": 100},
          {"name": "total", "table": "holding", "address": 6, "type": "uint64", "wordOrder": "little", "period": 100},
          {"name": "set", "table": "holding", "address": 10, "type": "float32", "access": "read-write", "verify": true,
           "period": 100},
          {"name": "serial", "table": "holding", "address": 20, "type": "text", "length": 10, "access": "read-write",
           "period": 200},
          {"name": "reset", "table": "coil", "address": 9, "type": "bool", "access": "write"}
        ]}""";

    private static Specimen specimen(int port, AutoCloseable device) throws IOException, JsonException {
        ModbusClient client = new ModbusClient();
        ModbusDevice opened = Devices.open(client, "specimen", String.format(TEXT, port));
        return new Specimen(opened, () -> {
            opened.close();
            client.close();
            try {
                device.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Override
    protected Specimen reachable() throws Exception {
        ArrayMemory memory = new ArrayMemory(100);
        memory.set(Table.HOLDING, 20, 0x4142, 0x4300);
        ModbusServer server = new ModbusServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), memory, 4);
        return specimen(server.port(), server);
    }

    @Override
    protected Optional<Specimen> unreachable() throws Exception {
        ClosedPort port = new ClosedPort(0);
        return Optional.of(specimen(port.port(), port));
    }

    @Override
    protected Value writable(Tag tag, Value current) {
        return switch (tag.name()) {
            case "set" -> Value.real(12.5);
            case "serial" -> Value.text("A-17");
            case "mode" -> Value.unsigned(3);
            default -> Value.TRUE;
        };
    }
}
