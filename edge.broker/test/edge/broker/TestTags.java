// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.device.Access;
import edge.api.device.DeviceInfo;
import edge.api.device.DeviceState;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Moment;
import edge.api.message.ScanMessage;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A tag table that remembers the last readings of what is published through {@link #scan}. */
public final class TestTags implements TagTable {

    private final Map<String, Map<String, Reading>> devices = new ConcurrentHashMap<>();

    public static Moment now() {
        return new Moment(System.nanoTime(), Instant.now(), ClockConfidence.PLAUSIBLE);
    }

    public static Reading reading(String tag, long value) {
        return new Reading(new Tag(tag, DataType.INT32, "", Access.READ, Duration.ofSeconds(1), ReportPolicy.ALWAYS, ""),
            new Value.Signed(value), Quality.GOOD, Instant.now());
    }

    /** A scan of these readings, which are the last known ones from now on. */
    public ScanMessage scan(String device, Reading... readings) {
        Map<String, Reading> known = devices.computeIfAbsent(device, d -> new TreeMap<>());
        synchronized (known) {
            Arrays.stream(readings).forEach(r -> known.put(r.tag().name(), r));
        }
        return new ScanMessage(device, now(), List.of(readings));
    }

    @Override
    public List<DeviceState> devices() {
        return devices.keySet().stream().sorted().map(name -> device(name).orElseThrow()).toList();
    }

    @Override
    public Optional<DeviceState> device(String name) {
        Map<String, Reading> known = devices.get(name);
        if (known == null) {
            return Optional.empty();
        }
        Moment at = now();
        Collection<Reading> last;
        synchronized (known) {
            last = List.copyOf(known.values());
        }
        return Optional.of(new DeviceState(new DeviceInfo(name, "test", "nowhere", ""),
            new LinkState(LinkState.Phase.CONNECTED, Instant.now(), ""),
            last.stream().map(r -> new TagState(name, r, r, at)).toList(), List.of()));
    }

    @Override
    public Optional<TagState> tag(String device, String tag) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FieldDevice.Observation observe(Consumer<List<TagState>> listener) {
        throw new UnsupportedOperationException();
    }
}
