// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.peer;

import static org.assertj.core.api.Assertions.assertThat;

import edge.drivers.modbus.client.Endpoint;
import edge.drivers.modbus.client.Failure;
import edge.drivers.modbus.client.Link;
import edge.drivers.modbus.client.LinkSettings;
import edge.drivers.modbus.client.ModbusClient;
import edge.drivers.modbus.client.Pty;
import edge.drivers.modbus.client.ResponseHandler;
import edge.drivers.modbus.client.SerialLine;
import edge.drivers.modbus.codec.Framing;
import edge.drivers.modbus.codec.Identification;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The functions beyond reading and writing, against pymodbus, in every way that frames travel. */
class FunctionsTest {
    private static final String SERVER = """
        import asyncio, sys
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.device import ModbusDeviceIdentification
        from pymodbus.framer.ascii_framer import ModbusAsciiFramer
        from pymodbus.framer.rtu_framer import ModbusRtuFramer
        from pymodbus.framer.socket_framer import ModbusSocketFramer
        from pymodbus.server.async_io import ModbusSerialServer, ModbusTcpServer, ModbusUdpServer

        identity = ModbusDeviceIdentification(info={0x00: 'Acme', 0x01: 'P-1', 0x02: '2.3', 0x03: 'http://acme.example',
            0x04: 'Pump', 0x05: 'Model S'})

        async def main():
            unit = ModbusSlaveContext(hr=ModbusSequentialDataBlock(0, list(range(200))), zero_mode=True)
            context = ModbusServerContext(slaves={7: unit}, single=False)
            way = sys.argv[1]
            if way == 'ASCII':
                server = ModbusSerialServer(context, ModbusAsciiFramer, identity=identity, port=sys.argv[2])
                await server.start()
                task = asyncio.ensure_future(server.serve_forever())
                print(0, flush=True)
            else:
                kind = ModbusUdpServer if way == 'UDP' else ModbusTcpServer
                server = kind(context, ModbusRtuFramer if way == 'RTU_OVER_TCP' else ModbusSocketFramer, identity=identity,
                    address=('127.0.0.1', 0))
                task = asyncio.ensure_future(server.serve_forever())
                await server.serving
                name = server.protocol.get_extra_info('sockname') if way == 'UDP' else server.server.sockets[0].getsockname()
                print(name[1], flush=True)
            await task

        asyncio.run(main())
        """;

    /** How frames travel. */
    private enum Way {
        TCP, RTU_OVER_TCP, UDP, ASCII;

        Endpoint endpoint(int port, Pty pty) {
            return switch (this) {
                case TCP -> Endpoint.Tcp.plain("127.0.0.1", port);
                case RTU_OVER_TCP -> new Endpoint.Tcp("127.0.0.1", port, Framing.RTU, Optional.empty());
                case UDP -> new Endpoint.Udp("127.0.0.1", port);
                case ASCII -> new Endpoint.Serial(pty.ours(), new SerialLine(Framing.ASCII, 115_200, 7, SerialLine.Parity.EVEN, 1,
                    SerialLine.Rs485.OFF, Duration.ZERO, 0));
            };
        }
    }

    @TempDir
    Path folder;

    private static <T> T ask(Link link, Request request, BiFunction<ByteBuffer, Integer, T> decode) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        link.submit(request, Duration.ofSeconds(20), new ResponseHandler() {
            @Override
            public void answered(Request answered, ByteBuffer data, int start) {
                result.complete(decode.apply(data, start));
            }

            @Override
            public void failed(Request failed, Failure failure) {
                result.completeExceptionally(new AssertionError(failed + ": " + failure));
            }
        });
        return result.get(30, TimeUnit.SECONDS);
    }

    private static int register(Link link, int address) throws Exception {
        return ask(link, Request.read(7, Table.HOLDING, address, 1), (data, start) -> data.getShort(start) & 0xffff);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void registers_masks_combined_requests_and_the_identification_are_understood(Way way) throws Exception {
        try (Pty pty = new Pty(folder); Peer peer = Peer.python(folder, SERVER, way, pty.theirs());
            ModbusClient client = new ModbusClient()) {
            Link link = client.open(way.endpoint(Integer.parseInt(peer.line()), pty), LinkSettings.DEFAULT, state -> { });

            int far = ask(link, Request.read(7, Table.HOLDING, 20, 125), (data, start) -> (int) data.getShort(start + 2 * 124));
            assertThat(far).isEqualTo(144);

            ask(link, Request.writeRegister(7, 4, 0x12), (data, start) -> 0);
            ask(link, Request.maskWrite(7, 4, 0xf2, 0x25), (data, start) -> 0);
            assertThat(register(link, 4)).as("the standard's example").isEqualTo(0x17);

            int last = ask(link, Request.readWrite(7, 3, 6, 14, new byte[] {0, (byte) 255, 0, (byte) 254, 1, 0}),
                (data, start) -> (int) data.getShort(start + 10));
            assertThat(last).isEqualTo(8);
            assertThat(register(link, 14)).isEqualTo(255);
            assertThat(register(link, 16)).isEqualTo(256);

            Map<String, String> texts = new TreeMap<>();
            int next = ask(link, Request.identification(7, 2, 0),
                (data, start) -> Identification.read(data, start, texts));
            assertThat(next).isEqualTo(-1);
            assertThat(texts).containsEntry("vendor", "Acme").containsEntry("product", "P-1").containsEntry("revision", "2.3")
                .containsEntry("model", "Model S");
        }
    }
}
