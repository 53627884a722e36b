// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import edge.api.device.Access;
import edge.api.device.DeviceState;
import edge.api.device.FieldDevice.Observation;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** A tag table and a clock that a test sets. */
final class Field implements TagTable, GatewayClock {
    static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    private final Map<String, TagState> states = new HashMap<>();
    private Consumer<List<TagState>> listener;
    Duration passed = Duration.ofDays(3);

    void set(String path, Value value) {
        set(path, value, Quality.GOOD);
    }

    void set(String path, Value value, Quality quality) {
        int slash = path.indexOf('/');
        Tag tag = new Tag(path.substring(slash + 1), type(value), "", Access.READ, Duration.ofSeconds(1), ReportPolicy.ALWAYS, "");
        Reading reading = new Reading(tag, value, quality, now().wall());
        TagState state = new TagState(path.substring(0, slash), reading, reading, now());
        states.put(path, state);
        if (listener != null) {
            listener.accept(List.of(state));
        }
    }

    boolean isObserved() {
        return listener != null;
    }

    private static DataType type(Value value) {
        if (value instanceof Value.Bool) {
            return DataType.BOOL;
        } else if (value instanceof Value.Text) {
            return DataType.TEXT;
        } else if (value instanceof Value.Bytes) {
            return DataType.BYTES;
        }
        return DataType.FLOAT64;
    }

    @Override
    public List<DeviceState> devices() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<DeviceState> device(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<TagState> tag(String device, String tag) {
        return Optional.ofNullable(states.get(device + "/" + tag));
    }

    @Override
    public Observation observe(Consumer<List<TagState>> to) {
        listener = to;
        return () -> listener = null;
    }

    @Override
    public Moment now() {
        return new Moment(passed.toNanos(), START.plus(passed), ClockConfidence.SYNCHRONISED);
    }

    @Override
    public UUID bootId() {
        return new UUID(1, 2);
    }
}
