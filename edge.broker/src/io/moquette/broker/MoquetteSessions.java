// SPDX-License-Identifier: Apache-2.0
package io.moquette.broker;

import edge.broker.bus.Origin;
import edge.broker.bus.RetainedMessages;
import edge.broker.bus.SerialLoop;
import edge.broker.session.Drops;
import edge.broker.session.Inbox;
import edge.broker.session.RetainMark;
import edge.broker.session.SessionState;
import edge.broker.session.Sessions;
import io.moquette.BrokerConstants;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.config.MemoryConfig;
import io.moquette.broker.security.IAuthorizatorPolicy;
import io.moquette.broker.subscriptions.CTrieSubscriptionDirectory;
import io.moquette.broker.subscriptions.ISubscriptionsDirectory;
import io.moquette.broker.subscriptions.Subscription;
import io.moquette.broker.subscriptions.Topic;
import io.moquette.interception.BrokerInterceptor;
import io.moquette.persistence.MemorySubscriptionsRepository;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moquette's sessions, subscription tree and outbound flow, wired without its server: no listener, store, authenticator,
 * interceptor or telemetry of Moquette's takes part.
 */
public final class MoquetteSessions implements Sessions {

    private static final Logger LOG = LoggerFactory.getLogger(MoquetteSessions.class);

    /** What a subscriber's channel may hold while the retained messages of a subscription are sent. */
    private static final int RETAINED_ROOM = 32 << 20;
    private static final int SESSION_EXPIRY_SECONDS = (int) TimeUnit.DAYS.toSeconds(7);

    private final RetainedMessages retained;
    private final Drops drops;
    private final ISubscriptionsDirectory subscriptions = new CTrieSubscriptionDirectory();
    private final EdgeSessionsRepository repository = new EdgeSessionsRepository();
    private final BrokerInterceptor interceptor;
    private final SessionRegistry registry;
    private final EdgeHandler handler;
    private final Map<MqttConnectMessage, Runnable> awaited = Collections.synchronizedMap(new IdentityHashMap<>());
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();

    public MoquetteSessions(SerialLoop loop, RetainedMessages retained, Drops drops) {
        this.retained = retained;
        this.drops = drops;
        Clock clock = Clock.systemUTC();
        subscriptions.init(new MemorySubscriptionsRepository());
        interceptor = new BrokerInterceptor(List.of());
        Authorizator authorizator = new Authorizator(new ReadRules());
        EdgeSessionLoop sessionLoop = new EdgeSessionLoop(interceptor, loop, this::disconnect);
        registry = new EdgeSessionRegistry(subscriptions, repository, new MemoryQueueRepository(), authorizator, clock,
            SESSION_EXPIRY_SECONDS, sessionLoop);
        PostOffice postOffice = new EdgePostOffice(subscriptions, registry, repository, interceptor, authorizator,
            sessionLoop, clock, this);
        // Who is who has been decided before Moquette sees the CONNECT, which carries a user in any case.
        handler = new EdgeHandler(new MQTTConnectionFactory(new BrokerConfiguration(configuration()),
            (clientId, user, password) -> true, registry, postOffice), loop);
    }

    /** What Moquette's own parts read; persistence and telemetry are named although the parts that do them are not here. */
    static IConfig configuration() {
        Properties properties = new Properties();
        properties.setProperty(IConfig.PERSISTENCE_ENABLED_PROPERTY_NAME, "false");
        properties.setProperty(IConfig.ENABLE_TELEMETRY_NAME, "false");
        properties.setProperty(IConfig.ALLOW_ANONYMOUS_PROPERTY_NAME, "false");
        properties.setProperty(BrokerConstants.ALLOW_ZERO_BYTE_CLIENT_ID_PROPERTY_NAME, "true");
        properties.setProperty(IConfig.BUFFER_FLUSH_MS_PROPERTY_NAME, "immediate");
        return new MemoryConfig(properties);
    }

    /** Everybody who has signed in may read everything but the broker's own topics. */
    private static final class ReadRules implements IAuthorizatorPolicy {
        @Override
        public boolean canRead(Topic filter, String user, String clientId) {
            return !filter.toString().startsWith("$");
        }

        /** Publishing is authorised by the message bus; a message never enters here. */
        @Override
        public boolean canWrite(Topic topic, String user, String clientId) {
            return false;
        }
    }

    @Override
    public ChannelHandler handler() {
        return handler;
    }

    @Override
    public void expect(MqttConnectMessage connect, Runnable whenReady) {
        awaited.put(connect, whenReady);
    }

    void ready(MqttConnectMessage connect) {
        Runnable whenReady = awaited.remove(connect);
        if (whenReady != null) {
            whenReady.run();
        }
    }

    @Override
    public void opened(Channel channel, String owner) {
        String clientId = clientId(channel);
        repository.own(clientId, owner);
        channels.put(clientId, channel);
    }

    @Override
    public void forget(MqttConnectMessage connect, Channel channel) {
        awaited.remove(connect);
        String clientId = clientId(channel);
        if (clientId != null) {
            channels.remove(clientId, channel);
        }
    }

    private void disconnect(String clientId) {
        Channel channel = channels.get(clientId);
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public String clientId(Channel channel) {
        return NettyUtils.clientID(channel);
    }

    @Override
    public Optional<String> owner(String clientId) {
        return Optional.ofNullable(repository.states().get(clientId)).map(SessionState::owner).filter(o -> !o.isEmpty());
    }

    @Override
    public Inbox inbox(String clientId) {
        return repository.state(clientId).inbox();
    }

    @Override
    public int count() {
        return repository.states().size();
    }

    @Override
    public void deliver(String topicName, int qos, boolean retain, Supplier<byte[]> payload, Origin origin) {
        Topic topic = new Topic(topicName);
        List<Subscription> matching = subscriptions.matchQosSharpening(topic);
        if (matching.isEmpty()) {
            return;
        }
        ByteBuf bytes = Unpooled.wrappedBuffer(payload.get());
        for (Subscription subscription : matching) {
            Session session = registry.retrieve(subscription.getClientId());
            boolean echo = subscription.option().isNoLocal() && subscription.getClientId().equals(origin.clientId());
            if (session != null && !echo) {
                try {
                    deliver(session, subscription, topic, qos, retain, bytes, origin);
                } catch (RuntimeException e) {
                    // One broken session must not keep the message from the others.
                    LOG.warn("Delivering to client {} failed; its connection is closed", session.getClientID(), e);
                    disconnect(session.getClientID());
                }
            }
        }
    }

    private void deliver(Session session, Subscription subscription, Topic topic, int qos, boolean retain, ByteBuf payload,
                         Origin origin) {
        MqttQoS granted = MqttQoS.valueOf(Math.min(qos, subscription.option().qos().value()));
        Channel channel = channels.get(session.getClientID());
        SessionState state = repository.state(session.getClientID());
        boolean room = granted == MqttQoS.AT_MOST_ONCE
            ? channel == null || channel.isWritable()
            : state.outbox().hasRoom(payload.readableBytes());
        if (!room) {
            drops.dropped(session.getClientID(), granted != MqttQoS.AT_MOST_ONCE);
            return;
        }
        MqttProperty<?>[] properties = retain && subscription.option().isRetainAsPublished()
            ? properties(subscription, origin, RetainMark.PROPERTY) : properties(subscription, origin);
        session.sendPublishOnSessionAtQos(new CountedMessage(topic, granted, payload, state.outbox(), properties));
    }

    /**
     * Sends what new subscribers get. All of it comes at once: the channel takes it for a moment, and the session's bound is
     * checked once, so that a client can have at most one such set waiting.
     */
    void deliverRetained(Session session, Subscription subscription, MqttQoS granted, Channel channel) {
        SessionState state = repository.state(session.getClientID());
        if (!channel.isWritable() || !state.outbox().hasRoom(0)) {
            drops.dropped(session.getClientID(), true);
            return;
        }
        ChannelConfig config = channel.config();
        WriteBufferWaterMark usual = config.getWriteBufferWaterMark();
        config.setWriteBufferWaterMark(new WriteBufferWaterMark(usual.low(), RETAINED_ROOM));
        try {
            for (RetainedMessages.Retained message : retained.matching(subscription.getTopicFilter().toString())) {
                MqttQoS qos = MqttQoS.valueOf(Math.min(message.qos(), granted.value()));
                session.sendPublishOnSessionAtQos(new CountedMessage(new Topic(message.topic()), qos,
                    Unpooled.wrappedBuffer(message.payload()), state.outbox(),
                    properties(subscription, Origin.INTERNAL, RetainMark.PROPERTY)));
            }
        } finally {
            config.setWriteBufferWaterMark(usual);
        }
    }

    private static MqttProperty<?>[] properties(Subscription subscription, Origin origin, MqttProperty<?>... more) {
        List<MqttProperty<?>> properties = new ArrayList<>(List.of(more));
        for (MqttProperty<?> property : origin.properties().listAll()) {
            properties.add(property);
        }
        if (subscription.hasSubscriptionIdentifier()) {
            properties.add(new IntegerProperty(MqttPropertyType.SUBSCRIPTION_IDENTIFIER.value(),
                subscription.getSubscriptionIdentifier().value()));
        }
        return properties.toArray(new MqttProperty<?>[0]);
    }

    @Override
    public void close() {
        registry.close();
        interceptor.stop();
    }
}
