// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttException;

/** Hears the scans of one device on the local broker: the good ones by their times, and those that tell of a pause. */
public final class ScanEar {
    private final String device;
    private final double periodSeconds;
    private final List<Instant> good = new ArrayList<>(); // guarded by this
    private long pauses; // guarded by this

    private ScanEar(String device, double periodSeconds) {
        this.device = device;
        this.periodSeconds = periodSeconds;
    }

    static ScanEar on(MqttClient client, String device, double periodSeconds) throws MqttException {
        ScanEar ear = new ScanEar(device, periodSeconds);
        client.subscribe("edge/v1/" + device, 0, (topic, message) -> ear.hear(message.getPayload()));
        return ear;
    }

    private synchronized void hear(byte[] payload) throws JsonException {
        Json.Obj scan = JsonParser.parse(new String(payload, StandardCharsets.UTF_8)).asObject();
        if (scan.get("tags").asObject().members().values().stream().anyMatch(tag -> ((Json.Obj) tag).has("quality"))) {
            pauses++;
        } else {
            good.add(Instant.parse(scan.text("time")));
        }
    }

    synchronized int scans() {
        return good.size();
    }

    /** @param swaps how many times its driver, or another one, was swapped meanwhile */
    synchronized Heard heard(int swaps) {
        List<Double> gaps = new ArrayList<>();
        for (int i = 1; i < good.size(); i++) {
            gaps.add(periods(good.get(i - 1), good.get(i)) - 1);
        }
        gaps.sort(Comparator.reverseOrder());
        double worst = gaps.isEmpty() ? 0 : Math.max(0, gaps.get(0));
        double usual = gaps.size() <= swaps / 2 ? 0 : Math.max(0, gaps.get(swaps / 2));
        long expected = good.isEmpty() ? 0 : 1 + Math.round(periods(good.get(0), good.get(good.size() - 1)));
        return new Heard(device, periodSeconds, good.size(), Math.max(0, expected - good.size()), worst, usual, pauses);
    }

    private double periods(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9 / periodSeconds;
    }

    /**
     * What was heard of one device.
     *
     * @param scans good ones
     * @param missing good ones that are not there between the first and the last
     * @param worst the longest time without a good one, in periods beyond the usual one
     * @param usual what more than half of the swaps did not exceed: the middle one of as many longest times as there were swaps
     * @param pauses messages that told of a pause by their quality
     */
    public record Heard(String device, double periodSeconds, long scans, long missing, double worst, double usual, long pauses) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s every %.1f s: %d scans, %d missing, worst gap %.2f periods, usual gap %.2f, %d pauses told",
                device, periodSeconds, scans, missing, worst, usual, pauses);
        }
    }
}
