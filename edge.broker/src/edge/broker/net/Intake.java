// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.access.AccessDeniedException;
import edge.api.message.Origin;
import edge.api.message.RawMessage;
import edge.api.message.Receipt;
import edge.broker.access.TopicRules;
import edge.broker.bus.IngestBus;
import edge.broker.session.Session;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The gate of published messages: each goes the one ingest path, and its PUBACK or PUBREC leaves when that path says that the
 * message is safe, in the order of the messages.
 *
 * <p>What waits is bounded: first no more is read from the client, then, after the acknowledge time-out, its connection is
 * closed. A message that is refused is never acknowledged: reading ends, and so does the connection, a little later so that
 * clients do not come back in a tight loop. MQTT 3.1.1 has no other way to refuse (MQTT-3.3.5-2). Loop only.
 */
final class Intake {

    static final int MAX_WAITING = 1_000;
    /** So many messages of QoS 1 and 2 may a client of MQTT 5 have on their way. */
    static final int RECEIVE_MAXIMUM = 1_000;
    static final long MAX_WAITING_BYTES = 1L << 20;
    /** How long a client whose message was refused stays connected. */
    static final long REFUSAL_DELAY_MILLIS = 1_000;
    /** Rates are checked in so many windows a second: what a client that floods may send in one of them holds nobody up for long. */
    private static final int WINDOWS = 100;

    private final Hub hub;
    private final Client client;
    private final AckQueue acks;
    private final int mostInWindow;
    private final long windowNanos;
    private String[] aliases;
    /** Packet ids of messages that have come by this connection and are not settled; null unless it is one of MQTT 5. */
    private Set<Integer> onTheirWay;
    private long windowBegan;
    private int inWindow;
    private boolean slowed;
    private boolean refused;
    private boolean deadlineRuns;
    private boolean denialLogged;
    private String allowedTopic = "";
    private boolean allowedRetain;
    private TopicRules allowedBy;

    Intake(Hub hub, Client client) {
        this.hub = hub;
        this.client = client;
        int rate = hub.settings().messagesPerSecond();
        mostInWindow = rate == 0 ? Integer.MAX_VALUE : Math.max(1, rate / WINDOWS);
        windowNanos = rate == 0 ? 0 : mostInWindow * TimeUnit.SECONDS.toNanos(1) / rate;
        acks = new AckQueue(this::acknowledge);
    }

    private void acknowledge(int type, int packetId, int reason) {
        if (type == Packets.PUBACK || reason != Reason.SUCCESS) {
            settled(packetId);
        }
        client.answer(type, packetId, reason);
    }

    void release(int packetId) {
        Session session = client.session();
        hub.sessions().release(session, packetId, () -> {
            if (client.session() == session) {
                settled(packetId);
                client.answer(Packets.PUBCOMP, packetId, Reason.SUCCESS);
            }
        });
    }

    void publish(MqttPublishMessage message) {
        if (refused) {
            // A later message must not overtake the refused one; the client sends both again.
            return;
        }
        MqttProperties properties = message.variableHeader().properties();
        Optional<String> named = topic(message.variableHeader().topicName(), properties);
        if (named.isEmpty()) {
            close(Reason.TOPIC_ALIAS_INVALID, "protocol error", "a topic alias that stands for nothing, or beyond "
                + Greeting.TOPIC_ALIASES + " (MQTT5-3.3.2-8, -9)");
            return;
        }
        int qos = message.fixedHeader().qosLevel().value();
        int packetId = message.variableHeader().packetId();
        Session session = client.session();
        if (qos == 2 && session.inbox().isFull()) {
            close(Reason.IMPLEMENTATION_SPECIFIC, "unreleased messages", "too many messages of QoS 2 that are not released");
            return;
        }
        if (qos > 0 && client.isMqtt5() && isTooMuch(packetId)) {
            close(Reason.RECEIVE_MAXIMUM_EXCEEDED, "protocol error", "more than " + RECEIVE_MAXIMUM
                + " messages on their way (MQTT5-3.3.4-9)");
            return;
        }
        slowDown();
        String topic = named.get();
        byte[] payload = ByteBufUtil.getBytes(message.payload());
        boolean retain = message.fixedHeader().isRetain();
        Optional<AccessDeniedException> denial = denial(topic, retain);
        if (denial.isPresent()) {
            denied(topic, qos, packetId, denial.get());
            return;
        }
        Origin origin = new Origin(client.clientId(), qos == 2 && session.isDurable() ? packetId : 0,
            Properties5.travelling(properties));
        RawMessage raw = new RawMessage(topic, payload, qos, retain, hub.clock().now(), client.caller(), origin);
        CompletableFuture<Receipt> result = qos == 2 ? session.inbox().receive(packetId, () -> hub.bus().take(raw))
            : hub.bus().take(raw);
        AckQueue.Slot slot = acks.add(payload.length);
        if (result.isDone()) {
            settle(slot, raw, packetId, result);
            return;
        }
        bound();
        result.whenComplete((receipt, error) -> settle(slot, raw, packetId, result));
    }

    private boolean isTooMuch(int packetId) {
        if (onTheirWay == null) {
            onTheirWay = new HashSet<>();
        }
        onTheirWay.add(packetId);
        return onTheirWay.size() > RECEIVE_MAXIMUM;
    }

    private void settled(int packetId) {
        if (onTheirWay != null) {
            onTheirWay.remove(packetId);
        }
    }

    private Optional<String> topic(String name, MqttProperties properties) {
        int alias = properties.isEmpty() ? 0 : (int) Properties5.number(properties, Properties5.TOPIC_ALIAS, -1);
        if (alias <= 0 && (properties.isEmpty() || alias == -1)) {
            return Optional.of(name);
        }
        if (alias == 0 || alias > Greeting.TOPIC_ALIASES) {
            return Optional.empty();
        }
        if (aliases == null) {
            aliases = new String[Greeting.TOPIC_ALIASES + 1];
        }
        if (!name.isEmpty()) {
            aliases[alias] = name;
        }
        return Optional.ofNullable(aliases[alias]);
    }

    /** Publishers repeat their topics: what was allowed last time is allowed as long as the rules are the same. */
    private Optional<AccessDeniedException> denial(String topic, boolean retain) {
        TopicRules rules = hub.rules().get();
        if (rules == allowedBy && retain == allowedRetain && topic.equals(allowedTopic)) {
            return Optional.empty();
        }
        Optional<AccessDeniedException> denial = rules.publishing(client.caller(), client.clientId(), topic, retain, false);
        if (denial.isEmpty()) {
            allowedBy = rules;
            allowedTopic = topic;
            allowedRetain = retain;
        }
        return denial;
    }

    /** A client that is faster than it may be is not read until there is room in a window for what it has sent. */
    private void slowDown() {
        if (mostInWindow == Integer.MAX_VALUE) {
            return;
        }
        long now = System.nanoTime();
        if (!slowed && now - windowBegan > windowNanos) {
            windowBegan = now;
            inWindow = 0;
        }
        // One read may bring more than a window takes.
        if (++inWindow >= mostInWindow && !slowed) {
            slowed = true;
            hub.counters().refused("slowed down");
            client.pause(Client.Pause.RATE);
            client.channel().eventLoop().schedule(this::nextWindow, windowBegan + windowNanos - now, TimeUnit.NANOSECONDS);
        }
    }

    private void nextWindow() {
        windowBegan = System.nanoTime();
        inWindow -= mostInWindow;
        if (inWindow >= mostInWindow) {
            client.channel().eventLoop().schedule(this::nextWindow, windowNanos, TimeUnit.NANOSECONDS);
        } else {
            slowed = false;
            client.resume(Client.Pause.RATE);
        }
    }

    private void settle(AckQueue.Slot slot, RawMessage raw, int packetId, CompletableFuture<Receipt> result) {
        if (!result.isCompletedExceptionally()) {
            client.published();
            acks.settle(slot, positive(raw.qos()), packetId, Reason.SUCCESS);
            if (acks.size() <= MAX_WAITING / 2 && acks.bytes() <= MAX_WAITING_BYTES / 2) {
                client.resume(Client.Pause.STORING);
            }
            return;
        }
        hub.counters().publishesRefused.increment();
        if (raw.qos() == 2) {
            client.session().inbox().release(packetId);
        }
        result.whenComplete((receipt, error) -> refuse(slot, raw, IngestBus.cause(error)));
    }

    private static int positive(int qos) {
        return qos == 1 ? Packets.PUBACK : qos == 2 ? Packets.PUBREC : 0;
    }

    /**
     * MQTT 3.1.1 has two answers (MQTT-3.3.5-2). A positive one would claim that the message is safe, so that the connection ends;
     * only of a topic that begins with $ nobody can want anything, so that nothing is claimed.
     */
    private void denied(String topic, int qos, int packetId, AccessDeniedException denial) {
        hub.counters().publishesRefused.increment();
        hub.counters().refused("publish");
        if (!denialLogged) {
            denialLogged = true;
            hub.log().say("{}: {}", client, denial.getMessage());
        }
        if (qos > 0 && client.isMqtt5()) {
            acks.settle(acks.add(0), positive(qos), packetId, Reason.NOT_AUTHORIZED);
        } else if (qos > 0 && topic.startsWith("$")) {
            acks.settle(acks.add(0), positive(qos), packetId, Reason.SUCCESS);
        } else if (qos > 0) {
            close(Reason.NOT_AUTHORIZED, "publish", "it published what it may not, and MQTT 3.1.1 has no other answer");
        }
    }

    private void refuse(AckQueue.Slot slot, RawMessage raw, Throwable cause) {
        if (raw.qos() == 0) {
            // Nothing was promised to the client.
            acks.settle(slot, 0, 0, Reason.SUCCESS);
            return;
        }
        if (!refused) {
            refused = true;
            hub.counters().refused("not stored");
            hub.log().say("{}: a message to {} is not acknowledged and the connection will be closed: {}", client, raw.topic(),
                cause.getMessage());
            client.pause(Client.Pause.REFUSED);
            client.channel().eventLoop().schedule(() -> client.close(Reason.IMPLEMENTATION_SPECIFIC), REFUSAL_DELAY_MILLIS,
                TimeUnit.MILLISECONDS);
        }
    }

    /** Stops reading while too much waits, and watches how long it waits. */
    private void bound() {
        if (acks.size() >= MAX_WAITING || acks.bytes() >= MAX_WAITING_BYTES) {
            client.pause(Client.Pause.STORING);
        }
        if (!deadlineRuns) {
            deadlineRuns = true;
            checkLater(hub.settings().acknowledgeTimeout().toNanos());
        }
    }

    private void checkLater(long nanos) {
        EventLoop loop = client.channel().eventLoop();
        loop.schedule(() -> {
            long left = hub.settings().acknowledgeTimeout().toNanos() - acks.headAgeNanos();
            if (acks.size() == 0 || client.isClosing()) {
                deadlineRuns = false;
            } else if (left > 0) {
                checkLater(left);
            } else {
                hub.counters().publishesRefused.increment();
                close(Reason.IMPLEMENTATION_SPECIFIC, "not stored", "the journal has not stored its message within "
                    + hub.settings().acknowledgeTimeout().toMillis() + " ms");
            }
        }, nanos, TimeUnit.NANOSECONDS);
    }

    private void close(int reason, String kind, String detail) {
        refused = true;
        hub.counters().refused(kind);
        hub.log().say("Closing {}: {}", client, detail);
        client.close(reason);
    }
}
