// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

import edge.api.message.RawMessage;
import edge.api.message.ScanMessage;
import edge.json.MessageJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A message on its way to subscribers; one object however many there are. Nothing of it is changed. */
public final class Parcel {

    /** Scans go out at QoS 1, so that a subscriber may choose either. */
    static final int SCAN_QOS = 1;

    private static final byte EXPIRY = 2;
    private static final int EXPIRY_LENGTH = 5;
    private static final byte[] NONE = new byte[0];
    private static final long NANOS = 1_000_000_000L;

    private final String topic;
    private final byte[] topicBytes;
    private final byte[] payload;
    private final int qos;
    private final boolean retain;
    private final byte[] properties;
    private final String publisher;
    private final long position;
    private final long entered;
    private final long expires;

    private Parcel(String topic, byte[] payload, int qos, boolean retain, byte[] properties, String publisher, long position,
                   long aged) {
        this.topic = topic;
        this.topicBytes = topic.getBytes(StandardCharsets.UTF_8);
        this.payload = payload;
        this.qos = qos;
        this.retain = retain;
        this.publisher = publisher;
        this.position = position;
        entered = System.nanoTime();
        // An expiry is always the first property: whoever makes them sees to it.
        boolean hasExpiry = properties.length >= EXPIRY_LENGTH && properties[0] == EXPIRY;
        this.properties = hasExpiry ? Arrays.copyOfRange(properties, EXPIRY_LENGTH, properties.length) : properties;
        expires = hasExpiry ? entered + expirySeconds(properties) * NANOS - aged : Long.MAX_VALUE;
    }

    private static long expirySeconds(byte[] properties) {
        return (properties[1] & 0xFFL) << 24 | (properties[2] & 0xFF) << 16 | (properties[3] & 0xFF) << 8 | properties[4] & 0xFF;
    }

    /**
     * @param position where it is in the journal; 0 if nowhere
     * @param aged nanoseconds that it has waited before, for its expiry
     */
    public static Parcel of(RawMessage raw, long position, long aged) {
        return new Parcel(raw.topic(), raw.payload(), raw.qos(), raw.retain(), raw.origin().properties(),
            raw.origin().clientId(), position, aged);
    }

    /** @param position where it is in the journal; 0 if that is not known */
    public static Parcel of(ScanMessage scan, long position) {
        return new Parcel(scan.topic(), MessageJson.local(scan), SCAN_QOS, false, NONE, "", position, 0);
    }

    /** A retained message for a new subscription. */
    public static Parcel retained(String topic, byte[] payload, int qos, byte[] properties, long aged) {
        return new Parcel(topic, payload, qos, true, properties, "", 0, aged);
    }

    public String topic() {
        return topic;
    }

    public byte[] topicBytes() {
        return topicBytes;
    }

    public byte[] payload() {
        return payload;
    }

    public int qos() {
        return qos;
    }

    /** Whether it was published with the retain flag. */
    public boolean retain() {
        return retain;
    }

    /** MQTT 5's properties without the expiry. */
    public byte[] properties() {
        return properties;
    }

    /** The client that published it; empty if none did. */
    public String publisher() {
        return publisher;
    }

    /** Where it is in the journal; 0 if nowhere. */
    public long position() {
        return position;
    }

    /** When it reached the broker, {@link System#nanoTime()}. */
    public long entered() {
        return entered;
    }

    public boolean isExpired() {
        return expires != Long.MAX_VALUE && System.nanoTime() - expires >= 0;
    }

    /** Seconds until it expires; -1 if it never does. */
    public long secondsLeft() {
        return expires == Long.MAX_VALUE ? -1 : Math.max(0, (expires - System.nanoTime()) / NANOS);
    }

    /** About how much memory it takes. */
    public int size() {
        return payload.length + topicBytes.length + properties.length;
    }
}
