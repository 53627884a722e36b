// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Finds where messages of a topic go, and remembers it until a subscription changes or other rules are in force: topics come again
 * and again. Loop only.
 */
final class Router {

    private static final int MAX_REMEMBERED = 4_096;
    private static final char SESSION = 's';
    private static final char GROUP = 'g';

    private final SubscriptionTree tree = new SubscriptionTree();
    private final Map<String, ShareGroup> groups = new HashMap<>();
    private final Map<String, Route> remembered = new HashMap<>();
    private final Function<String, Session> sessions;
    private final Predicate<Match> readable;
    private final Supplier<?> rules;
    /** Those that what is remembered went by. */
    private Object rememberedUnder;

    /**
     * @param sessions a session by its client id, null if there is none
     * @param readable whether a subscription is still allowed
     * @param rules what that goes by: another object as soon as it may be otherwise
     */
    Router(Function<String, Session> sessions, Predicate<Match> readable, Supplier<?> rules) {
        this.sessions = sessions;
        this.readable = readable;
        this.rules = rules;
        rememberedUnder = rules.get();
    }

    void add(Session session, Subscription subscription) {
        remembered.clear();
        if (subscription.isShared()) {
            groups.computeIfAbsent(subscription.text(), text -> new ShareGroup(readable)).put(session, subscription);
            tree.add(GROUP + subscription.text(), subscription.filter());
        } else {
            tree.add(SESSION + session.clientId(), subscription.filter());
        }
    }

    void remove(Session session, Subscription subscription) {
        remembered.clear();
        ShareGroup group = subscription.isShared() ? groups.get(subscription.text()) : null;
        if (group != null) {
            group.remove(session);
            if (group.isEmpty()) {
                groups.remove(subscription.text());
                tree.remove(GROUP + subscription.text(), subscription.filter());
            }
        } else if (!subscription.isShared()) {
            tree.remove(SESSION + session.clientId(), subscription.filter());
        }
    }

    /** Somebody may read something else than before, by the same rules. */
    void forget() {
        remembered.clear();
    }

    Route route(String topic) {
        Object inForce = rules.get();
        if (inForce != rememberedUnder) {
            remembered.clear();
            rememberedUnder = inForce;
        }
        Route known = remembered.get(topic);
        if (known == null) {
            if (remembered.size() >= MAX_REMEMBERED) {
                remembered.clear();
            }
            known = find(topic);
            remembered.put(topic, known);
        }
        return known;
    }

    private Route find(String topic) {
        Map<Session, List<Subscription>> wanted = new LinkedHashMap<>();
        List<ShareGroup> shared = new ArrayList<>();
        tree.match(topic, (name, filter) -> {
            if (name.charAt(0) == GROUP) {
                Optional.ofNullable(groups.get(name.substring(1))).ifPresent(shared::add);
            } else {
                Session session = sessions.apply(name.substring(1));
                if (session != null) {
                    session.subscription(filter).ifPresent(subscription ->
                        wanted.computeIfAbsent(session, s -> new ArrayList<>(1)).add(subscription));
                }
            }
        });
        if (wanted.isEmpty() && shared.isEmpty()) {
            return Route.NOWHERE;
        }
        List<Match> matches = new ArrayList<>(wanted.size());
        wanted.forEach((session, subscriptions) -> {
            subscriptions.removeIf(each -> !readable.test(Match.of(session, List.of(each))));
            if (!subscriptions.isEmpty()) {
                matches.add(Match.of(session, subscriptions));
            }
        });
        boolean stored = matches.stream().anyMatch(Match::isStored) || shared.stream().anyMatch(ShareGroup::isStored);
        return new Route(List.copyOf(matches), List.copyOf(shared), stored);
    }
}
