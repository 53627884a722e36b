// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.DeviceFact;
import edge.api.value.Value;
import edge.drivers.modbus.client.ModbusClient;
import edge.drivers.modbus.peer.Peer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device says about itself (function 43/14) is among the facts that the console shows; pymodbus is the device. */
class IdentityTest {
    private static final String DEVICE = """
        import asyncio
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.device import ModbusDeviceIdentification
        from pymodbus.server.async_io import ModbusTcpServer

        async def main():
            unit = ModbusSlaveContext(hr=ModbusSequentialDataBlock(0, [7] * 10), zero_mode=True)
            server = ModbusTcpServer(ModbusServerContext(slaves=unit, single=True), address=('127.0.0.1', 0),
                identity=ModbusDeviceIdentification(info={0x00: 'Acme', 0x01: 'P-1', 0x02: '2.3', 0x05: 'Model S'}))
            task = asyncio.ensure_future(server.serve_forever())
            await server.serving
            print(server.server.sockets[0].getsockname()[1], flush=True)
            await task

        asyncio.run(main())
        """;

    @TempDir
    Path folder;

    private static List<String> identification(ModbusDevice device) {
        return device.facts().stream().filter(fact -> fact.name().startsWith("identification.")).map(IdentityTest::text)
            .sorted().collect(Collectors.toList());
    }

    private static String text(DeviceFact fact) {
        return fact.name().substring("identification.".length()) + "=" + ((Value.Text) fact.value()).value();
    }

    @Test
    void a_device_is_asked_once_and_only_where_that_is_wanted() throws Exception {
        try (Peer peer = Peer.python(folder, DEVICE); ModbusClient client = new ModbusClient()) {
            String text = "{\"host\": \"127.0.0.1\", \"port\": " + peer.line()
                + ", \"timeout\": 8000, %s\"tags\": [{\"name\": \"a\", \"table\": \"holding\", \"address\": 0}]}";
            ModbusDevice device = Devices.open(client, "pump", String.format(text, ""));
            ModbusDevice silent = Devices.open(client, "quiet", String.format(text, "\"identify\": \"never\", "));
            for (int i = 0; i < 3; i++) {
                assertThat(Devices.run(Devices.scan(device))).allMatch(reading -> reading.quality().isGood());
                assertThat(Devices.run(Devices.scan(silent))).allMatch(reading -> reading.quality().isGood());
            }
            Await.until("it has told", () -> identification(device).size() >= 4);

            assertThat(identification(device)).contains("model=Model S", "product=P-1", "revision=2.3", "vendor=Acme");
            assertThat(device.traffic().requests()).as("three scans, and one that asks").isEqualTo(4);
            assertThat(identification(silent)).isEmpty();
            device.close();
            silent.close();
        }
    }
}
