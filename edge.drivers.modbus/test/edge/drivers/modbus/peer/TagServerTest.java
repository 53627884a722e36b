// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.peer;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.config.Problem;
import edge.api.health.HealthReport.Status;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.drivers.modbus.Await;
import edge.drivers.modbus.tagserver.TagServer;
import edge.drivers.modbus.tagserver.TagServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway's tags, read by mbpoll, by pymodbus and byte by byte. */
class TagServerTest {
    private static final String MAP = """
        {"tags": [
          {"device": "plc", "tag": "level", "table": "input", "address": 0, "type": "uint16"},
          {"device": "plc", "tag": "count", "table": "input", "address": 1, "type": "uint32"},
          {"device": "plc", "tag": "temp", "table": "input", "address": 3, "type": "float32", "wordOrder": "little"},
          {"device": "plc", "tag": "temp", "table": "input", "address": 5, "type": "int16", "scale": 0.1},
          {"device": "plc", "tag": "temp", "what": "good", "table": "discrete", "address": 0},
          {"device": "plc", "tag": "run", "table": "coil", "address": 7},
          {"device": "plc", "tag": "big", "table": "holding", "address": 100, "type": "uint64", "byteOrder": "little"}
        ]}
        """;

    private static final int WAIT_MILLIS = 20_000;

    @TempDir
    Path folder;

    private final TagServers tags = new TagServers();
    private int port;
    private TagServer server;
    private int sent;

    @BeforeEach
    void fill() {
        tags.set("plc/level", DataType.UINT16, Value.unsigned(4711));
        tags.set("plc/count", DataType.UINT32, Value.unsigned(70_000));
        tags.set("plc/temp", DataType.FLOAT64, Value.real(-21.5));
        tags.set("plc/run", DataType.BOOL, Value.TRUE);
        tags.set("plc/big", DataType.UINT64, Value.unsigned(-2));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            TagServers.close(server);
        }
    }

    private void open(String whenBad, int unit, int idle, String... peers) throws Exception {
        server = tags.open(0, whenBad, unit, idle, MAP, peers);
        port = TagServers.port(server);
    }

    private String ask(Socket socket, String request) throws IOException {
        socket.setSoTimeout(WAIT_MILLIS);
        byte[] bytes = HexFormat.of().parseHex(request.replace(" ", ""));
        byte[] frame = new byte[6 + bytes.length];
        frame[5] = (byte) bytes.length;
        System.arraycopy(bytes, 0, frame, 6, bytes.length);
        socket.getOutputStream().write(frame);
        byte[] head = socket.getInputStream().readNBytes(6);
        assertThat(head).as("a whole header").hasSize(6);
        return HexFormat.of().formatHex(socket.getInputStream().readNBytes((head[4] & 0xff) << 8 | head[5] & 0xff));
    }

    private String ask(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return ask(socket, request);
        }
    }

    private List<String> mbpoll(Object... arguments) throws Exception {
        Object[] all = new Object[arguments.length + 8];
        System.arraycopy(new Object[] {"-1", "-0", "-o", "10", "-p", port, "-B", "127.0.0.1"}, 0, all, 0, 8);
        System.arraycopy(arguments, 0, all, 8, arguments.length);
        try (Peer peer = Peer.program("mbpoll", all)) {
            return peer.end().stream().map(line -> line.replaceAll("\\s+", " ").trim()).toList();
        }
    }

    @Test
    void mbpoll_reads_tags() throws Exception {
        open("exception", 0, 60);

        assertThat(mbpoll("-t", "3", "-r", 0)).contains("[0]: 4711");
        assertThat(mbpoll("-t", "3:int", "-r", 1, "-B")).contains("[1]: 70000");
        assertThat(mbpoll("-t", "3", "-r", 5)).anyMatch(line -> line.startsWith("[5]: 65321 (-215)"));
        assertThat(mbpoll("-t", "1", "-r", 0)).contains("[0]: 1");
        assertThat(mbpoll("-t", "0", "-r", 7)).contains("[7]: 1");
    }

    @Test
    void pymodbus_reads_tags_and_may_not_write() throws Exception {
        open("exception", 0, 60);
        String script = """
            import struct, sys
            from pymodbus.client import ModbusTcpClient
            c = ModbusTcpClient("127.0.0.1", port=int(sys.argv[1]))
            c.connect()
            r = c.read_input_registers(0, 6, 1).registers
            print(r[0], r[1] << 16 | r[2], struct.unpack(">f", struct.pack(">HH", r[4], r[3]))[0], r[5] - 65536)
            print(c.write_register(100, 1, 1).exception_code, c.write_coil(7, False, 1).exception_code)
            print(c.read_input_registers(6, 1, 1).exception_code)
            """;
        try (Peer peer = Peer.python(folder, script, port)) {
            assertThat(peer.end()).containsExactly("4711 70000 -21.5 -215", "1 1", "2");
        }
    }

    @Test
    void values_lie_as_configured_and_a_part_of_one_can_be_read() throws Exception {
        open("exception", 0, 60);

        assertThat(ask("01 03 0064 0004")).isEqualTo("010308" + "ffff" + "ffff" + "ffff" + "feff");
        assertThat(ask("01 04 0002 0002")).as("the low word of one and the first of the next").isEqualTo("010404" + "1170" + "0000");
        tags.set("plc/level", DataType.FLOAT64, Value.real(70_000));
        assertThat(ask("01 04 0000 0001")).as("does not fit").isEqualTo("018404");
    }

    @Test
    void an_address_without_a_tag_is_refused_and_so_is_every_write() throws Exception {
        open("exception", 0, 60);

        assertThat(ask("01 04 0005 0002")).isEqualTo("018402");
        assertThat(ask("01 03 0000 0001")).isEqualTo("018302");
        assertThat(ask("01 06 0064 0001")).isEqualTo("018601");
        assertThat(ask("01 05 0007 ff00")).isEqualTo("018501");
    }

    @Test
    void a_bad_tag_gives_an_exception_or_its_last_good_value_as_configured() throws Exception {
        tags.lose("plc/temp");
        open("exception", 0, 60);
        assertThat(ask("01 04 0005 0001")).isEqualTo("01840b");
        assertThat(ask("01 04 0000 0001")).as("its neighbours are read").isEqualTo("0104021267");
        assertThat(ask("01 02 0000 0001")).as("its quality").isEqualTo("01020100");
        TagServers.close(server);
        open("last", 0, 60);
        assertThat(ask("01 04 0005 0001")).isEqualTo("010402ff29");
    }

    @Test
    void only_the_configured_unit_is_answered() throws Exception {
        open("exception", 5, 60);

        assertThat(ask("05 04 0000 0001")).isEqualTo("0504021267");
        assertThat(ask("01 04 0000 0001")).isEqualTo("01840a");
    }

    @Test
    void who_is_not_on_the_list_is_not_served() throws Exception {
        open("exception", 0, 60, "10.0.0.0/8", "192.168.1.7");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(WAIT_MILLIS);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        TagServers.close(server);
        open("exception", 0, 60, "127.0.0.0/30");
        assertThat(ask("01 04 0000 0001")).isEqualTo("0104021267");
    }

    @Test
    void an_idle_connection_is_closed() throws Exception {
        open("exception", 0, 3);
        try (Socket idle = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(ask(idle, "01 04 0000 0001")).isEqualTo("0104021267");
            idle.setSoTimeout(WAIT_MILLIS);
            assertThat(idle.getInputStream().read()).as("closed by the server").isEqualTo(-1);
        }
    }

    @Test
    void a_connection_that_sends_bytes_but_no_request_is_closed_all_the_same() throws Exception {
        open("exception", 0, 1);
        try (Socket slow = new Socket(InetAddress.getLoopbackAddress(), port)) {
            slow.setSoTimeout(100);
            Await.until("it is closed", () -> {
                try {
                    // The beginning of a header that announces 255 bytes, and then one of them now and then.
                    slow.getOutputStream().write(sent++ < 6 ? new byte[] {0, 1, 0, 0, 0, (byte) 250}[sent - 1] : 0);
                    return slow.getInputStream().read() < 0;
                } catch (SocketTimeoutException e) {
                    return false;
                } catch (SocketException e) {
                    return true;
                }
            });
        }
        assertThat(sent).as("in the middle of a frame").isLessThan(200);
    }

    @Test
    void an_address_that_takes_all_connections_keeps_no_other_out() throws Exception {
        open("exception", 0, 60);
        try (Socket one = new Socket(InetAddress.getLoopbackAddress(), port);
            Socket two = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(ask(one, "01 04 0000 0001")).isEqualTo("0104021267");
            assertThat(ask(two, "01 04 0000 0001")).isEqualTo("0104021267");
            try (Socket other = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName("127.0.0.2"), 0)) {
                assertThat(ask(other, "01 04 0000 0001")).isEqualTo("0104021267");
                assertThat(one.getInputStream().read()).as("the one that was silent for longest").isEqualTo(-1);
                assertThat(ask(two, "01 04 0000 0001")).isEqualTo("0104021267");
                try (Socket again = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    again.setSoTimeout(WAIT_MILLIS);
                    assertThat(again.getInputStream().read()).as("each has one now").isEqualTo(-1);
                }
            }
        }
    }

    @Test
    void more_connections_than_allowed_are_closed() throws Exception {
        open("exception", 0, 60);
        try (Socket one = new Socket(InetAddress.getLoopbackAddress(), port);
            Socket two = new Socket(InetAddress.getLoopbackAddress(), port);
            Socket three = new Socket(InetAddress.getLoopbackAddress(), port)) {
            assertThat(ask(one, "01 04 0000 0001")).isEqualTo("0104021267");
            assertThat(ask(two, "01 04 0000 0001")).isEqualTo("0104021267");
            three.setSoTimeout(WAIT_MILLIS);
            assertThat(three.getInputStream().read()).as("one too many").isEqualTo(-1);
        }
    }

    @Test
    void a_port_that_is_taken_is_told_and_no_thread_is_left_behind() throws Exception {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server = tags.open(other.getLocalPort(), "exception", 0, 60, MAP);
            Await.until("it is told", () -> server.check().status() == Status.WARN);
            assertThat(server.check().reason()).contains("cannot listen on 127.0.0.1:" + other.getLocalPort());
        }
        TagServers.close(server);
        Await.until("no thread is left", () ->
            Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("edge-modbus-server-scada")));
    }

    @Test
    void a_map_or_a_listener_that_cannot_be_is_refused_with_its_place() {
        assertThat(TagServers.check(MAP)).isEmpty();
        assertProblem("{\"host\": \"0.0.0.0\", " + MAP.strip().substring(1), 1, "\"peers\"");
        assertProblem("{\"host\": \"gateway.local\", " + MAP.strip().substring(1), 1, "not a loopback address");
        assertThat(TagServers.check("{\"host\": \"0.0.0.0\", \"peers\": [\"10.0.0.0/24\"], " + MAP.strip().substring(1))).isEmpty();
        assertProblem("{\"peers\": [\"10.0.0.0/33\"], " + MAP.strip().substring(1), 1, "neither an address");
        assertProblem("{\"peers\": [\"scada.local\"], " + MAP.strip().substring(1), 1, "neither an address");
        assertProblem(MAP.replace("\"address\": 3,", "\"address\": 2,"), 4, "overlaps plc/count in line 3, which takes 1 to 2");
        assertProblem(MAP.replace("\"address\": 5,", "\"address\": 65536,"), 5, "from 0 to 65535");
        assertProblem(MAP.replace("\"address\": 100,", "\"address\": 65533,"), 8, "do not fit before the end");
        assertProblem(MAP.replace("\"type\": \"uint32\"", "\"type\": \"uint8\""), 3, "must be one of int16");
        assertProblem(MAP.replace("\"what\": \"good\"", "\"what\": \"age\""), 6, "must be value or good");
        assertProblem(MAP.replace("\"address\": 7", "\"address\": 7, \"scale\": 2"), 7, "no meaning for a single bit");
        assertProblem("{\"tags\": []}", 1, "one tag at least");
    }

    private static void assertProblem(String text, int line, String message) {
        List<Problem> problems = TagServers.check(text);
        assertThat(problems).as(message).isNotEmpty();
        assertThat(problems.get(0).line()).as(problems.get(0).toString()).isEqualTo(line);
        assertThat(problems.get(0).column()).isPositive();
        assertThat(problems.get(0).message()).contains(message);
    }
}
