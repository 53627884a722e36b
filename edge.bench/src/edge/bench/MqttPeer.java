// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of MQTT 3.1.1 that does no more than a measurement needs, so that it costs little beside the broker. */
final class MqttPeer implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private int nextId = 1;
    // Written by the thread that takes.
    private volatile int taken;

    /** @param buffer bytes of its buffers */
    MqttPeer(int port, String clientId, boolean clean, int buffer) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), buffer));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), buffer));
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        out.writeByte(0x10);
        out.writeByte(12 + id.length);
        out.writeUTF("MQTT");
        out.writeByte(4);
        out.writeByte(clean ? 2 : 0);
        out.writeShort(0);
        out.writeUTF(clientId);
        out.flush();
        if (in.readUnsignedByte() != 0x20 || in.readUnsignedByte() != 2 || in.readUnsignedShort() % 256 != 0) {
            throw new IOException("the broker does not accept " + clientId);
        }
    }

    void subscribe(String filter) throws IOException {
        out.writeByte(0x82);
        out.writeByte(5 + filter.length());
        out.writeShort(1);
        out.writeUTF(filter);
        out.writeByte(1);
        out.flush();
        if (in.readUnsignedByte() != 0x90) {
            throw new IOException("no SUBACK");
        }
        in.skipNBytes(in.readUnsignedByte());
    }

    /** Publishes at QoS 1 with so many in flight, until the count is acknowledged or the time is over; returns how many were. */
    int publish(String topic, byte[] payload, int count, int inFlight, long nanos) throws IOException {
        long end = System.nanoTime() + nanos;
        int sent = 0;
        int acknowledged = 0;
        while (acknowledged < count && (acknowledged < sent || System.nanoTime() < end)) {
            while (sent < count && sent - acknowledged < inFlight && System.nanoTime() < end) {
                send(topic, payload);
                sent++;
            }
            out.flush();
            do {
                if (in.readUnsignedByte() != 0x40) {
                    throw new IOException("no PUBACK");
                }
                in.skipNBytes(in.readUnsignedByte());
                acknowledged++;
            } while (in.available() > 0);
        }
        return acknowledged;
    }

    private void send(String topic, byte[] payload) throws IOException {
        int size = 4 + topic.length() + payload.length;
        out.writeByte(0x32);
        for (int left = size; left > 0; left >>>= 7) {
            out.writeByte(left & 0x7F | (left > 0x7F ? 0x80 : 0));
        }
        out.writeUTF(topic);
        out.writeShort(nextId);
        nextId = nextId == 65_535 ? 1 : nextId + 1;
        out.write(payload);
    }

    /** Messages that it has taken so far. Any thread. */
    int taken() {
        return taken;
    }

    /** Takes and acknowledges so many messages. */
    void take(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            int first = in.readUnsignedByte();
            int size = 0;
            int shift = 0;
            int b;
            do {
                b = in.readUnsignedByte();
                size |= (b & 0x7F) << shift;
                shift += 7;
            } while (b > 0x7F);
            if (first >> 4 != 3) {
                throw new IOException("a packet of type " + (first >> 4));
            }
            int topic = in.readUnsignedShort();
            in.skipNBytes(topic);
            int id = in.readUnsignedShort();
            in.skipNBytes(size - 4 - topic);
            taken++;
            out.writeByte(0x40);
            out.writeByte(2);
            out.writeShort(id);
            if (in.available() == 0) {
                out.flush();
            }
        }
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
