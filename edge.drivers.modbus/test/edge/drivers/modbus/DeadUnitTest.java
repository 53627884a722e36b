// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import edge.drivers.modbus.client.ModbusClient;
import edge.drivers.modbus.client.Pty;
import edge.drivers.modbus.peer.Peer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten units share a line, one of them is dead. The line is measured for so many seconds as the system property
 * {@code edge.modbus.seconds} says.
 */
class DeadUnitTest {
    private static final int UNITS = 10;
    private static final int DEAD = 4;
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("edge.modbus.seconds", 4));
    private static final int MOST_TIMES = 6;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    /** Answers for units 1 to 10 but the dead one, until a line comes in: then that one lives, too. */
    private static final String SLAVES = """
        import asyncio, sys
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.framer.rtu_framer import ModbusRtuFramer
        from pymodbus.framer.socket_framer import ModbusSocketFramer
        from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer

        def unit(number):
            return ModbusSlaveContext(hr=ModbusSequentialDataBlock(0, [number * 100 + i for i in range(100)]), zero_mode=True)

        async def main():
            units = {n: unit(n) for n in range(1, 11) if n != 4}
            context = ModbusServerContext(slaves=units, single=False)
            if sys.argv[1] == 'serial':
                server = ModbusSerialServer(context, ModbusRtuFramer, port=sys.argv[2], ignore_missing_slaves=True)
                await server.start()
                task = asyncio.ensure_future(server.serve_forever())
                print('ready', flush=True)
            else:
                framer = ModbusRtuFramer if sys.argv[1] == 'rtu' else ModbusSocketFramer
                server = ModbusTcpServer(context, framer, address=('127.0.0.1', 0), ignore_missing_slaves=True)
                task = asyncio.ensure_future(server.serve_forever())
                await server.serving
                print(server.server.sockets[0].getsockname()[1], flush=True)
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
            context[4] = unit(4)
            await task

        asyncio.run(main())
        """;

    @TempDir
    Path folder;

    @Test
    void on_a_serial_line_costs_the_others_nothing() throws Exception {
        try (Pty pty = new Pty(folder);
            Peer slaves = Peer.python(folder, SLAVES, "serial", pty.theirs())) {
            assertThat(slaves.line()).isEqualTo("ready");
            measure("RTU", slaves, "\"transport\": \"rtu\", \"serialPort\": \"" + pty.ours() + "\", \"baudRate\": 115200");
        }
    }

    @Test
    void behind_a_tcp_gateway_costs_the_others_nothing() throws Exception {
        try (Peer slaves = Peer.python(folder, SLAVES, "tcp")) {
            measure("TCP", slaves, "\"host\": \"127.0.0.1\", \"port\": " + slaves.line());
        }
    }

    @Test
    void behind_a_serial_server_without_headers_costs_the_others_nothing() throws Exception {
        try (Peer slaves = Peer.python(folder, SLAVES, "rtu")) {
            measure("RTU over TCP", slaves,
                "\"transport\": \"rtu-over-tcp\", \"host\": \"127.0.0.1\", \"port\": " + slaves.line());
        }
    }

    private void measure(String what, Peer slaves, String transport) throws Exception {
        List<ModbusDevice> devices = new ArrayList<>();
        List<Poller.Tally> tallies = new ArrayList<>();
        try (ModbusClient client = new ModbusClient(); Poller poller = new Poller(PERIOD)) {
            for (int unit = 1; unit <= UNITS; unit++) {
                ModbusDevice device = Devices.open(client, "unit-" + unit, "{" + transport + ", \"unit\": " + unit + """
                    , "timeout": 400, "identify": "never", "tags": [
                      {"name": "a", "table": "holding", "address": 0}, {"name": "b", "table": "holding", "address": 60}]}
                    """);
                devices.add(device);
                tallies.add(poller.poll(Devices.scan(device), (double) unit / UNITS));
            }
            Await.until("the others answer", () -> tallies.stream().filter(tally -> tally.good.get() > 0).count() == UNITS - 1);
            TimeUnit.MILLISECONDS.sleep(2 * PERIOD.toMillis());
            Poller.Tally dead = tallies.get(DEAD - 1);
            // A dead unit that costs the others something does so always; a machine that is busy for a moment does not.
            Await.until("nine units have their rate", MEASURED.multipliedBy(MOST_TIMES), () -> {
                tallies.forEach(Poller.Tally::reset);
                TimeUnit.MILLISECONDS.sleep(MEASURED.toMillis());
                double rate = tallies.stream().filter(tally -> tally != dead).mapToDouble(Poller.Tally::rate).average().orElseThrow();
                System.out.printf(Locale.ROOT, "%s: nine units at %.2f %% of their rate, the dead one: %s, %s%n", what, 100 * rate,
                    dead, devices.get(DEAD - 1).traffic());
                assertThat(dead.good).hasValue(0);
                // The scan that is running when the measuring ends is due, but not done.
                return rate > (MEASURED.toSeconds() >= 50 ? 0.99 : 0.95) && dead.bad.get() > dead.due.get() / 2;
            });

            slaves.say("");
            Await.until("the dead one is back", LONGEST_PAUSE, () -> dead.good.get() > 1);
        } finally {
            devices.forEach(ModbusDevice::close);
        }
    }
}
