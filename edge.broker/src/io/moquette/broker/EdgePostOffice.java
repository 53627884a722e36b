// SPDX-License-Identifier: Apache-2.0
package io.moquette.broker;

import io.moquette.broker.subscriptions.ISubscriptionsDirectory;
import io.moquette.broker.subscriptions.Subscription;
import io.moquette.interception.BrokerInterceptor;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;

/** Tells when a session is ready, and sends the retained messages of a new subscription. */
final class EdgePostOffice extends PostOffice {

    private final SessionRegistry registry;
    private final MoquetteSessions sessions;

    EdgePostOffice(ISubscriptionsDirectory subscriptions, SessionRegistry registry, ISessionsRepository repository,
                   BrokerInterceptor interceptor, Authorizator authorizator, SessionEventLoopGroup loop, Clock clock,
                   MoquetteSessions sessions) {
        super(subscriptions, new NoRetainedRepository(), registry, repository, interceptor, authorizator, loop, clock,
            MqttQoS.EXACTLY_ONCE);
        this.registry = registry;
        this.sessions = sessions;
        // Ends the two timers that the constructor started: wills and retained messages are ours.
        terminate();
    }

    /** The last thing that Moquette does for a CONNECT, after the CONNACK was written. */
    @Override
    void dispatchConnection(MqttConnectMessage connect) {
        sessions.ready(connect);
    }

    @Override
    public void subscribeClientToTopics(MqttSubscribeMessage subscribe, String clientId, String user,
                                        MQTTConnection connection) {
        Session session = registry.retrieve(clientId);
        Set<String> before = new HashSet<>();
        session.getSubscriptions().forEach(known -> before.add(known.getTopicFilter().toString()));
        super.subscribeClientToTopics(subscribe, clientId, user, connection);
        for (Subscription granted : session.getSubscriptions()) {
            for (MqttTopicSubscription asked : subscribe.payload().topicSubscriptions()) {
                String filter = asked.topicFilter();
                if (filter.equals(granted.getTopicFilter().toString()) && wantsRetained(asked, before.contains(filter))) {
                    sessions.deliverRetained(session, granted, asked.qualityOfService(), connection.channel);
                }
            }
        }
    }

    private static boolean wantsRetained(MqttTopicSubscription asked, boolean known) {
        return switch (asked.option().retainHandling()) {
            case SEND_AT_SUBSCRIBE -> true;
            case SEND_AT_SUBSCRIBE_IF_NOT_YET_EXISTS -> !known;
            case DONT_SEND_AT_SUBSCRIBE -> false;
        };
    }
}
