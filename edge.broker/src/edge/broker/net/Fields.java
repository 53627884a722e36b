// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.BinaryProperty;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttProperties.UserProperty;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads the fields that packets are made of: MQTT 3.1.1 section 1.5, MQTT 5 sections 1.5 and 2.2.2. */
final class Fields {

    private static final int PROBLEM_INFORMATION = 0x17;
    private static final int RESPONSE_INFORMATION = 0x19;
    private static final int AUTHENTICATION_DATA = 0x16;
    private static final int REASON_STRING = 0x1F;

    /** Which properties a packet may have: one bit each. */
    static final long OF_CONNECT = bits(Properties5.SESSION_EXPIRY, Properties5.AUTHENTICATION_METHOD, AUTHENTICATION_DATA,
        PROBLEM_INFORMATION, RESPONSE_INFORMATION, Properties5.RECEIVE_MAXIMUM, Properties5.TOPIC_ALIAS_MAXIMUM,
        Properties5.USER_PROPERTY, Properties5.MAXIMUM_PACKET_SIZE);
    private static final long OF_MESSAGE = bits(Properties5.PAYLOAD_FORMAT, Properties5.MESSAGE_EXPIRY, Properties5.CONTENT_TYPE,
        Properties5.RESPONSE_TOPIC, Properties5.CORRELATION_DATA, Properties5.USER_PROPERTY);
    static final long OF_WILL = OF_MESSAGE | bits(Properties5.WILL_DELAY);
    static final long OF_PUBLISH = OF_MESSAGE | bits(Properties5.TOPIC_ALIAS);
    static final long OF_SUBSCRIBE = bits(Properties5.SUBSCRIPTION_ID, Properties5.USER_PROPERTY);
    static final long OF_UNSUBSCRIBE = bits(Properties5.USER_PROPERTY);
    static final long OF_ANSWER = bits(REASON_STRING, Properties5.USER_PROPERTY);
    static final long OF_DISCONNECT = OF_ANSWER | bits(Properties5.SESSION_EXPIRY);

    private Fields() {
    }

    private static long bits(int... ids) {
        long bits = 0;
        for (int id : ids) {
            bits |= 1L << id;
        }
        return bits;
    }

    /** Well-formed UTF-8 without U+0000; anything else is a reason to end the connection (MQTT-1.5.3-1, -2). */
    static String text(ByteBuf in) {
        int length = in.readUnsignedShort();
        int start = in.readerIndex();
        in.skipBytes(length);
        boolean ascii = in.forEachByte(start, length, b -> b > 0) < 0;
        if (ascii) {
            return in.toString(start, length, StandardCharsets.US_ASCII);
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .decode(in.nioBuffer(start, length)).toString();
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            throw new DecoderException("a text that is no UTF-8 (MQTT-1.5.3-1)", e);
        }
        throw new DecoderException("a text with U+0000 (MQTT-1.5.3-2)");
    }

    static byte[] binary(ByteBuf in) {
        byte[] data = new byte[in.readUnsignedShort()];
        in.readBytes(data);
        return data;
    }

    /** A number of one to four bytes, as short as it can be. */
    private static int variable(ByteBuf in) {
        int value = 0;
        for (int shift = 0; shift <= 21; shift += 7) {
            byte digits = in.readByte();
            value |= (digits & 0x7F) << shift;
            if (digits >= 0) {
                if (digits == 0 && shift > 0) {
                    break;
                }
                return value;
            }
        }
        throw new DecoderException("a number that is longer than it must be (MQTT5-1.5.5-1)");
    }

    /** @param allowed those that this packet may have; each of them once, except user properties */
    static MqttProperties properties(ByteBuf in, long allowed) {
        int length = variable(in);
        if (length == 0) {
            return MqttProperties.NO_PROPERTIES;
        }
        ByteBuf own = in.readSlice(length);
        MqttProperties properties = new MqttProperties();
        while (own.isReadable()) {
            int id = variable(own);
            if (id >= Long.SIZE || (allowed & 1L << id) == 0) {
                throw new DecoderException("a property " + id + " where it may not be");
            }
            if (id != Properties5.USER_PROPERTY && properties.getProperty(id) != null) {
                throw new DecoderException("two properties " + id);
            }
            properties.add(property(id, own));
        }
        return properties;
    }

    private static MqttProperties.MqttProperty<?> property(int id, ByteBuf in) {
        return switch (id) {
            case Properties5.PAYLOAD_FORMAT, PROBLEM_INFORMATION, RESPONSE_INFORMATION -> number(id, in.readUnsignedByte(), 0, 1);
            case Properties5.RECEIVE_MAXIMUM -> number(id, in.readUnsignedShort(), 1, 0xFFFF);
            case Properties5.TOPIC_ALIAS_MAXIMUM, Properties5.TOPIC_ALIAS -> number(id, in.readUnsignedShort(), 0, 0xFFFF);
            case Properties5.MAXIMUM_PACKET_SIZE -> number(id, in.readUnsignedInt(), 1, 0xFFFF_FFFFL);
            case Properties5.MESSAGE_EXPIRY, Properties5.SESSION_EXPIRY, Properties5.WILL_DELAY ->
                number(id, in.readUnsignedInt(), 0, 0xFFFF_FFFFL);
            case Properties5.SUBSCRIPTION_ID -> number(id, variable(in), 1, Integer.MAX_VALUE);
            case Properties5.CORRELATION_DATA, AUTHENTICATION_DATA -> new BinaryProperty(id, binary(in));
            case Properties5.USER_PROPERTY -> new UserProperty(text(in), text(in));
            default -> new StringProperty(id, text(in));
        };
    }

    private static IntegerProperty number(int id, long value, long least, long most) {
        if (value < least || value > most) {
            throw new DecoderException("a property " + id + " of " + value);
        }
        return new IntegerProperty(id, (int) value);
    }
}
