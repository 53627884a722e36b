// SPDX-License-Identifier: Apache-2.0
package edge.web.parts;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.message.BrokerFigures;
import edge.api.message.BrokerFigures.ClientFigures;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** What the local broker does, and each of its clients, as JSON. */
public final class BrokerJson {

    private BrokerJson() {
    }

    public static void figures(JsonGenerator out, BrokerFigures figures) throws IOException {
        out.writeStartObject();
        out.writeNumberField("connections", figures.connections());
        out.writeNumberField("sessions", figures.sessions());
        out.writeNumberField("subscriptions", figures.subscriptions());
        out.writeNumberField("retained", figures.retained());
        out.writeNumberField("queued", figures.queued());
        out.writeNumberField("messagesIn", figures.messagesIn());
        out.writeNumberField("messagesOut", figures.messagesOut());
        out.writeNumberField("bytesIn", figures.bytesIn());
        out.writeNumberField("bytesOut", figures.bytesOut());
        out.writeNumberField("messagesInPerSecond", figures.messagesInPerSecond());
        out.writeNumberField("messagesOutPerSecond", figures.messagesOutPerSecond());
        out.writeNumberField("dropped", figures.dropped());
        out.writeNumberField("latencyMedianMicros", figures.latencyMedian());
        out.writeNumberField("latencyP99Micros", figures.latencyP99());
        out.writeObjectFieldStart("refusals");
        for (Map.Entry<String, Long> each : new TreeMap<>(figures.refusals()).entrySet()) {
            out.writeNumberField(each.getKey(), each.getValue());
        }
        out.writeEndObject();
        out.writeArrayFieldStart("clients");
        for (ClientFigures client : figures.clients()) {
            client(out, client);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void client(JsonGenerator out, ClientFigures client) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", client.id());
        out.writeStringField("user", client.user());
        out.writeStringField("address", client.address());
        out.writeStringField("listener", client.listener());
        out.writeStringField("since", client.since().toString());
        out.writeStringField("version", client.version());
        out.writeNumberField("messagesIn", client.messagesIn());
        out.writeNumberField("messagesOut", client.messagesOut());
        out.writeNumberField("bytesIn", client.bytesIn());
        out.writeNumberField("bytesOut", client.bytesOut());
        out.writeNumberField("queued", client.queued());
        out.writeNumberField("dropped", client.dropped());
        out.writeEndObject();
    }
}
