// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.access.Caller;
import edge.api.gateway.GatewayClock;
import edge.api.message.RawMessage;
import edge.broker.bus.IngestBus;
import edge.broker.bus.Origin;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Last wills. They are taken off the CONNECT, kept with the connection, and published by the one ingest path on behalf of the
 * client, after their delay if they have one (MQTT 5). Network loop only.
 */
public final class Wills {

    private static final Logger LOG = LoggerFactory.getLogger(Wills.class);

    /** @param delaySeconds how long to wait for the client to come back to its session */
    record Will(String topic, byte[] payload, int qos, boolean retain, long delaySeconds, MqttProperties properties) {
    }

    private record Delayed(Runnable publish, ScheduledFuture<?> timer) {
    }

    private final IngestBus bus;
    private final GatewayClock clock;
    private final Map<String, Delayed> delayed = new HashMap<>();
    private volatile boolean closed;

    public Wills(IngestBus bus, GatewayClock clock) {
        this.bus = bus;
        this.clock = clock;
    }

    /** The will of a CONNECT. */
    static Optional<Will> of(MqttConnectMessage connect) {
        if (!connect.variableHeader().isWillFlag()) {
            return Optional.empty();
        }
        MqttProperties given = connect.payload().willProperties();
        MqttProperties properties = new MqttProperties();
        for (MqttProperties.MqttProperty<?> property : given.listAll()) {
            if (property.propertyId() != MqttPropertyType.WILL_DELAY_INTERVAL.value()) {
                properties.add(property);
            }
        }
        long delay = Math.min(seconds(given, MqttPropertyType.WILL_DELAY_INTERVAL),
            seconds(connect.variableHeader().properties(), MqttPropertyType.SESSION_EXPIRY_INTERVAL));
        byte[] payload = connect.payload().willMessageInBytes();
        return Optional.of(new Will(connect.payload().willTopic(), payload == null ? new byte[0] : payload,
            connect.variableHeader().willQos(), connect.variableHeader().isWillRetain(), delay, properties));
    }

    private static long seconds(MqttProperties properties, MqttPropertyType type) {
        return properties.getProperty(type.value()) instanceof IntegerProperty property
            ? Integer.toUnsignedLong(property.value()) : 0;
    }

    /** The client's connection ended in a way that sets its will free. */
    void release(Will will, String clientId, Caller caller, EventLoop network) {
        if (closed) {
            return;
        }
        Runnable publish = () -> publish(will, clientId, caller);
        if (will.delaySeconds() == 0) {
            publish.run();
            return;
        }
        returned(clientId, true);
        delayed.put(clientId, new Delayed(publish, network.schedule(() -> {
            delayed.remove(clientId);
            publish.run();
        }, will.delaySeconds(), TimeUnit.SECONDS)));
    }

    /**
     * The client is back.
     *
     * @param newSession true if it begins a new session: the end of the old one sets the will free
     */
    void returned(String clientId, boolean newSession) {
        Delayed waiting = delayed.remove(clientId);
        if (waiting != null) {
            waiting.timer().cancel(false);
            if (newSession) {
                waiting.publish().run();
            }
        }
    }

    private void publish(Will will, String clientId, Caller caller) {
        if (closed) {
            return;
        }
        RawMessage message = new RawMessage(will.topic(), will.payload(), will.qos(), will.retain(), clock.now(), caller);
        bus.publish(message, new Origin(clientId, will.properties())).whenComplete((receipt, error) -> {
            if (error != null) {
                LOG.warn("The last will of client {} on {} was refused: {}", clientId, will.topic(),
                    IngestBus.cause(error).getMessage());
            }
        });
    }

    /** No wills from now on: it is the broker that goes, not the clients. */
    public void close() {
        closed = true;
    }
}
