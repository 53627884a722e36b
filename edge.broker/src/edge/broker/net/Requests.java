// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.broker.access.TopicRules;
import edge.broker.session.Session;
import edge.broker.session.Subscription;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * SUBSCRIBE and UNSUBSCRIBE. Those of a session that outlives the process are answered when they are on disk and nothing that is
 * published from then on can be missed. Loop only.
 */
final class Requests {

    private static final int MAX_SUBSCRIPTIONS = 1_000;

    private final Hub hub;
    private final Client client;

    Requests(Hub hub, Client client) {
        this.hub = hub;
        this.client = client;
    }

    void subscribe(MqttSubscribeMessage subscribe) {
        Session session = client.session();
        MqttProperties properties = subscribe.idAndPropertiesVariableHeader().properties();
        int id = (int) Properties5.number(properties, Properties5.SUBSCRIPTION_ID, 0);
        List<MqttTopicSubscription> asked = subscribe.payload().topicSubscriptions();
        int[] codes = new int[asked.size()];
        List<Subscription> withRetained = new ArrayList<>();
        for (int i = 0; i < codes.length; i++) {
            Subscription wanted = hub.sessions().subscription(asked.get(i).topicFilter(), options(asked.get(i).option()), id);
            codes[i] = refusal(session, wanted);
            if (codes[i] == Reason.SUCCESS) {
                codes[i] = wanted.qos();
                boolean isNew = hub.sessions().subscribe(session, wanted);
                boolean retained = wanted.retainHandling() == 0 || wanted.retainHandling() == 1 && isNew;
                if (retained && !wanted.isShared()) {
                    withRetained.add(wanted);
                }
            }
        }
        int packetId = subscribe.variableHeader().messageId();
        hub.sessions().whenSafe(session, () -> {
            if (client.session() == session && !client.isClosing()) {
                Packets.answer(client.out(), Packets.SUBACK, packetId, codes, client.isMqtt5());
                withRetained.forEach(subscription -> hub.sessions().deliverRetained(session, subscription));
            }
        });
    }

    private static int options(MqttSubscriptionOption option) {
        return option.qos().value() | (option.isNoLocal() ? 4 : 0) | (option.isRetainAsPublished() ? 8 : 0)
            | option.retainHandling().value() << 4;
    }

    private int refusal(Session session, Subscription wanted) {
        TopicRules rules = hub.rules().get();
        if (!rules.maySubscribe(client.caller(), client.clientId(), wanted.filter(), wanted.isShared())) {
            hub.counters().refused("subscription");
            hub.log().say("{} may not subscribe to {}", client, wanted.text());
            return client.isMqtt5() ? Reason.NOT_AUTHORIZED : Reason.V3_FAILURE;
        }
        if (session.subscriptions().size() >= MAX_SUBSCRIPTIONS) {
            hub.counters().refused("too many subscriptions");
            return client.isMqtt5() ? Reason.QUOTA_EXCEEDED : Reason.V3_FAILURE;
        }
        return Reason.SUCCESS;
    }

    void unsubscribe(MqttUnsubscribeMessage unsubscribe) {
        Session session = client.session();
        List<String> filters = unsubscribe.payload().topics();
        int[] codes = new int[filters.size()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = hub.sessions().unsubscribe(session, filters.get(i)) ? Reason.SUCCESS : Reason.NO_SUBSCRIPTION_EXISTED;
        }
        int packetId = unsubscribe.variableHeader().messageId();
        hub.sessions().whenSafe(session, () -> {
            if (client.session() == session && !client.isClosing()) {
                Packets.answer(client.out(), Packets.UNSUBACK, packetId, codes, client.isMqtt5());
            }
        });
    }
}
