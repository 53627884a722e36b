// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the broker counts since it started; meanings as in {@link edge.api.message.BrokerFigures}. */
public final class Counters {

    /** One in so many deliveries is timed. */
    private static final int SAMPLE = 16;

    public final LongAdder messagesIn = new LongAdder();
    public final LongAdder messagesOut = new LongAdder();
    public final LongAdder bytesIn = new LongAdder();
    public final LongAdder bytesOut = new LongAdder();
    public final LongAdder connectionsRefused = new LongAdder();
    public final LongAdder publishesRefused = new LongAdder();
    public final LongAdder dropped = new LongAdder();
    private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
    private final Latency latency = new Latency();
    // Of the loop only.
    private int sinceSample;

    /** @param kind one of a few, never made of what a client sends */
    public void refused(String kind) {
        refusals.computeIfAbsent(kind, k -> new LongAdder()).increment();
    }

    public Map<String, Long> refusals() {
        Map<String, Long> all = new TreeMap<>();
        refusals.forEach((kind, count) -> all.put(kind, count.sum()));
        return all;
    }

    /** A message is sent that reached the broker then. Loop only. */
    public void sent(long entered) {
        messagesOut.increment();
        if (++sinceSample == SAMPLE) {
            sinceSample = 0;
            latency.add(System.nanoTime() - entered);
        }
    }

    public Latency latency() {
        return latency;
    }
}
