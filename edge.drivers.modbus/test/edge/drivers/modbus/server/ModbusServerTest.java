// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import edge.drivers.modbus.Await;
import edge.drivers.modbus.codec.Table;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModbusServerTest {
    private static final String READ = "0001 0000 0006 01 03 0000 0002";
    private static final String ANSWER = "000100000007010304" + "00070008";

    private final ArrayMemory memory = new ArrayMemory(100);
    private ModbusServer server;

    @BeforeEach
    void start() throws Exception {
        memory.set(Table.HOLDING, 0, 7, 8);
        server = new ModbusServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), memory, 2);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static void send(Socket socket, String hex) throws IOException {
        socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    private static String receive(Socket socket, int length) throws IOException {
        return HexFormat.of().formatHex(socket.getInputStream().readNBytes(length));
    }

    private static boolean isClosedByServer(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Test
    void a_request_in_single_bytes_and_many_in_one_packet_are_answered_in_order() throws Exception {
        try (Socket socket = connect()) {
            for (byte octet : HexFormat.of().parseHex(READ.replace(" ", ""))) {
                socket.getOutputStream().write(octet);
            }
            assertThat(receive(socket, 13)).isEqualTo(ANSWER);
            StringBuilder many = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                many.append(String.format("%04x 0000 0006 01 03 0000 0002", i));
            }
            send(socket, many.toString());
            for (int i = 0; i < 1000; i++) {
                assertThat(receive(socket, 13)).isEqualTo(String.format("%04x", i) + ANSWER.substring(4));
            }
        }
    }

    @Test
    void wrong_requests_get_the_exception_of_the_standard_and_the_connection_stays() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "0001 0000 0006 01 2b 0000 0001");
            assertThat(receive(socket, 9)).isEqualTo("000100000003" + "01ab01");
            send(socket, "0002 0000 0006 01 03 0063 0002");
            assertThat(receive(socket, 9)).isEqualTo("000200000003" + "018302");
            send(socket, "0003 0000 0006 01 03 0000 0000");
            assertThat(receive(socket, 9)).isEqualTo("000300000003" + "018303");
            send(socket, "0004 0000 0002 01 03");
            assertThat(receive(socket, 9)).isEqualTo("000400000003" + "018303");
            send(socket, READ);
            assertThat(receive(socket, 13)).isEqualTo(ANSWER);
        }
    }

    @Test
    void a_write_that_reaches_beyond_the_memory_changes_nothing() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "0001 0000 000b 01 10 0063 0002 04 0001 0002");
            assertThat(receive(socket, 9)).isEqualTo("000100000003" + "019002");
        }
        assertThat(memory.get(Table.HOLDING, 99)).isZero();
    }

    @Test
    void who_does_not_speak_modbus_is_disconnected_and_others_are_served() throws Exception {
        try (Socket rubbish = connect(); Socket other = connect()) {
            send(rubbish, HexFormat.of().formatHex("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            assertThat(isClosedByServer(rubbish)).isTrue();
            send(other, READ);
            assertThat(receive(other, 13)).isEqualTo(ANSWER);
        }
    }

    @Test
    void more_connections_than_allowed_are_closed_until_one_ends() throws Exception {
        try (Socket one = connect(); Socket two = connect()) {
            Await.until("both are there", () -> server.connections() == 2);
            try (Socket three = connect()) {
                assertThat(isClosedByServer(three)).isTrue();
            }
            two.shutdownOutput();
            Await.until("one has gone", () -> server.connections() == 1);
            try (Socket three = connect()) {
                send(three, READ);
                assertThat(receive(three, 13)).isEqualTo(ANSWER);
            }
            send(one, READ);
            assertThat(receive(one, 13)).isEqualTo(ANSWER);
        }
    }

    @Test
    void a_client_that_does_not_read_its_answers_harms_nobody_and_gets_all_of_them() throws Exception {
        int count = 20_000;
        try (Socket lazy = connect(); Socket other = connect()) {
            byte[] request = HexFormat.of().parseHex(READ.replace(" ", ""));
            Thread sender = new Thread(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        lazy.getOutputStream().write(request);
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            sender.start();
            for (int i = 0; i < 100; i++) {
                send(other, READ);
                assertThat(receive(other, 13)).isEqualTo(ANSWER);
            }
            for (int i = 0; i < count; i++) {
                assertThat(receive(lazy, 13)).isEqualTo(ANSWER);
            }
            sender.join();
        }
    }

    @Test
    void a_port_in_use_is_told_at_once() {
        assertThatExceptionOfType(BindException.class).isThrownBy(() -> new ModbusServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), memory, 1));
    }
}
