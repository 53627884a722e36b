// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Plays a script of bytes against a broker and writes down every packet that comes back, by line and connection. A line is a
 * connection's name and what it sends ({@code a> C0 00}), or {@code a!}: it breaks off. After each line every connection that has
 * been accepted sends a PINGREQ, of which the PINGRESP tells that what was sent before it has been seen; one that has not been
 * accepted gets one packet or the end.
 */
final class Exchange implements AutoCloseable {

    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final int PATIENCE_MILLIS = 60_000;
    private static final byte[] PING = {(byte) 0xC0, 0};
    private static final String PONG = "d0 00";
    private static final String END = "end";
    private static final String NOTHING = "nothing";
    private static final String ACCEPTED = "20 02";

    /** What each connection got after a line was sent. */
    record Heard(String line, SortedMap<String, List<String>> packets) {
        int count(String name) {
            return packets.getOrDefault(name, List.of()).size();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(line);
            packets.forEach((name, each) -> each.forEach(packet -> text.append("\n  ").append(name).append("< ").append(packet)));
            return text.toString();
        }
    }

    private final int port;
    private final Map<String, Socket> connections = new LinkedHashMap<>();
    private final Set<String> accepted = new HashSet<>();

    private Exchange(int port) {
        this.port = port;
    }

    /** What was heard, line by line. A broker that answers each packet before it looks at the next. */
    static List<Heard> play(String script, int port) throws IOException {
        return play(script, port, List.of());
    }

    /** @param expected so many packets are waited for, for an answer that means that something is on disk may take its time */
    static List<Heard> play(String script, int port, List<Heard> expected) throws IOException {
        List<Heard> all = new ArrayList<>();
        try (Exchange exchange = new Exchange(port)) {
            for (String line : script.strip().split("\n")) {
                Heard heard = new Heard(line.strip(), new TreeMap<>());
                exchange.line(heard, all.size() < expected.size() ? expected.get(all.size()) : heard);
                all.add(heard);
            }
        }
        return all;
    }

    private void line(Heard heard, Heard expected) throws IOException {
        String name = heard.line().substring(0, 1);
        if (heard.line().endsWith("!")) {
            Socket cut = connections.remove(name);
            accepted.remove(name);
            cut.setSoLinger(true, 0);
            cut.close();
        } else {
            Socket socket = connections.get(name);
            if (socket == null) {
                socket = new Socket("127.0.0.1", port);
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(PATIENCE_MILLIS);
                connections.put(name, socket);
            }
            socket.getOutputStream().write(Bytes.of(heard.line().substring(2)));
            hear(name, heard, expected);
        }
        // Twice, for what a connection has sent can set something free for one that was asked before it.
        for (int round = 0; round < 2; round++) {
            for (String each : List.copyOf(connections.keySet())) {
                hear(each, heard, expected);
            }
        }
    }

    private void hear(String name, Heard heard, Heard expected) throws IOException {
        Socket socket = connections.get(name);
        if (socket == null) {
            return;
        }
        ping(name, socket);
        boolean answered = false;
        while (!answered || heard.count(name) < expected.count(name) && connections.containsKey(name)) {
            String packet = packet(socket.getInputStream());
            if (packet.equals(PONG)) {
                answered = true;
                continue;
            }
            heard.packets().computeIfAbsent(name, n -> new ArrayList<>()).add(packet);
            if (packet.equals(END) || packet.equals(NOTHING)) {
                connections.remove(name).close();
                accepted.remove(name);
                return;
            }
            if (packet.startsWith(ACCEPTED) && packet.endsWith("00") && accepted.add(name)) {
                ping(name, socket);
            }
        }
    }

    private void ping(String name, Socket socket) throws IOException {
        if (accepted.contains(name)) {
            try {
                socket.getOutputStream().write(PING);
            } catch (SocketException e) {
                assertThat(e).as("the end has come already, and is read now").hasMessageMatching(".*(reset|pipe).*");
            }
        }
    }

    private static String packet(InputStream in) throws IOException {
        try {
            StringBuilder packet = new StringBuilder();
            int first = in.read();
            if (first < 0) {
                return END;
            }
            packet.append(HEX.toHexDigits((byte) first));
            int length = 0;
            int shift = 0;
            int digits;
            do {
                digits = in.read();
                packet.append(' ').append(HEX.toHexDigits((byte) digits));
                length |= (digits & 0x7F) << shift;
                shift += 7;
            } while (digits > 0x7F);
            byte[] body = in.readNBytes(length);
            return length == 0 ? packet.toString() : packet.append(' ').append(HEX.formatHex(body)).toString();
        } catch (SocketTimeoutException e) {
            return NOTHING;
        } catch (SocketException e) {
            return END;
        }
    }

    @Override
    public void close() {
        connections.values().forEach(socket -> {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
