// SPDX-License-Identifier: Apache-2.0
package edge.broker.state;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * One change of what must outlive the process: sessions, their subscriptions, how far their deliveries have come, and retained
 * messages. The messages of sessions are not here: they are in the journal, and an entry names their positions.
 */
public sealed interface Entry {

    /** A new session in place of whatever was known of that client. */
    record Opened(String client, String owner, long expirySeconds) implements Entry {
    }

    /** How long a session outlives its connection has changed. */
    record Expiry(String client, long expirySeconds) implements Entry {
    }

    record Ended(String client) implements Entry {
    }

    /**
     * @param filter as the client wrote it, with {@code $share/name/} if it is shared
     * @param options MQTT 5's subscription options: QoS, no local, retain as published, retain handling
     * @param id the subscription identifier, 0 if there is none
     * @param boot the run of the gateway in which it was made, as {@code most significant} half of its boot id
     * @param since monotonic nanoseconds of that run: messages from before are not meant
     */
    record Subscribed(String client, String filter, int options, int id, long boot, long since) implements Entry {
    }

    record Unsubscribed(String client, String filter) implements Entry {
    }

    /** Everything up to that position has been delivered or is named by a {@link Sent}. */
    record Mark(String client, long position) implements Entry {
    }

    /** A message of QoS 2 is about to be sent with that packet id. */
    record Sent(String client, int packetId, long position) implements Entry {
    }

    /** The PUBREC has come. */
    record Received(String client, int packetId) implements Entry {
    }

    /** The PUBCOMP has come. */
    record Completed(String client, int packetId) implements Entry {
    }

    /** Positions of messages that wait for a session; a negative one came through a shared subscription. */
    record Waiting(String client, long[] positions) implements Entry {
    }

    /** A message of QoS 2 that a client has published and not released. */
    record Unreleased(String client, int packetId, String stream, long epoch, long sequence) implements Entry {
    }

    /** A client has released the message that is stored under that key. */
    record Released(String client, int packetId, String stream, long epoch, long sequence) implements Entry {
    }

    /** Everything in the journal up to that position is accounted for in {@link Waiting}. */
    record Fed(long position) implements Entry {
    }

    /** @param properties as in {@link edge.api.message.Origin} */
    record Retained(String topic, int qos, byte[] properties, byte[] payload) implements Entry {
    }

    record NotRetained(String topic) implements Entry {
    }

    /** The entry as it is on disk. */
    default byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private void write(DataOutputStream out) throws IOException {
        if (this instanceof Opened e) {
            head(out, 1, e.client());
            text(out, e.owner());
            out.writeLong(e.expirySeconds());
        } else if (this instanceof Expiry e) {
            head(out, 2, e.client());
            out.writeLong(e.expirySeconds());
        } else if (this instanceof Ended e) {
            head(out, 3, e.client());
        } else if (this instanceof Subscribed e) {
            head(out, 4, e.client());
            text(out, e.filter());
            out.writeByte(e.options());
            out.writeInt(e.id());
            out.writeLong(e.boot());
            out.writeLong(e.since());
        } else if (this instanceof Unsubscribed e) {
            head(out, 5, e.client());
            text(out, e.filter());
        } else if (this instanceof Mark e) {
            head(out, 6, e.client());
            out.writeLong(e.position());
        } else if (this instanceof Sent e) {
            head(out, 7, e.client());
            out.writeShort(e.packetId());
            out.writeLong(e.position());
        } else if (this instanceof Received e) {
            head(out, 8, e.client());
            out.writeShort(e.packetId());
        } else if (this instanceof Completed e) {
            head(out, 9, e.client());
            out.writeShort(e.packetId());
        } else if (this instanceof Waiting e) {
            head(out, 10, e.client());
            out.writeInt(e.positions().length);
            for (long position : e.positions()) {
                out.writeLong(position);
            }
        } else if (this instanceof Unreleased e) {
            head(out, 11, e.client());
            key(out, e.packetId(), e.stream(), e.epoch(), e.sequence());
        } else if (this instanceof Released e) {
            head(out, 12, e.client());
            key(out, e.packetId(), e.stream(), e.epoch(), e.sequence());
        } else if (this instanceof Fed e) {
            out.writeByte(13);
            out.writeLong(e.position());
        } else if (this instanceof Retained e) {
            head(out, 14, e.topic());
            out.writeByte(e.qos());
            bytes(out, e.properties());
            bytes(out, e.payload());
        } else if (this instanceof NotRetained e) {
            head(out, 15, e.topic());
        }
    }

    private static void head(DataOutputStream out, int type, String name) throws IOException {
        out.writeByte(type);
        text(out, name);
    }

    private static void key(DataOutputStream out, int packetId, String stream, long epoch, long sequence) throws IOException {
        out.writeShort(packetId);
        text(out, stream);
        out.writeLong(epoch);
        out.writeLong(sequence);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        bytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads an entry.
     *
     * @throws IOException if it is none, or of a type that only a newer version knows
     */
    static Entry decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int type = in.readUnsignedByte();
        if (type == 13) {
            return new Fed(in.readLong());
        }
        String name = text(in);
        return switch (type) {
            case 1 -> new Opened(name, text(in), in.readLong());
            case 2 -> new Expiry(name, in.readLong());
            case 3 -> new Ended(name);
            case 4 -> new Subscribed(name, text(in), in.readUnsignedByte(), in.readInt(), in.readLong(), in.readLong());
            case 5 -> new Unsubscribed(name, text(in));
            case 6 -> new Mark(name, in.readLong());
            case 7 -> new Sent(name, in.readUnsignedShort(), in.readLong());
            case 8 -> new Received(name, in.readUnsignedShort());
            case 9 -> new Completed(name, in.readUnsignedShort());
            case 10 -> {
                int count = in.readInt();
                if (count < 0 || count > in.available() / Long.BYTES) {
                    throw new IOException(count + " positions do not fit the entry");
                }
                long[] positions = new long[count];
                for (int i = 0; i < count; i++) {
                    positions[i] = in.readLong();
                }
                yield new Waiting(name, positions);
            }
            case 11 -> new Unreleased(name, in.readUnsignedShort(), text(in), in.readLong(), in.readLong());
            case 12 -> new Released(name, in.readUnsignedShort(), text(in), in.readLong(), in.readLong());
            case 14 -> new Retained(name, in.readUnsignedByte(), bytes(in), bytes(in));
            case 15 -> new NotRetained(name);
            default -> throw new IOException("there is no entry of type " + type);
        };
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException(length + " bytes do not fit the entry");
        }
        return in.readNBytes(length);
    }
}
