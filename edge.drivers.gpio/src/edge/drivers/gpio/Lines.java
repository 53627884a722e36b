// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.value.Value;
import edge.drivers.gpio.LineConfig.Counter;
import edge.drivers.gpio.LineConfig.Output;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What is known of each line of a device, whether or not it is claimed. Device's thread, but for counters. */
final class Lines {

    private final List<LineState> states = new ArrayList<>();
    private final Map<Integer, PulseCounter> counters = new HashMap<>();
    private final Map<Integer, OutputState> outputs = new HashMap<>();
    private final Consumer<List<Reading>> publish;

    Lines(List<LineConfig> configs, SerialExecutor executor, Consumer<List<Reading>> publish) {
        this.publish = publish;
        for (int i = 0; i < configs.size(); i++) {
            LineConfig config = configs.get(i);
            int index = i;
            states.add(new LineState(config, executor, time -> changed(index, time)));
            if (config.role() instanceof Counter counter) {
                counters.put(i, new PulseCounter(counter));
            } else if (config.role() instanceof Output output) {
                outputs.put(i, new OutputState(output, executor));
            }
        }
    }

    private void changed(int index, Instant time) {
        if (isCounter(index)) {
            counters.get(index).add(1, time);
        } else if (config(index).reportsByItself()) {
            publish.accept(List.of(states.get(index).reading()));
        }
    }

    int size() {
        return states.size();
    }

    LineState get(int index) {
        return states.get(index);
    }

    LineConfig config(int index) {
        return states.get(index).config();
    }

    /** Any thread. */
    boolean isCounter(int index) {
        return counters.containsKey(index);
    }

    /** Counts pulses of a counter whose edges the kernel selects and debounces. Any thread. */
    void count(int index, int pulses, Instant time) {
        counters.get(index).add(pulses, time);
    }

    /** Value and rate of a counter, from what was counted. */
    Reading counted(Point point) {
        PulseCounter counter = counters.get(point.line());
        Counter config = (Counter) config(point.line()).role();
        Instant now = Instant.now();
        double worth = config.perPulse() == 0 ? 1 : config.perPulse();
        Value value;
        if (point.rate()) {
            Duration per = config.rate().orElseThrow().per();
            value = Value.real(counter.rate(now) * worth * per.toSeconds());
        } else {
            value = config.perPulse() == 0 ? Value.unsigned(counter.count()) : Value.real(counter.count() * worth);
        }
        return new Reading(point.tag(), value, Quality.GOOD, now);
    }

    /** Lets a counter go on from a value of its tag. */
    void set(int index, Value value) {
        Counter config = (Counter) config(index).role();
        long count = value instanceof Value.Real real ? Math.round(real.value() / config.perPulse())
            : ((Value.Unsigned) value).bits();
        counters.get(index).set(count);
    }

    void written(int index, boolean value, Consumer<Boolean> write) {
        states.get(index).written(value);
        outputs.get(index).written(value, write);
    }

    void uplinksLost(int index, Duration lost, Consumer<Boolean> write) {
        OutputState output = outputs.get(index);
        if (output != null) {
            output.uplinksLost(lost, write);
        }
    }

    /** The counts by name, to be remembered. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counters.forEach((index, counter) -> counts.put(config(index).name(), counter.count()));
        return counts;
    }

    void restore(Map<String, Long> counts) {
        counters.forEach((index, counter) -> {
            Long count = counts.get(config(index).name());
            if (count != null) {
                counter.set(count);
            }
        });
    }

    /** The lines are not ours any more. */
    void stop() {
        states.forEach(LineState::stop);
        outputs.values().forEach(OutputState::stop);
    }
}
