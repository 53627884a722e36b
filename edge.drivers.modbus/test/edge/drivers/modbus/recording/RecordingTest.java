// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.server.ArrayMemory;
import edge.drivers.modbus.server.ModbusServer;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
    @TempDir
    Path folder;

    private static String ask(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return ask(socket, request);
        }
    }

    private static String ask(Socket socket, String request) throws IOException {
        socket.setSoTimeout(20_000);
        byte[] body = HexFormat.of().parseHex(request.replace(" ", ""));
        byte[] frame = new byte[6 + body.length];
        frame[0] = 0x12;
        frame[5] = (byte) body.length;
        System.arraycopy(body, 0, frame, 6, body.length);
        socket.getOutputStream().write(frame);
        byte[] head = socket.getInputStream().readNBytes(6);
        assertThat(head).as("a whole header").hasSize(6);
        return HexFormat.of().formatHex(socket.getInputStream().readNBytes((head[4] & 0xff) << 8 | head[5] & 0xff));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    @Test
    void what_a_device_said_is_recorded_and_said_again() throws Exception {
        ArrayMemory memory = new ArrayMemory(100);
        memory.set(Table.HOLDING, 10, 7, 8, 9);
        memory.set(Table.COIL, 3, 1);
        Path file = folder.resolve("plc.recording");
        try (ModbusServer device = new ModbusServer(loopback(0), memory, 4); Writer out = Files.newBufferedWriter(file);
            Recorder recorder = new Recorder(0, loopback(device.port()), out);
            Socket client = new Socket(InetAddress.getLoopbackAddress(), recorder.port())) {
            assertThat(ask(client, "01 03 000a 0003")).isEqualTo("010306000700080009");
            assertThat(ask(client, "01 01 0000 0008")).isEqualTo("01010108");
            assertThat(ask(client, "01 03 0063 0002")).isEqualTo("018302");
        }

        List<Exchange> recording = Exchange.read(file);
        assertThat(recording).hasSize(3);
        assertThat(Files.readString(file)).startsWith(Exchange.HEADER).contains(" 0103000a0003 010306000700080009\n");
        try (ModbusServer played = new ModbusServer(loopback(0), new RecordedMemory(recording, () -> 0), 4)) {
            assertThat(ask(played.port(), "01 03 000a 0003")).isEqualTo("010306000700080009");
            assertThat(ask(played.port(), "01 03 000b 0001")).as("a part of it").isEqualTo("0103020008");
            assertThat(ask(played.port(), "01 01 0003 0001")).isEqualTo("01010101");
            assertThat(ask(played.port(), "01 03 0063 0002")).as("refused as the device did").isEqualTo("018302");
            assertThat(ask(played.port(), "01 03 000d 0001")).as("never recorded").isEqualTo("018302");
            assertThat(ask(played.port(), "02 03 000a 0001")).as("another unit").isEqualTo("028302");
            assertThat(ask(played.port(), "01 06 000a 0063")).isEqualTo("0106000a0063");
            assertThat(ask(played.port(), "01 03 000a 0001")).as("written").isEqualTo("0103020063");
        }
    }

    @Test
    void values_change_as_they_did_and_begin_again_at_the_end() throws Exception {
        Path file = folder.resolve("plc.recording");
        Files.writeString(file, Exchange.HEADER + "\n0.100 010300000001 0103020001\n\n1.000 010300000001 0103020002\n"
            + "2.499 010300000001 0103020003\n");
        AtomicLong millis = new AtomicLong();
        RecordedMemory memory = new RecordedMemory(Exchange.read(file), millis::get);
        int[] into = new int[1];

        long[][] expected = {{0, 1}, {100, 1}, {999, 1}, {1000, 2}, {2498, 2}, {2499, 3}, {2500, 1}, {3600, 2}};
        for (long[] one : expected) {
            millis.set(one[0]);
            memory.read(1, Table.HOLDING, 0, 1, into);
            assertThat(into[0]).as("at %d ms", one[0]).isEqualTo((int) one[1]);
        }
    }

    @Test
    void what_is_no_recording_is_refused_with_the_line() throws Exception {
        Path file = folder.resolve("bad");
        for (String bad : List.of("0.000 0103 01", "x 010300000001 0103020001", "1.0 010300000001 0103020001", "0.000 010300000001",
            "0.000 010300000001 01030200011", "0.000 0103zz000001 0103020001")) {
            Files.writeString(file, Exchange.HEADER + "\n" + bad + "\n");
            assertThatThrownBy(() -> Exchange.read(file)).as(bad).isInstanceOf(IOException.class).hasMessageContaining("line 2");
        }
        Files.writeString(file, Exchange.HEADER);
        assertThatThrownBy(() -> Exchange.read(file)).hasMessageContaining("holds no exchange");
    }
}
