// SPDX-License-Identifier: Apache-2.0
package edge.broker.bus;

import edge.api.message.StreamId;
import edge.api.message.Topics;
import java.util.List;

/**
 * Which third-party topics go into the journal, as one stream. Where several rules match a topic, the first by name counts:
 * a message is stored once. The filters may be changed at any moment, without a moment at which the rule is not in force.
 */
public final class IngestRule {

    private final StreamId stream;
    private volatile List<String> filters;

    /**
     * @param stream named after the rule
     * @param filters MQTT topic filters
     */
    public IngestRule(StreamId stream, List<String> filters) {
        this.stream = stream;
        this.filters = List.copyOf(filters);
    }

    public StreamId stream() {
        return stream;
    }

    public void change(List<String> newFilters) {
        filters = List.copyOf(newFilters);
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
