// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageFactory;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption.RetainedHandlingPolicy;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the packets of a client out of bytes. A packet is looked at when all of it is there, and never beyond its own length; what
 * is not exactly as its version of MQTT has it becomes a message whose {@code decoderResult} tells why, and is the last one.
 * Loop only.
 */
final class PacketDecoder extends ByteToMessageDecoder {

    private static final int MOST_LENGTH_BYTES = 4;
    private static final int WILL_FLAGS = 0x38;

    private int largest;
    private boolean mqtt5;
    private boolean failed;

    /** @param largest bytes of a packet behind its remaining length, until {@link #allow} says otherwise */
    PacketDecoder(int largest) {
        this.largest = largest;
    }

    void allow(int bytes) {
        largest = bytes;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (failed) {
            in.skipBytes(in.readableBytes());
            return;
        }
        int start = in.readerIndex();
        try {
            ByteBuf packet = next(in);
            if (packet != null) {
                out.add(message(in.getUnsignedByte(start), packet));
            }
        } catch (DecoderException | IndexOutOfBoundsException e) {
            failed = true;
            in.skipBytes(in.readableBytes());
            out.add(MqttMessageFactory.newInvalidMessage(e instanceof DecoderException ? e
                : new DecoderException("the packet ends before its contents do", e)));
        }
    }

    /** What is behind the remaining length of the next packet; null until all of it is there. */
    private ByteBuf next(ByteBuf in) {
        int at = in.readerIndex() + 1;
        int length = 0;
        for (int i = 0; i < MOST_LENGTH_BYTES; i++) {
            if (at >= in.writerIndex()) {
                return null;
            }
            byte digits = in.getByte(at++);
            length |= (digits & 0x7F) << 7 * i;
            if (digits >= 0) {
                if (length > largest) {
                    throw new TooLongFrameException("a packet of " + length + " bytes; " + largest + " are allowed");
                }
                if (in.writerIndex() - at < length) {
                    return null;
                }
                in.readerIndex(at + length);
                return in.slice(at, length);
            }
        }
        throw new DecoderException("a remaining length of more than four bytes");
    }

    private MqttMessage message(int first, ByteBuf in) {
        int type = first >> 4;
        int flags = first & 0xF;
        if (type == 0) {
            throw new DecoderException("a packet of the reserved type 0");
        }
        MqttMessageType known = MqttMessageType.valueOf(type);
        if (known == MqttMessageType.PUBLISH) {
            return publish(flags, in);
        }
        boolean marked = known == MqttMessageType.PUBREL || known == MqttMessageType.SUBSCRIBE || known == MqttMessageType.UNSUBSCRIBE;
        if (flags != (marked ? 2 : 0)) {
            throw new DecoderException("reserved flags of " + known + " (MQTT-2.2.2-2)");
        }
        MqttFixedHeader header = new MqttFixedHeader(known, false, marked ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE, false,
            in.readableBytes());
        MqttMessage message = switch (known) {
            case CONNECT -> connect(header, in);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> answer(header, in);
            case SUBSCRIBE -> subscribe(header, in);
            case UNSUBSCRIBE -> unsubscribe(header, in);
            case DISCONNECT -> disconnect(header, in);
            case PINGREQ -> new MqttMessage(header);
            default -> throw new DecoderException("a client does not send " + known);
        };
        if (in.isReadable()) {
            throw new DecoderException(known + " with " + in.readableBytes() + " bytes more than it has");
        }
        return message;
    }

    // ------------------------------------------------------------------------------------------------- CONNECT

    private MqttMessage connect(MqttFixedHeader header, ByteBuf in) {
        // The last answer to an unknown version is that of MQTT 3.1.1, so it must be known before all else is looked at.
        MqttVersion version = MqttVersion.fromProtocolNameAndLevel(Fields.text(in), in.readByte());
        mqtt5 = version == MqttVersion.MQTT_5;
        int flags = in.readUnsignedByte();
        boolean will = (flags & 4) != 0;
        boolean named = (flags & 0x80) != 0;
        boolean secret = (flags & 0x40) != 0;
        if ((flags & 1) != 0) {
            throw new DecoderException("a CONNECT with the reserved flag (MQTT-3.1.2-3)");
        }
        if (!will && (flags & WILL_FLAGS) != 0) {
            throw new DecoderException("a CONNECT with the QoS or the retain flag of a will that it has not (MQTT-3.1.2-13, -15)");
        }
        int willQos = qos(flags >> 3 & 3, "a will of QoS 3 (MQTT-3.1.2-14)").value();
        if (!mqtt5 && secret && !named) {
            throw new DecoderException("a CONNECT with a password and no user name (MQTT-3.1.2-22)");
        }
        int keepAlive = in.readUnsignedShort();
        MqttProperties properties = properties(in, Fields.OF_CONNECT);
        String clientId = Fields.text(in);
        MqttProperties ofWill = will ? properties(in, Fields.OF_WILL) : MqttProperties.NO_PROPERTIES;
        String topic = will ? Fields.text(in) : null;
        byte[] message = will ? Fields.binary(in) : null;
        String user = named ? Fields.text(in) : null;
        byte[] password = secret ? Fields.binary(in) : null;
        return new MqttConnectMessage(header, new MqttConnectVariableHeader(version.protocolName(), version.protocolLevel(), named,
            secret, (flags & 0x20) != 0, willQos, will, (flags & 2) != 0, keepAlive, properties),
            new MqttConnectPayload(clientId, ofWill, topic, message, user, password));
    }

    // ---------------------------------------------------------------------------------------- PUBLISH and answers

    private MqttMessage publish(int flags, ByteBuf in) {
        MqttQoS qos = qos(flags >> 1 & 3, "a PUBLISH of QoS 3 (MQTT-3.3.1-4)");
        boolean again = (flags & 8) != 0;
        if (again && qos == MqttQoS.AT_MOST_ONCE) {
            throw new DecoderException("a PUBLISH of QoS 0 that comes again (MQTT-3.3.1-2)");
        }
        MqttFixedHeader header = new MqttFixedHeader(MqttMessageType.PUBLISH, again, qos, (flags & 1) != 0, in.readableBytes());
        String topic = Fields.text(in);
        int id = qos == MqttQoS.AT_MOST_ONCE ? 0 : packetId(in);
        MqttProperties properties = properties(in, Fields.OF_PUBLISH);
        return new MqttPublishMessage(header, new MqttPublishVariableHeader(topic, id, properties),
            in.retainedSlice());
    }

    private MqttMessage answer(MqttFixedHeader header, ByteBuf in) {
        int id = packetId(in);
        if (!mqtt5) {
            return new MqttMessage(header, MqttMessageIdVariableHeader.from(id));
        }
        byte reason = in.isReadable() ? in.readByte() : 0;
        return new MqttMessage(header, new MqttPubReplyMessageVariableHeader(id, reason, trailing(in, Fields.OF_ANSWER)));
    }

    private MqttMessage disconnect(MqttFixedHeader header, ByteBuf in) {
        if (!mqtt5) {
            return new MqttMessage(header);
        }
        byte reason = in.isReadable() ? in.readByte() : 0;
        return new MqttMessage(header, new MqttReasonCodeAndPropertiesVariableHeader(reason, trailing(in, Fields.OF_DISCONNECT)));
    }

    // ----------------------------------------------------------------------------------------------- subscriptions

    private MqttMessage subscribe(MqttFixedHeader header, ByteBuf in) {
        MqttMessageIdAndPropertiesVariableHeader id =
            new MqttMessageIdAndPropertiesVariableHeader(packetId(in), properties(in, Fields.OF_SUBSCRIBE));
        List<MqttTopicSubscription> wanted = new ArrayList<>(1);
        while (in.isReadable()) {
            wanted.add(new MqttTopicSubscription(Fields.text(in), option(in.readUnsignedByte())));
        }
        return new MqttSubscribeMessage(header, id, new MqttSubscribePayload(wanted));
    }

    private MqttSubscriptionOption option(int options) {
        int reserved = mqtt5 ? 0xC0 : 0xFC;
        int handling = options >> 4 & 3;
        if ((options & reserved) != 0 || handling == 3) {
            throw new DecoderException("SUBSCRIBE with reserved bits (MQTT-3.8.3-4)");
        }
        return new MqttSubscriptionOption(qos(options & 3, "SUBSCRIBE with QoS 3 (MQTT-3.8.3-4)"), (options & 4) != 0,
            (options & 8) != 0, RetainedHandlingPolicy.valueOf(handling));
    }

    private MqttMessage unsubscribe(MqttFixedHeader header, ByteBuf in) {
        MqttMessageIdAndPropertiesVariableHeader id =
            new MqttMessageIdAndPropertiesVariableHeader(packetId(in), properties(in, Fields.OF_UNSUBSCRIBE));
        List<String> filters = new ArrayList<>(1);
        while (in.isReadable()) {
            filters.add(Fields.text(in));
        }
        return new MqttUnsubscribeMessage(header, id, new MqttUnsubscribePayload(filters));
    }

    // ------------------------------------------------------------------------------------------------------ fields

    private static MqttQoS qos(int value, String problem) {
        if (value > 2) {
            throw new DecoderException(problem);
        }
        return MqttQoS.valueOf(value);
    }

    private static int packetId(ByteBuf in) {
        int id = in.readUnsignedShort();
        if (id == 0) {
            throw new DecoderException("packet id 0 (MQTT-2.3.1-1)");
        }
        return id;
    }

    private MqttProperties properties(ByteBuf in, long allowed) {
        return mqtt5 ? Fields.properties(in, allowed) : MqttProperties.NO_PROPERTIES;
    }

    /** Those that may be left out together with their length. */
    private static MqttProperties trailing(ByteBuf in, long allowed) {
        return in.isReadable() ? Fields.properties(in, allowed) : MqttProperties.NO_PROPERTIES;
    }
}
