// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import edge.api.access.Caller;
import edge.api.gateway.Moment;

/**
 * Bytes with a topic, as an MQTT client or another part of the gateway published them.
 *
 * @param topic a valid MQTT topic name without wildcards
 * @param payload the bytes; not to be changed by anybody
 * @param qos 0, 1 or 2, as published
 * @param retain whether local subscribers that come later get it too
 * @param origin how a client published it
 */
public record RawMessage(String topic, byte[] payload, int qos, boolean retain, Moment at, Caller caller, Origin origin)
    implements Message {

    /** A message that was published inside of the gateway. */
    public RawMessage(String topic, byte[] payload, int qos, boolean retain, Moment at, Caller caller) {
        this(topic, payload, qos, retain, at, caller, Origin.INTERNAL);
    }
}
