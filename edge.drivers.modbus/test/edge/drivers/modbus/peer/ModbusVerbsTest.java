// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./edge modbus record} and {@code play} as their user calls them: pymodbus is the device, mbpoll and pymodbus ask. */
class ModbusVerbsTest {
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:([0-9]+)");

    private static final String DEVICE = """
        import asyncio
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.server.async_io import ModbusTcpServer

        async def main():
            unit = ModbusSlaveContext(hr=ModbusSequentialDataBlock(0, [i * 517 % 65536 for i in range(200)]),
                co=ModbusSequentialDataBlock(0, [i % 3 == 0 for i in range(40)]), zero_mode=True)
            server = ModbusTcpServer(ModbusServerContext(slaves={1: unit}, single=False), address=('127.0.0.1', 0))
            task = asyncio.ensure_future(server.serve_forever())
            await server.serving
            print(server.server.sockets[0].getsockname()[1], flush=True)
            await task

        asyncio.run(main())
        """;

    private static final String CLIENT = """
        import sys
        from pymodbus.client import ModbusTcpClient

        client = ModbusTcpClient('127.0.0.1', port=int(sys.argv[1]), timeout=20)
        assert client.connect()
        print(client.read_holding_registers(0, 125, slave=1).registers)
        print(client.read_coils(0, 40, slave=1).bits)
        print(client.read_holding_registers(199, 2, slave=1).exception_code)
        client.close()
        """;

    @TempDir
    Path folder;

    private static String port(Peer verb) throws IOException {
        String line = verb.line();
        Matcher port = PORT.matcher(String.valueOf(line));
        assertThat(port.find()).as(line).isTrue();
        return port.group(1);
    }

    private List<String> ask(String port) throws Exception {
        Path scripts = Files.createTempDirectory(folder, "client");
        try (Peer mbpoll = Peer.program("mbpoll", "-1", "-0", "-o", "10", "-t", "4", "-r", 120, "-c", 10, "-p", port, "127.0.0.1");
            Peer pymodbus = Peer.python(scripts, CLIENT, port)) {
            List<String> values = mbpoll.end().stream().filter(line -> line.startsWith("[")).toList();
            assertThat(values).hasSize(10);
            return Stream.concat(values.stream(), pymodbus.end().stream()).toList();
        }
    }

    @Test
    void what_others_read_through_the_recorder_they_read_again_from_the_recording() throws Exception {
        Path recording = folder.resolve("pump.recording");
        List<String> read;
        try (Peer device = Peer.python(folder, DEVICE);
            Peer recorder = Peer.edge("modbus", "record", 0, "127.0.0.1", device.line(), recording)) {
            read = ask(port(recorder));
            recorder.stop();
        }
        assertThat(read).hasSize(13).contains("[127]: \t123").endsWith("2");
        assertThat(Files.readAllLines(recording)).hasSize(1 + 4).last().asString().endsWith(" 010300c70002 018302");

        try (Peer player = Peer.edge("modbus", "play", 0, recording)) {
            assertThat(ask(port(player))).isEqualTo(read);
            player.stop();
        }
    }

    @Test
    void a_wrong_call_says_what_is_wrong_and_ends() throws Exception {
        assertRefused("usage: modbus record", "modbus");
        assertRefused("usage: modbus record", "modbus", "play", 1502);
        assertRefused("'x' is not a port", "modbus", "play", "x", "file");
        assertRefused("there is no file " + folder.resolve("missing"), "modbus", "play", 0, folder.resolve("missing"));
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, 0, (byte) 0xc0});
        assertRefused("is no recording: it is not text", "modbus", "play", 0, binary);
        assertRefused("cannot be written to", "modbus", "record", 0, "127.0.0.1", 502, folder.resolve("no/such/folder"));
    }

    private static void assertRefused(String why, Object... arguments) throws Exception {
        try (Peer verb = Peer.edge(arguments)) {
            assertThat(verb.end(2)).hasSize(1).first().asString().startsWith("edge: ").contains(why);
        }
    }
}
