// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import com.ghgande.j2mod.modbus.msg.ReadCoilsResponse;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersResponse;
import com.ghgande.j2mod.modbus.procimg.InputRegister;
import com.ghgande.j2mod.modbus.procimg.Register;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import com.ghgande.j2mod.modbus.util.BitVector;
import edge.drivers.modbus.codec.Mbap;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Response;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.server.ArrayMemory;
import edge.drivers.modbus.server.ModbusServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** mbpoll and j2mod against our server, and j2mod's own idea of an answer against ours. */
class OtherPeersTest {
    private final ArrayMemory memory = new ArrayMemory(3000);
    private ModbusServer server;

    @BeforeEach
    void start() throws Exception {
        server = new ModbusServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), memory, 2);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<String> mbpoll(Object... arguments) throws Exception {
        Object[] all = new Object[arguments.length + 8];
        System.arraycopy(new Object[] {"-1", "-0", "-o", "10", "-p", server.port(), "-B", "127.0.0.1"}, 0, all, 0, 8);
        System.arraycopy(arguments, 0, all, 8, arguments.length);
        try (Peer peer = Peer.program("mbpoll", all)) {
            return peer.end().stream().map(line -> line.replaceAll("\\s+", " ").trim()).toList();
        }
    }

    @Test
    void mbpoll_reads_and_writes_what_our_server_has() throws Exception {
        memory.set(Table.HOLDING, 10, 7, 65535);
        memory.set(Table.INPUT, 20, 1, 2);
        memory.setFloat32(Table.HOLDING, 30, 1013.25);
        memory.set(Table.DISCRETE, 5, 1);

        assertThat(mbpoll("-t", "4:hex", "-r", 10, "-c", 2)).contains("[10]: 0x0007", "[11]: 0xFFFF");
        assertThat(mbpoll("-t", "3:int", "-r", 20)).contains("[20]: 65538");
        assertThat(mbpoll("-t", "4:float", "-r", 30)).contains("[30]: 1013.25");
        assertThat(mbpoll("-t", "1", "-r", 4, "-c", 2)).contains("[4]: 0", "[5]: 1");
        mbpoll("-t", "0", "-r", 8, "1");
        mbpoll("-t", "0", "-r", 9, "1", "0", "1");
        mbpoll("-t", "4", "-r", 40, "1234");
        mbpoll("-t", "4", "-r", 41, "1", "2", "3");
        assertThat(mbpoll("-t", "0", "-r", 8, "-c", 4)).contains("[8]: 1", "[9]: 1", "[10]: 0", "[11]: 1");
        assertThat(mbpoll("-t", "4", "-r", 40, "-c", 4)).contains("[40]: 1234", "[41]: 1", "[42]: 2", "[43]: 3");
    }

    @Test
    void j2mod_reads_and_writes_what_our_server_has() throws Exception {
        int[] values = new Random(5).ints(125, 0, 65536).toArray();
        memory.set(Table.HOLDING, 100, values);
        memory.set(Table.INPUT, 200, values);
        memory.set(Table.COIL, 0, values);
        memory.set(Table.DISCRETE, 1000, values);
        ModbusTCPMaster master = new ModbusTCPMaster("127.0.0.1", server.port());
        try {
            master.connect();
            Register[] holding = master.readMultipleRegisters(1, 100, 125);
            InputRegister[] input = master.readInputRegisters(1, 200, 125);
            BitVector coils = master.readCoils(1, 0, 125);
            BitVector discrete = master.readInputDiscretes(1, 1000, 125);
            for (int i = 0; i < 125; i++) {
                assertThat(holding[i].getValue()).isEqualTo(values[i]);
                assertThat(input[i].getValue()).isEqualTo(values[i]);
                assertThat(coils.getBit(i)).isEqualTo((values[i] & 1) != 0);
                assertThat(discrete.getBit(i)).isEqualTo((values[i] & 1) != 0);
            }
            master.writeCoil(1, 2000, true);
            master.writeSingleRegister(1, 2000, new SimpleRegister(54321));
            master.writeMultipleRegisters(1, 2001, new Register[] {new SimpleRegister(1), new SimpleRegister(2)});
        } finally {
            master.disconnect();
        }
        assertThat(memory.get(Table.COIL, 2000)).isEqualTo(1);
        assertThat(memory.get(Table.HOLDING, 2000)).isEqualTo(54321);
        assertThat(memory.get(Table.HOLDING, 2002)).isEqualTo(2);
    }

    @Test
    void an_answer_that_j2mod_encodes_is_decoded_to_the_same_values() throws Exception {
        Random random = new Random(6);
        for (int round = 0; round < 500; round++) {
            int quantity = 1 + random.nextInt(125);
            Register[] registers = new Register[quantity];
            ReadCoilsResponse coils = new ReadCoilsResponse(quantity);
            for (int i = 0; i < quantity; i++) {
                registers[i] = new SimpleRegister(random.nextInt(65536));
                coils.setCoilStatus(i, random.nextBoolean());
            }
            ByteBuffer words = frame(3, new ReadMultipleRegistersResponse(registers).getMessage());
            ByteBuffer bits = frame(1, coils.getMessage());

            assertThat(Response.check(Request.read(1, Table.HOLDING, 0, quantity), words, Mbap.PREFIX, words.capacity() - Mbap.PREFIX)).isZero();
            assertThat(Response.check(Request.read(1, Table.COIL, 0, quantity), bits, Mbap.PREFIX, bits.capacity() - Mbap.PREFIX)).isZero();
            for (int i = 0; i < quantity; i++) {
                assertThat(words.getShort(Response.dataStart(Mbap.PREFIX) + 2 * i) & 0xffff).isEqualTo(registers[i].getValue());
                assertThat(Response.bit(bits, Response.dataStart(Mbap.PREFIX), i)).isEqualTo(coils.getCoilStatus(i));
            }
        }
    }

    private static ByteBuffer frame(int function, byte[] message) {
        ByteBuffer frame = ByteBuffer.allocate(Mbap.HEADER + 1 + message.length);
        frame.putShort((short) 1).putShort((short) 0).putShort((short) (2 + message.length)).put((byte) 1);
        return frame.put((byte) function).put(message);
    }
}
