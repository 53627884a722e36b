// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A PLC played by pymodbus on a serial line, which is two ports of the kernel that socat connects. Holding registers 0 to 99 of
 * unit 1 are their own address.
 */
public final class SerialPlc implements AutoCloseable {

    private static final String SCRIPT = """
        import sys
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.server import StartSerialServer
        from pymodbus.transaction import ModbusRtuFramer

        unit = ModbusSlaveContext(hr=ModbusSequentialDataBlock(0, list(range(100))), zero_mode=True)
        StartSerialServer(context=ModbusServerContext(slaves={1: unit}, single=False), framer=ModbusRtuFramer,
                          port=sys.argv[1], baudrate=115200)
        """;
    private static final Duration SOON = Duration.ofSeconds(60);

    private final Path port;
    private final Program line;
    private final Program program;

    public SerialPlc(Path folder) throws Exception {
        Path here = folder.resolve("serial-here");
        Path there = folder.resolve("serial-there");
        line = Program.start(folder.resolve("socat.log"), Map.of(), List.of(Peers.need("socat").toString(),
            "pty,raw,echo=0,link=" + here, "pty,raw,echo=0,link=" + there));
        Until.holds(SOON, "the serial line", line::output, () -> Files.exists(here) && Files.exists(there));
        port = here.toRealPath();
        Files.writeString(folder.resolve("serial-plc.py"), SCRIPT);
        program = Program.start(folder.resolve("serial-plc.log"), Map.of(), List.of(Peers.pythonWithPymodbus().toString(),
            folder.resolve("serial-plc.py").toString(), there.toString()));
    }

    /** The end of the line that the gateway opens. */
    public Path port() {
        return port;
    }

    @Override
    public void close() {
        program.close();
        line.close();
    }
}
