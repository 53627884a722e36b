// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import io.moquette.broker.ISubscriptionsRepository;
import io.moquette.broker.subscriptions.CTrieSubscriptionDirectory;
import io.moquette.broker.subscriptions.ShareName;
import io.moquette.broker.subscriptions.SharedSubscription;
import io.moquette.broker.subscriptions.SubscriptionIdentifier;
import io.moquette.broker.subscriptions.Topic;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Who subscribes to what: Moquette's subscription directory. What it says is that a name has a filter; what the subscription
 * is like is asked of the session, which also keeps it, so that the directory has nothing to store.
 */
final class SubscriptionTree {

    /**
     * A last level that every topic and filter gets: the directory takes empty levels at the end for one, however many they are.
     */
    private static final String LAST = "/.";
    private static final MqttSubscriptionOption OPTION = MqttSubscriptionOption.onlyFromQos(MqttQoS.AT_MOST_ONCE);

    private final CTrieSubscriptionDirectory directory = new CTrieSubscriptionDirectory();

    SubscriptionTree() {
        directory.init(new NothingStored());
    }

    /** @param name of a session or of a group that shares a subscription */
    void add(String name, String filter) {
        directory.add(name, closed(filter), OPTION);
    }

    void remove(String name, String filter) {
        directory.removeSubscription(closed(filter), name);
    }

    /** Gives each name and filter that match the topic. */
    void match(String topic, BiConsumer<String, String> found) {
        for (io.moquette.broker.subscriptions.Subscription each : directory.matchWithoutQosSharpening(closed(topic))) {
            String filter = each.getTopicFilter().toString();
            found.accept(each.getClientId(), filter.endsWith(LAST) ? filter.substring(0, filter.length() - LAST.length()) : filter);
        }
    }

    private static Topic closed(String text) {
        return new Topic(text.endsWith("#") ? text : text + LAST);
    }

    private static final class NothingStored implements ISubscriptionsRepository {

        @Override
        public Set<io.moquette.broker.subscriptions.Subscription> listAllSubscriptions() {
            return Set.of();
        }

        @Override
        public void addNewSubscription(io.moquette.broker.subscriptions.Subscription subscription) {
            // The session keeps it.
        }

        @Override
        public void removeSubscription(String filter, String name) {
            // The session keeps it.
        }

        @Override
        public void removeAllSharedSubscriptions(String name) {
            // Groups are ordinary names here.
        }

        @Override
        public void removeSharedSubscription(String name, ShareName share, Topic filter) {
            // Groups are ordinary names here.
        }

        @Override
        public void addNewSharedSubscription(String name, ShareName share, Topic filter, MqttSubscriptionOption option) {
            // Groups are ordinary names here.
        }

        @Override
        public void addNewSharedSubscription(String name, ShareName share, Topic filter, MqttSubscriptionOption option,
                                             SubscriptionIdentifier id) {
            // Groups are ordinary names here.
        }

        @Override
        public Collection<SharedSubscription> listAllSharedSubscription() {
            return List.of();
        }
    }
}
