// SPDX-License-Identifier: Apache-2.0
package edge.demo.cloud;

import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.MessageJson;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What the cloud has received since it started. Each record of a gateway bears its stream, epoch and a sequence that has no
 * gaps, so that the receiver can tell by itself what came twice and what has not come. One thread.
 */
final class Ledger {

    private static final int MAX_EPOCHS = 1024;

    /**
     * @param received messages, whatever they were
     * @param duplicates records that had come before
     * @param missing sequence numbers between the lowest and the highest of their epoch that have not come (yet)
     * @param lost sequence numbers that the gateway itself reported as lost
     * @param historical records that came by the backlog lane
     * @param last the newest record: stream and sequence; empty before the first
     * @param lastSequence its sequence, 0 before the first
     */
    record Totals(long received, long duplicates, long missing, long lost, long historical, String last, long lastSequence) {
    }

    private record Epoch(String gateway, String stream, String epoch) {
    }

    private final Map<Epoch, Coverage> epochs = new HashMap<>();
    private long received;
    private long duplicates;
    private long lost;
    private long historical;
    private String last = "";
    private long lastSequence;

    void add(byte[] payload) {
        received++;
        try {
            if (JsonParser.parse(new String(payload, StandardCharsets.UTF_8)) instanceof Json.Obj record
                && record.has("sequence")) {
                add(record);
            }
        } catch (JsonException e) {
            // Somebody else's message: counted, and nothing to be known of it.
            return;
        }
    }

    private void add(Json.Obj record) throws JsonException {
        String gateway = record.text("gateway");
        String stream = record.text("stream");
        String epoch = record.text("epoch");
        long sequence = record.integer("sequence", 1, Long.MAX_VALUE);
        Coverage coverage = coverage(new Epoch(gateway, stream, epoch));
        if (coverage.add(sequence, sequence) == 0) {
            duplicates++;
        }
        if (record.text("lane", "").equals("backlog")) {
            historical++;
        }
        if (record.text("schema", "").equals(MessageJson.GAP_SCHEMA)) {
            Json.Obj gap = record.get("lost").asObject();
            lost += coverage(new Epoch(gateway, stream, gap.text("epoch")))
                .add(gap.integer("from", 1, Long.MAX_VALUE), gap.integer("to", 1, Long.MAX_VALUE));
        }
        last = stream + " #" + sequence;
        lastSequence = sequence;
    }

    private Coverage coverage(Epoch epoch) {
        if (epochs.size() >= MAX_EPOCHS && !epochs.containsKey(epoch)) {
            epochs.clear();
        }
        return epochs.computeIfAbsent(epoch, key -> new Coverage());
    }

    Totals totals() {
        long missing = epochs.values().stream().mapToLong(Coverage::missing).sum();
        return new Totals(received, duplicates, missing, lost, historical, last, lastSequence);
    }
}
