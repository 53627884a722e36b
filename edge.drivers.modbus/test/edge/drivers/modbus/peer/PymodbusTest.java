// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.peer;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.value.Value;
import edge.drivers.modbus.client.Endpoint;
import edge.drivers.modbus.client.Failure;
import edge.drivers.modbus.client.Link;
import edge.drivers.modbus.client.LinkSettings;
import edge.drivers.modbus.client.ModbusClient;
import edge.drivers.modbus.client.ResponseHandler;
import edge.drivers.modbus.codec.Order;
import edge.drivers.modbus.codec.RawType;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Response;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.codec.ValueFormat;
import edge.drivers.modbus.server.ArrayMemory;
import edge.drivers.modbus.server.ModbusServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Debian's pymodbus: its server with our client, its client with our server. */
class PymodbusTest {

    private static final String SERVER = """
        import asyncio
        from pymodbus.constants import Endian
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.payload import BinaryPayloadBuilder
        from pymodbus.server.async_io import ModbusTcpServer

        values = [
            ('int16', -12345), ('uint16', 54321), ('int32', -1234567890), ('uint32', 4000000000),
            ('int64', -1234567890123456789), ('uint64', 17000000000000000000), ('float32', 1013.25), ('float64', -2.718281828)]
        add = {'int16': 'add_16bit_int', 'uint16': 'add_16bit_uint', 'int32': 'add_32bit_int', 'uint32': 'add_32bit_uint',
               'int64': 'add_64bit_int', 'uint64': 'add_64bit_uint', 'float32': 'add_32bit_float',
               'float64': 'add_64bit_float'}
        registers, lines = [], []
        for byte_name, byte_order in (('big', Endian.Big), ('little', Endian.Little)):
            for word_name, word_order in (('big', Endian.Big), ('little', Endian.Little)):
                for name, value in values:
                    builder = BinaryPayloadBuilder(byteorder=byte_order, wordorder=word_order)
                    getattr(builder, add[name])(value)
                    lines.append(f'{len(registers)} {name} {byte_name} {word_name} {value}')
                    registers += builder.to_registers()
        bits = [i % 3 == 0 for i in range(2000)]
        unit = ModbusSlaveContext(
            di=ModbusSequentialDataBlock(0, bits), co=ModbusSequentialDataBlock(0, [not b for b in bits]),
            hr=ModbusSequentialDataBlock(0, registers), ir=ModbusSequentialDataBlock(0, registers), zero_mode=True)

        async def main():
            server = ModbusTcpServer(ModbusServerContext(slaves={5: unit}, single=False), address=('127.0.0.1', 0))
            task = asyncio.ensure_future(server.serve_forever())
            await server.serving
            print(server.server.sockets[0].getsockname()[1], flush=True)
            print(len(lines), flush=True)
            for line in lines:
                print(line, flush=True)
            await task

        asyncio.run(main())
        """;

    private static final String CLIENT = """
        import sys
        from pymodbus.client import ModbusTcpClient

        client = ModbusTcpClient('127.0.0.1', port=int(sys.argv[1]))
        assert client.connect()
        print('coils', client.read_coils(3, 10, slave=1).bits[:10])
        print('discrete', client.read_discrete_inputs(0, 17, slave=1).bits[:17])
        print('holding', client.read_holding_registers(0, 125, slave=1).registers)
        print('input', client.read_input_registers(7, 1, slave=1).registers)
        print('write coil', client.write_coil(100, True, slave=1).isError())
        print('write register', client.write_register(100, 65535, slave=1).isError())
        print('write coils', client.write_coils(110, [True, False, True] * 5, slave=1).isError())
        print('write registers', client.write_registers(110, list(range(123)), slave=1).isError())
        print('beyond', client.read_holding_registers(499, 2, slave=1).exception_code)
        print('diagnosis', client.report_slave_id(slave=1).exception_code if hasattr(client, 'report_slave_id') else 1)
        client.close()
        """;

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
                result.completeExceptionally(new AssertionError(failure.toString()));
            }
        });
        return result.get(30, TimeUnit.SECONDS);
    }

    @Test
    void our_client_reads_and_writes_what_pymodbus_has_in_every_type_and_order() throws Exception {
        try (Peer peer = Peer.python(folder, SERVER); ModbusClient client = new ModbusClient()) {
            Link link = client.open(Endpoint.Tcp.plain("127.0.0.1", Integer.parseInt(peer.line())), LinkSettings.DEFAULT, state -> { });
            int count = Integer.parseInt(peer.line());
            assertThat(count).isEqualTo(32);
            for (int i = 0; i < count; i++) {
                compare(link, peer.line());
            }
            List<Boolean> thirds = IntStream.range(0, 2000).mapToObj(i -> i % 3 == 0).toList();
            List<Boolean> others = thirds.stream().map(bit -> !bit).toList();
            assertThat(bits(link, Table.DISCRETE)).isEqualTo(thirds);
            assertThat(bits(link, Table.COIL)).isEqualTo(others);
            writes(link);
        }
    }

    private static List<Boolean> bits(Link link, Table table) throws Exception {
        List<Boolean> bits = ask(link, Request.read(5, table, 0, 2000), (data, start) ->
            IntStream.range(0, 2000).mapToObj(i -> Response.bit(data, start, i)).toList());
        return bits;
    }

    private static void compare(Link link, String line) throws Exception {
        String[] words = line.split(" ");
        ValueFormat format = ValueFormat.number(RawType.ofLabel(words[1]).orElseThrow(), Order.ofLabel(words[2]).orElseThrow(),
            Order.ofLabel(words[3]).orElseThrow(), 1, 0);
        for (Table table : new Table[] {Table.HOLDING, Table.INPUT}) {
            Request request = Request.read(5, table, Integer.parseInt(words[0]), format.registers());
            Value value = ask(link, request, format::decode);
            assertThat(value).as(line).hasToString(words[4]);
        }
    }

    private static void writes(Link link) throws Exception {
        ValueFormat format = ValueFormat.number(RawType.FLOAT64, Order.LITTLE, Order.BIG, 1, 0);
        ask(link, Request.writeRegisters(5, 3, format.encode(Value.real(6.02e23))), (data, start) -> 0);
        Value real = ask(link, Request.read(5, Table.HOLDING, 3, 4), format::decode);
        assertThat(real).isEqualTo(Value.real(6.02e23));
        ask(link, Request.writeRegister(5, 9, 0x8001), (data, start) -> 0);
        short register = ask(link, Request.read(5, Table.HOLDING, 9, 1), ByteBuffer::getShort);
        assertThat(register).isEqualTo((short) 0x8001);
        ask(link, Request.writeCoil(5, 1, false), (data, start) -> 0);
        ask(link, Request.writeCoils(5, 2, false, true, true), (data, start) -> 0);
        byte coils = ask(link, Request.read(5, Table.COIL, 0, 6), ByteBuffer::get);
        assertThat(coils).isEqualTo((byte) 0b111000);
    }

    @Test
    void pymodbus_reads_and_writes_what_our_server_has() throws Exception {
        ArrayMemory memory = new ArrayMemory(500);
        int[] registers = new int[125];
        for (int i = 0; i < 125; i++) {
            registers[i] = i * 523 & 0xffff;
        }
        memory.set(Table.HOLDING, 0, registers);
        memory.set(Table.INPUT, 7, 4711);
        memory.set(Table.COIL, 3, 1, 0, 0, 1, 1, 1, 0, 1, 0, 1);
        memory.set(Table.DISCRETE, 16, 1);
        try (ModbusServer server = new ModbusServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), memory, 2);
            Peer peer = Peer.python(folder, CLIENT, server.port())) {

            assertThat(peer.end()).containsExactly(
                "coils [True, False, False, True, True, True, False, True, False, True]",
                "discrete " + python(false, 16).replace("]", ", True]"),
                "holding " + Arrays.toString(registers),
                "input [4711]",
                "write coil False", "write register False", "write coils False", "write registers False",
                "beyond 2",
                "diagnosis 1");
        }
        assertThat(memory.get(Table.COIL, 100)).isEqualTo(1);
        assertThat(memory.get(Table.HOLDING, 100)).isEqualTo(65535);
        for (int i = 0; i < 15; i++) {
            assertThat(memory.get(Table.COIL, 110 + i)).isEqualTo(i % 3 == 1 ? 0 : 1);
        }
        for (int i = 0; i < 123; i++) {
            assertThat(memory.get(Table.HOLDING, 110 + i)).isEqualTo(i);
        }
    }

    private static String python(boolean value, int count) {
        String word = Boolean.toString(value);
        return Collections.nCopies(count, word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1)).toString();
    }
}
