// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An MQTT 3.1.1 client that sends exactly the bytes it is told to. */
public final class RawClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    public static final int CONNACK = 2;
    public static final int PUBLISH = 3;
    public static final int PUBACK = 4;
    public static final int PUBREC = 5;
    public static final int PUBREL = 6;
    public static final int PUBCOMP = 7;
    public static final int SUBACK = 9;
    public static final int PINGRESP = 13;

    /** One packet that has come. */
    public record Packet(int type, int flags, byte[] body) {
        public int id() {
            return (body[0] & 0xFF) << 8 | body[1] & 0xFF;
        }

        public String topic() {
            return new String(body, 2, (body[0] & 0xFF) << 8 | body[1] & 0xFF, StandardCharsets.UTF_8);
        }

        public boolean retained() {
            return (flags & 1) == 1;
        }

        public int qos() {
            return flags >> 1 & 3;
        }

        public String payload() {
            int start = 2 + topic().getBytes(StandardCharsets.UTF_8).length + (qos() > 0 ? 2 : 0);
            return new String(body, start, body.length - start, StandardCharsets.UTF_8);
        }
    }

    private final Socket socket;
    private final DataInputStream in;

    public RawClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Connected and accepted as {@code sensor}. */
    public static RawClient accepted(int port, String clientId) throws IOException {
        RawClient client = new RawClient(port);
        client.send(connect(clientId, "sensor", "sensor-secret", true));
        Packet connack = client.read();
        if (connack.type() != CONNACK || connack.body()[1] != 0) {
            throw new IOException("not accepted: " + connack);
        }
        return client;
    }

    public static byte[] connect(String clientId, String user, String password, boolean clean) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, "MQTT");
        body.write(4);
        body.write((user == null ? 0 : 0x80) | (password == null ? 0 : 0x40) | (clean ? 2 : 0));
        body.write(0);
        body.write(60);
        text(body, clientId);
        if (user != null) {
            text(body, user);
        }
        if (password != null) {
            text(body, password);
        }
        return packet(0x10, body.toByteArray());
    }

    public static byte[] subscribe(int id, String filter, int qos) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write(id >> 8);
        body.write(id);
        text(body, filter);
        body.write(qos);
        return packet(0x82, body.toByteArray());
    }

    public static byte[] publish(String topic, String payload, int qos, int id, boolean retain, boolean dup) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        text(body, topic);
        if (qos > 0) {
            body.write(id >> 8);
            body.write(id);
        }
        body.writeBytes(payload.getBytes(StandardCharsets.UTF_8));
        return packet(0x30 | qos << 1 | (retain ? 1 : 0) | (dup ? 8 : 0), body.toByteArray());
    }

    public static byte[] publish(String topic, int qos, int id) {
        return publish(topic, "x", qos, id, false, false);
    }

    public static byte[] pubrel(int id) {
        return packet(0x62, new byte[] {(byte) (id >> 8), (byte) id});
    }

    public static byte[] ping() {
        return packet(0xC0, new byte[0]);
    }

    public static byte[] packet(int first, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int length = body.length;
        do {
            out.write(length % 128 | (length >= 128 ? 0x80 : 0));
            length /= 128;
        } while (length > 0);
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes.length >> 8);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    /** All of it in one write. */
    public void send(byte[]... packets) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] packet : packets) {
            all.writeBytes(packet);
        }
        socket.getOutputStream().write(all.toByteArray());
    }

    public Packet read() throws IOException {
        int first = in.readUnsignedByte();
        int length = 0;
        int shift = 0;
        int b;
        do {
            b = in.readUnsignedByte();
            length |= (b & 0x7F) << shift;
            shift += 7;
        } while ((b & 0x80) != 0);
        byte[] body = new byte[length];
        in.readFully(body);
        return new Packet(first >> 4, first & 0xF, body);
    }

    /** The ids of the next packets, which must be of that type. */
    public List<Integer> ids(int type, int count) throws IOException {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Packet packet = read();
            if (packet.type() != type) {
                throw new IOException("a packet of type " + packet.type() + " instead of " + type);
            }
            ids.add(packet.id());
        }
        return ids;
    }

    /** Waits until the other side has closed; false if it sends something or stays. */
    public boolean isClosedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (EOFException | SocketException e) {
            return true;
        }
    }

    /** The other side says that nothing comes any more; false if something comes. It is no end if the connection is reset. */
    public boolean isEnded() throws IOException {
        return in.read() < 0;
    }

    /** So many bytes come, and then the end. */
    public boolean isAnsweredAndClosed(int bytes) throws IOException {
        try {
            return in.readNBytes(bytes + 1).length == bytes;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Nothing comes within that time. */
    public boolean isSilentFor(int millis) throws IOException {
        int before = socket.getSoTimeout();
        socket.setSoTimeout(millis);
        try {
            in.mark(1);
            int got = in.read();
            throw new IOException("not silent: " + got);
        } catch (java.net.SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(before);
        }
    }

    /** Breaks off without a DISCONNECT. */
    public void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
