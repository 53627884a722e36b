// SPDX-License-Identifier: Apache-2.0
package edge.broker.bus;

import edge.api.message.StreamId;
import edge.api.message.Topics;
import java.util.List;

/**
 * Which third-party topics go into the journal, as one stream. Where several rules match a topic, the first by name counts:
 * a message is stored once.
 *
 * @param stream the stream, named after the rule
 * @param filters MQTT topic filters
 */
public record IngestRule(StreamId stream, List<String> filters) {

    public IngestRule {
        filters = List.copyOf(filters);
    }

    public boolean wants(String topic) {
        for (String filter : filters) {
            if (Topics.matches(filter, topic)) {
                return true;
            }
        }
        return false;
    }
}
