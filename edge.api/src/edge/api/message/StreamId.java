// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import edge.api.device.Tag;

/**
 * What is ordered and numbered together: one device, one named ingest rule for third-party topics, or what only sessions of
 * the local broker wait for. Never chosen by a client.
 *
 * @param kind what it is made of
 * @param name name of the device or of the rule, {@code [A-Za-z0-9_.-]{1,64}}
 */
public record StreamId(Kind kind, String name) {

    public enum Kind {
        DEVICE, INGEST,
        /** Stored for sessions of the local broker alone; never leaves the gateway. */
        LOCAL
    }

    public StreamId {
        if (!Tag.isName(name)) {
            throw new IllegalArgumentException("'" + name + "' is not a stream name: 1 to 64 of A-Z a-z 0-9 _ . -");
        }
    }

    public static StreamId device(String name) {
        return new StreamId(Kind.DEVICE, name);
    }

    public static StreamId ingest(String rule) {
        return new StreamId(Kind.INGEST, rule);
    }

    public static StreamId local(String name) {
        return new StreamId(Kind.LOCAL, name);
    }

    /** {@code device/name}, {@code ingest/name} or {@code local/name}: the form in configurations, JSON and the console. */
    public String label() {
        return kind.name().toLowerCase(java.util.Locale.ROOT) + '/' + name;
    }

    // It is looked up for each record, and what records get for nothing is several times as slow in the first compiler tier.

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof StreamId that && kind == that.kind && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + kind.ordinal();
    }

    @Override
    public String toString() {
        return label();
    }
}
