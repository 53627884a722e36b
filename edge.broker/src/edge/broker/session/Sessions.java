// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.broker.bus.Origin;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import java.util.Optional;
import java.util.function.Supplier;

/** Sessions, subscriptions and the delivery to subscribers: what an MQTT broker library does for us. */
public interface Sessions extends AutoCloseable {

    /** The last handler of a connection's pipeline. It gets everything but PUBLISH and PUBREL, and no wills. */
    ChannelHandler handler();

    /**
     * Announces a CONNECT that is about to reach the {@link #handler()}. The action runs on the channel's event loop when the
     * session is ready for packets, which is after the CONNACK was written.
     */
    void expect(MqttConnectMessage connect, Runnable whenReady);

    /** The session of a channel is ready and belongs to that account. */
    void opened(Channel channel, String owner);

    /** The connection is gone. */
    void forget(MqttConnectMessage connect, Channel channel);

    /** The client id of a channel whose session is ready. */
    String clientId(Channel channel);

    /** Name of the account that a session belongs to. */
    Optional<String> owner(String clientId);

    /** What a session has received at QoS 2 and not released yet. */
    Inbox inbox(String clientId);

    /** How many sessions there are, connected or not. */
    int count();

    /**
     * Delivers a message to every subscriber. Session loop only.
     *
     * @param payload asked only if somebody subscribes
     */
    void deliver(String topic, int qos, boolean retain, Supplier<byte[]> payload, Origin origin);

    /** Ends every session. Leaves no thread. */
    @Override
    void close();
}
