// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import edge.json.JsonWriter;
import java.time.Instant;
import java.util.UUID;

/**
 * What is told, retained, about whether the gateway is connected.
 *
 * @param topic where
 */
record Presence(String topic, UUID gateway) {

    byte[] online() {
        return JsonWriter.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("schema", "edge.status/1");
            out.writeStringField("gateway", gateway.toString());
            out.writeBooleanField("online", true);
            JsonWriter.time(out, "since", Instant.now());
            out.writeEndObject();
        });
    }

    /** Without a time: the broker keeps it as the last will, and tells it when it knows. */
    byte[] offline() {
        return JsonWriter.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("schema", "edge.status/1");
            out.writeStringField("gateway", gateway.toString());
            out.writeBooleanField("online", false);
            out.writeEndObject();
        });
    }
}
