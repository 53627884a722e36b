// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.BinaryProperty;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttProperties.UserProperties;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Properties of MQTT 5 (section 2.2.2): those that are asked for, and those that travel on with a message. */
final class Properties5 {

    static final int PAYLOAD_FORMAT = 0x01;
    static final int MESSAGE_EXPIRY = 0x02;
    static final int CONTENT_TYPE = 0x03;
    static final int RESPONSE_TOPIC = 0x08;
    static final int CORRELATION_DATA = 0x09;
    static final int SUBSCRIPTION_ID = 0x0B;
    static final int SESSION_EXPIRY = 0x11;
    static final int ASSIGNED_CLIENT_ID = 0x12;
    static final int AUTHENTICATION_METHOD = 0x15;
    static final int WILL_DELAY = 0x18;
    static final int RECEIVE_MAXIMUM = 0x21;
    static final int TOPIC_ALIAS_MAXIMUM = 0x22;
    static final int TOPIC_ALIAS = 0x23;
    static final int USER_PROPERTY = 0x26;
    static final int MAXIMUM_PACKET_SIZE = 0x27;

    private static final byte[] NONE = new byte[0];

    private Properties5() {
    }

    /** A number, unsigned; the other value if it is not there. */
    static long number(MqttProperties properties, int id, long otherwise) {
        return properties.getProperty(id) instanceof IntegerProperty property
            ? Integer.toUnsignedLong(property.value()) : otherwise;
    }

    static Optional<String> text(MqttProperties properties, int id) {
        return properties.getProperty(id) instanceof StringProperty property ? Optional.of(property.value()) : Optional.empty();
    }

    /** Those that travel on with a message, as {@link edge.api.message.Origin} keeps them: the expiry first. */
    static byte[] travelling(MqttProperties properties) {
        if (properties.isEmpty()) {
            return NONE;
        }
        ByteBuf out = Unpooled.buffer(64);
        if (properties.getProperty(MESSAGE_EXPIRY) instanceof IntegerProperty expiry) {
            out.writeByte(MESSAGE_EXPIRY).writeInt(expiry.value());
        }
        for (MqttProperty<?> property : properties.listAll()) {
            switch (property.propertyId()) {
                case PAYLOAD_FORMAT -> out.writeByte(PAYLOAD_FORMAT).writeByte(((IntegerProperty) property).value());
                case CONTENT_TYPE, RESPONSE_TOPIC -> {
                    out.writeByte(property.propertyId());
                    text(out, ((StringProperty) property).value());
                }
                case CORRELATION_DATA -> {
                    byte[] data = ((BinaryProperty) property).value();
                    out.writeByte(CORRELATION_DATA).writeShort(data.length).writeBytes(data);
                }
                case USER_PROPERTY -> ((UserProperties) property).value().forEach(pair -> user(out, pair));
                default -> {
                    // The others are between the client and this broker.
                }
            }
        }
        return ByteBufUtil.getBytes(out);
    }

    private static void user(ByteBuf out, StringPair pair) {
        out.writeByte(USER_PROPERTY);
        text(out, pair.key);
        text(out, pair.value);
    }

    static void text(ByteBuf out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length).writeBytes(bytes);
    }
}
