// SPDX-License-Identifier: Apache-2.0
package edge.broker.bus;

import edge.api.device.DeviceState;
import edge.api.device.Reading;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import edge.api.gateway.Moment;
import edge.api.health.HealthReport.Status;
import edge.api.message.RawMessage;
import edge.api.message.Topics;
import edge.broker.Alarms;
import edge.json.MessageJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a new subscriber gets first. For the gateway's own devices that is made of the tag table: every tag's last value,
 * not the last message. Messages that others published with the retain flag are kept here, in memory and whatever their
 * QoS, up to a limit.
 *
 * <p>Session loop only.
 */
public final class RetainedMessages {

    static final int MAX_MESSAGES = 10_000;
    static final long MAX_BYTES = 8L << 20;
    private static final int SCAN_QOS = 1;

    /** @param payload not to be changed */
    public record Retained(String topic, byte[] payload, int qos) {
    }

    private final Supplier<Optional<TagTable>> tagTable;
    private final Alarms alarms;
    private final Map<String, Retained> kept = new HashMap<>();
    private long bytes;

    public RetainedMessages(Supplier<Optional<TagTable>> tagTable, Alarms alarms) {
        this.tagTable = tagTable;
        this.alarms = alarms;
    }

    /** Keeps the message in place of the one before; an empty payload removes it (MQTT 3.1.1, 3.3.1.3). */
    void put(RawMessage raw) {
        Retained before = kept.remove(raw.topic());
        if (before != null) {
            bytes -= size(before);
        }
        if (raw.payload().length == 0) {
            return;
        }
        Retained message = new Retained(raw.topic(), raw.payload(), raw.qos());
        if (kept.size() >= MAX_MESSAGES || bytes + size(message) > MAX_BYTES) {
            alarms.raise(Alarms.Kind.RETAINED_FULL, Status.WARN,
                "The store of retained messages is full: " + raw.topic() + " is not kept for later subscribers.",
                "Remove retained messages by publishing empty ones, or publish without the retain flag.");
            return;
        }
        kept.put(raw.topic(), message);
        bytes += size(message);
    }

    private static long size(Retained message) {
        return message.payload().length + message.topic().length();
    }

    /** The messages for a new subscription to that filter. */
    public List<Retained> matching(String filter) {
        List<Retained> found = new ArrayList<>();
        tagTable.get().ifPresent(table -> addDevices(table, filter, found));
        if (filter.indexOf('+') < 0 && filter.indexOf('#') < 0) {
            Retained exact = kept.get(filter);
            if (exact != null) {
                found.add(exact);
            }
        } else {
            for (Retained message : kept.values()) {
                if (Topics.matches(filter, message.topic())) {
                    found.add(message);
                }
            }
        }
        return found;
    }

    private static void addDevices(TagTable table, String filter, List<Retained> found) {
        for (DeviceState device : table.devices()) {
            String topic = Topics.ofDevice(device.info().name());
            if (Topics.matches(filter, topic)) {
                lastValues(device).ifPresent(json -> found.add(new Retained(topic, json, SCAN_QOS)));
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
