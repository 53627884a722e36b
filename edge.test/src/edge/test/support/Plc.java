// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A PLC played by pymodbus. Holding registers of unit 1: 0 counts up ten times a second, 1 is 215 (a temperature of 21.5),
 * 2 and 3 hold the float 1013.25, big-endian, 4 to 124 are 0; input register 0 is 4711; coil 0 is on.
 */
public final class Plc implements AutoCloseable {

    private static final String SCRIPT = """
        import asyncio, struct, sys
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.server import StartAsyncTcpServer

        pressure = list(struct.unpack('>HH', struct.pack('>f', 1013.25)))
        unit = ModbusSlaveContext(
            di=ModbusSequentialDataBlock(0, [1] * 16), co=ModbusSequentialDataBlock(0, [1] * 16),
            hr=ModbusSequentialDataBlock(0, [0, 215] + pressure + [0] * 121),
            ir=ModbusSequentialDataBlock(0, [4711] * 16), zero_mode=True)

        async def count():
            n = 0
            while True:
                n = (n + 1) % 65536
                unit.setValues(3, 0, [n])
                await asyncio.sleep(0.1)

        async def main():
            asyncio.ensure_future(count())
            await StartAsyncTcpServer(context=ModbusServerContext(slaves=unit, single=True),
                                      address=('127.0.0.1', int(sys.argv[1])),
                                      allow_reuse_address=True)

        asyncio.run(main())
        """;

    private final Path folder;
    private final int port;
    private Program program;

    public Plc(Path folder) throws IOException {
        this.folder = folder;
        this.port = Program.freePort();
        Files.writeString(folder.resolve("plc.py"), SCRIPT);
        start();
    }

    public int port() {
        return port;
    }

    /** Switches it on. Returns when it listens. */
    public void start() {
        program = Program.start(folder.resolve("plc.log"), Map.of(), List.of(Peers.pythonWithPymodbus().toString(),
            folder.resolve("plc.py").toString(), Integer.toString(port)));
        Until.holds(Duration.ofSeconds(60), "the PLC to listen", program::output, () -> Program.listens(port));
    }

    /** Switches it off. */
    public void stop() {
        program.kill();
    }

    @Override
    public void close() {
        program.close();
    }
}
