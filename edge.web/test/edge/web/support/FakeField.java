// SPDX-License-Identifier: Apache-2.0
package edge.web.support;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.device.Access;
import edge.api.device.DeviceFact;
import edge.api.device.DeviceInfo;
import edge.api.device.DeviceState;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.ScanStatistics;
import edge.api.device.Tag;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import edge.api.device.TagWriter;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Moment;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** Devices in memory whose values are set by the test, or move by themselves when {@link #move} is called. */
public final class FakeField implements TagTable, TagWriter {

    private static final class Device {
        private DeviceInfo info;
        private LinkState link;
        private final Map<String, TagState> tags = new java.util.LinkedHashMap<>();
        private long completed;
    }

    private final Map<String, Device> devices = new ConcurrentSkipListMap<>();

    public FakeField device(String name, String description, String address) {
        Device device = new Device();
        device.info = new DeviceInfo(name, "edge.drivers.modbus", address, description);
        device.link = new LinkState(Phase.CONNECTED, Instant.now().minusSeconds(3700), "");
        devices.put(name, device);
        return this;
    }

    public FakeField tag(String device, String name, DataType type, String unit, Access access, Value value) {
        Tag tag = new Tag(name, type, unit, access, Duration.ofSeconds(1), ReportPolicy.ALWAYS, "");
        Reading reading = new Reading(tag, value, Quality.GOOD, Instant.now());
        synchronized (this) {
            devices.get(device).tags.put(name, new TagState(device, reading, reading, now()));
        }
        return this;
    }

    public synchronized void set(String device, String tag, Value value) {
        set(device, tag, value, Quality.GOOD);
    }

    public synchronized void set(String device, String tag, Value value, Quality quality) {
        TagState before = devices.get(device).tags.get(tag);
        Reading reading = new Reading(before.reading().tag(), value, quality, Instant.now());
        devices.get(device).tags.put(tag, new TagState(device, reading, quality.isGood() ? reading : before.lastGood(),
            now()));
    }

    /** The device loses its link: its tags turn BAD and keep their last good values. */
    public synchronized void lose(String name, String detail, Duration ago) {
        Device device = devices.get(name);
        device.link = new LinkState(Phase.DISCONNECTED, Instant.now().minus(ago), detail);
        device.tags.replaceAll((tag, before) -> {
            Reading good = new Reading(before.reading().tag(), before.reading().value(), Quality.GOOD,
                Instant.now().minus(ago));
            return new TagState(name, new Reading(good.tag(), Value.NONE,
                Quality.bad(Quality.Reason.NOT_CONNECTED, detail), Instant.now().minus(ago)), good, now());
        });
    }

    public synchronized void remove(String device) {
        devices.remove(device);
    }

    /** One step of every connected device's signals. */
    public synchronized void move(double seconds) {
        devices.forEach((name, device) -> {
            if (device.link.phase() == Phase.CONNECTED) {
                device.completed++;
                device.tags.forEach((tag, state) -> {
                    DataType type = state.reading().tag().type();
                    int seed = (name + tag).hashCode();
                    double wave = Math.sin(seconds / (7 + Math.abs(seed % 40)) + seed % 100);
                    if (!state.reading().quality().isGood() || state.reading().tag().access().canWrite()) {
                        set(name, tag, state.reading().value(), state.reading().quality());
                    } else if (type.isReal()) {
                        double value = Math.round((50 + seed % 30 + 12 * wave) * 100) / 100.0;
                        set(name, tag, Value.real(value));
                    } else if (type.isUnsigned()) {
                        set(name, tag, Value.unsigned(Math.abs(seed % 10000) + (long) seconds));
                    } else if (type == DataType.BOOL) {
                        set(name, tag, Value.of(wave > 0.3));
                    }
                });
            }
        });
    }

    private static Moment now() {
        return new Moment(System.nanoTime(), Instant.now(), ClockConfidence.SYNCHRONISED);
    }

    private static DeviceState state(Device device) {
        return new DeviceState(device.info, device.link, List.copyOf(device.tags.values()), List.of(new ScanStatistics(
            Duration.ofSeconds(1), device.tags.size(), device.completed, 0, Duration.ofNanos(4_300_000))), List.of(
                new DeviceFact("identification.vendor", Value.text("Acme"), ""),
                new DeviceFact("line.busyMillis", Value.unsigned(device.completed), "ms")));
    }

    @Override
    public synchronized List<DeviceState> devices() {
        List<DeviceState> states = new ArrayList<>();
        devices.values().forEach(device -> states.add(state(device)));
        return states;
    }

    @Override
    public synchronized Optional<DeviceState> device(String name) {
        return Optional.ofNullable(devices.get(name)).map(FakeField::state);
    }

    @Override
    public synchronized Optional<TagState> tag(String device, String tag) {
        return Optional.ofNullable(devices.get(device)).map(one -> one.tags.get(tag));
    }

    @Override
    public FieldDevice.Observation observe(Consumer<List<TagState>> listener) {
        throw new UnsupportedOperationException("the console looks, it does not observe");
    }

    @Override
    public CompletionStage<Void> write(String device, String tag, Value value, Caller caller) {
        if (!caller.may(Role.OPERATOR)) {
            return CompletableFuture.failedFuture(new AccessDeniedException(caller, "write", Role.OPERATOR));
        }
        if (!tag(device, tag).orElseThrow().reading().tag().access().canWrite()) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("tag " + tag + " of device " + device
                + " is not configured as writable"));
        }
        set(device, tag, value);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<List<Outcome>> writeAll(List<Write> writes, Caller caller) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Write write : writes) {
            write(write.device(), write.tag(), write.value(), caller).whenComplete((done, failure) ->
                outcomes.add(new Outcome(write, Optional.ofNullable(failure))));
        }
        return CompletableFuture.completedFuture(outcomes);
    }
}
