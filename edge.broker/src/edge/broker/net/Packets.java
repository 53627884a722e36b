// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.broker.session.Parcel;
import io.netty.buffer.ByteBuf;

/**
 * Writes the packets of a server. Straight into the buffer of a connection, so that everything a client gets in one turn of the
 * loop leaves in one write.
 */
final class Packets {

    private static final int CONNACK = 0x20;
    private static final int PUBLISH = 0x30;
    static final int PUBACK = 0x40;
    static final int PUBREC = 0x50;
    static final int PUBREL = 0x62;
    static final int PUBCOMP = 0x70;
    static final int SUBACK = 0x90;
    static final int UNSUBACK = 0xB0;
    private static final int PINGRESP = 0xD0;
    private static final int DISCONNECT = 0xE0;

    private static final int EXPIRY_SIZE = 5;

    private Packets() {
    }

    /** @param properties of MQTT 5, encoded; null for a client of MQTT 3 */
    static void connack(ByteBuf out, boolean sessionPresent, int code, byte[] properties) {
        out.writeByte(CONNACK);
        variable(out, 2 + (properties == null ? 0 : variableSize(properties.length) + properties.length));
        out.writeByte(sessionPresent ? 1 : 0).writeByte(code);
        if (properties != null) {
            variable(out, properties.length);
            out.writeBytes(properties);
        }
    }

    /** Bytes of a PUBLISH behind its first byte and its length. */
    static int publishSize(Parcel parcel, int qos, boolean mqtt5, int[] ids) {
        int size = 2 + parcel.topicBytes().length + (qos > 0 ? 2 : 0) + parcel.payload().length;
        if (mqtt5) {
            int properties = propertiesSize(parcel, ids);
            size += variableSize(properties) + properties;
        }
        return size;
    }

    private static int propertiesSize(Parcel parcel, int[] ids) {
        int size = parcel.properties().length + (parcel.secondsLeft() < 0 ? 0 : EXPIRY_SIZE);
        for (int id : ids) {
            size += 1 + variableSize(id);
        }
        return size;
    }

    /** @param size as {@link #publishSize} told it */
    static void publish(ByteBuf out, Parcel parcel, int size, int qos, boolean duplicate, boolean retain, int packetId,
                        boolean mqtt5, int[] ids) {
        out.ensureWritable(size + EXPIRY_SIZE);
        out.writeByte(PUBLISH | (duplicate ? 8 : 0) | qos << 1 | (retain ? 1 : 0));
        variable(out, size);
        out.writeShort(parcel.topicBytes().length).writeBytes(parcel.topicBytes());
        if (qos > 0) {
            out.writeShort(packetId);
        }
        if (mqtt5) {
            variable(out, propertiesSize(parcel, ids));
            long left = parcel.secondsLeft();
            if (left >= 0) {
                out.writeByte(Properties5.MESSAGE_EXPIRY).writeInt((int) left);
            }
            for (int id : ids) {
                out.writeByte(Properties5.SUBSCRIPTION_ID);
                variable(out, id);
            }
            out.writeBytes(parcel.properties());
        }
        out.writeBytes(parcel.payload());
    }

    /** A PUBACK, PUBREC, PUBREL or PUBCOMP. A reason other than success is for MQTT 5 alone. */
    static void answer(ByteBuf out, int type, int packetId, int reason) {
        out.writeByte(type).writeByte(reason == Reason.SUCCESS ? 2 : 3).writeShort(packetId);
        if (reason != Reason.SUCCESS) {
            out.writeByte(reason);
        }
    }

    /** A SUBACK, or an UNSUBACK, which has no codes in MQTT 3. */
    static void answer(ByteBuf out, int type, int packetId, int[] codes, boolean mqtt5) {
        boolean withCodes = mqtt5 || type == SUBACK;
        out.writeByte(type);
        variable(out, 2 + (mqtt5 ? 1 : 0) + (withCodes ? codes.length : 0));
        out.writeShort(packetId);
        if (mqtt5) {
            out.writeByte(0);
        }
        if (withCodes) {
            for (int code : codes) {
                out.writeByte(code);
            }
        }
    }

    static void pingResponse(ByteBuf out) {
        out.writeByte(PINGRESP).writeByte(0);
    }

    /** For MQTT 5 alone: a server of MQTT 3 just closes. */
    static void disconnect(ByteBuf out, int reason) {
        out.writeByte(DISCONNECT).writeByte(1).writeByte(reason);
    }

    static void variable(ByteBuf out, int value) {
        int left = value;
        while (left > 0x7F) {
            out.writeByte(left & 0x7F | 0x80);
            left >>>= 7;
        }
        out.writeByte(left);
    }

    static int variableSize(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }
}
