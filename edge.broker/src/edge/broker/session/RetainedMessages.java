// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.api.device.DeviceState;
import edge.api.device.Reading;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import edge.api.gateway.Moment;
import edge.api.health.HealthReport.Status;
import edge.api.message.RawMessage;
import edge.api.message.Topics;
import edge.broker.Alarms;
import edge.broker.base.Filters;
import edge.broker.state.Entry;
import edge.broker.state.StateLog;
import edge.json.MessageJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a new subscriber gets first. For the gateway's own devices that is made of the tag table: every tag's last value,
 * not the last message. Messages that others published with the retain flag are kept here and on disk, whatever their QoS, up
 * to a limit. Loop only.
 */
public final class RetainedMessages {

    static final int MAX_MESSAGES = 10_000;
    static final long MAX_BYTES = 8L << 20;

    private record Kept(String topic, byte[] payload, int qos, byte[] properties, long since) {
        int size() {
            return payload.length + topic.length() + properties.length;
        }

        Parcel parcel() {
            return Parcel.retained(topic, payload, qos, properties, System.nanoTime() - since);
        }
    }

    private final Supplier<Optional<TagTable>> tagTable;
    private final Alarms alarms;
    private final StateLog state;
    private final Map<String, Kept> kept = new HashMap<>();
    /** Topics whose messages of QoS 0 are not on disk yet: what changes often is written now and then. */
    private final Set<String> unwritten = new LinkedHashSet<>();
    private long bytes;

    public RetainedMessages(Supplier<Optional<TagTable>> tagTable, Alarms alarms, StateLog state) {
        this.tagTable = tagTable;
        this.alarms = alarms;
        this.state = state;
    }

    /**
     * Keeps the message in place of the one before; an empty payload removes it (MQTT-3.3.1-10).
     *
     * @return whether {@link StateLog#whenSafe} has to be awaited before it may be acknowledged
     */
    public boolean put(RawMessage raw) {
        boolean isKept = raw.payload().length == 0 ? remove(raw.topic())
            : keep(new Kept(raw.topic(), raw.payload(), raw.qos(), raw.origin().properties(), System.nanoTime()));
        if (!isKept) {
            return false;
        }
        if (raw.qos() == 0) {
            unwritten.add(raw.topic());
            return false;
        }
        unwritten.remove(raw.topic());
        state.append(entry(raw.topic()));
        return true;
    }

    private boolean remove(String topic) {
        Kept before = kept.remove(topic);
        if (before != null) {
            bytes -= before.size();
        }
        return before != null;
    }

    private boolean keep(Kept message) {
        Kept before = kept.get(message.topic());
        long more = message.size() - (before == null ? 0 : before.size());
        if (before == null && kept.size() >= MAX_MESSAGES || bytes + more > MAX_BYTES) {
            alarms.raise(Alarms.Kind.RETAINED_FULL, Status.WARN,
                "The store of retained messages is full: " + message.topic() + " is not kept for later subscribers.",
                "Remove retained messages by publishing empty ones, or publish without the retain flag.");
            // The one before is not the newest any more.
            return remove(message.topic());
        }
        kept.put(message.topic(), message);
        bytes += more;
        return true;
    }

    private Entry entry(String topic) {
        Kept message = kept.get(topic);
        return message == null ? new Entry.NotRetained(topic)
            : new Entry.Retained(topic, message.qos(), message.properties(), message.payload());
    }

    /** Writes what has changed at QoS 0 since the last time. */
    public void write() {
        unwritten.forEach(topic -> state.append(entry(topic)));
        unwritten.clear();
    }

    void restore(Entry entry) {
        if (entry instanceof Entry.Retained e) {
            keep(new Kept(e.topic(), e.payload(), e.qos(), e.properties(), System.nanoTime()));
        } else if (entry instanceof Entry.NotRetained e) {
            remove(e.topic());
        }
    }

    void describe(List<Entry> entries) {
        unwritten.clear();
        kept.values().forEach(message -> entries.add(entry(message.topic())));
    }

    /** How many messages are kept. */
    public int count() {
        return kept.size();
    }

    /** The messages for a new subscription to that filter. */
    List<Parcel> matching(String filter) {
        List<Parcel> found = new ArrayList<>();
        tagTable.get().ifPresent(table -> addDevices(table, filter, found));
        if (filter.indexOf('+') < 0 && filter.indexOf('#') < 0) {
            add(kept.get(filter), found);
        } else {
            for (Kept message : kept.values()) {
                if (Filters.matches(filter, message.topic())) {
                    add(message, found);
                }
            }
        }
        return found;
    }

    private static void add(Kept message, List<Parcel> found) {
        if (message != null) {
            Parcel parcel = message.parcel();
            if (!parcel.isExpired()) {
                found.add(parcel);
            }
        }
    }

    /** Forgets messages whose time is over. */
    public void expire() {
        List<String> expired = kept.values().stream().filter(message -> message.properties().length > 0)
            .filter(message -> message.parcel().isExpired()).map(Kept::topic).toList();
        expired.forEach(topic -> {
            remove(topic);
            unwritten.add(topic);
        });
    }

    private static void addDevices(TagTable table, String filter, List<Parcel> found) {
        for (DeviceState device : table.devices()) {
            String topic = Topics.ofDevice(device.info().name());
            if (Filters.matches(filter, topic)) {
                lastValues(device).ifPresent(json ->
                    found.add(Parcel.retained(topic, json, Parcel.SCAN_QOS, new byte[0], 0)));
            }
        }
    }

    private static Optional<byte[]> lastValues(DeviceState device) {
        Optional<Moment> newest = device.tags().stream().map(TagState::at)
            .max(Comparator.comparingLong(Moment::monotonicNanos));
        List<Reading> readings = device.tags().stream().map(TagState::reading).toList();
        return newest.map(at -> MessageJson.local(device.info().name(), at, readings));
    }
}
