// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.device.Access;
import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** A device whose answers a test decides. By default each tag reads the number of the scan. */
final class TestDevice implements FieldDevice {
    static final Duration SECOND = Duration.ofSeconds(1);
    static final Instant SOURCE = Instant.parse("2026-11-20T09:00:00Z");

    int scans;
    final List<List<Tag>> prepared = new ArrayList<>();
    final List<Value> written = new ArrayList<>();
    Function<List<Tag>, CompletionStage<List<Reading>>> answer = tags -> CompletableFuture.completedFuture(readings(tags));
    Function<Value, CompletionStage<Void>> write = value -> CompletableFuture.completedFuture(null);
    Function<List<Tag>, Scan> preparation = tags -> () -> {
        scans++;
        return answer.apply(tags);
    };
    LinkState link = new LinkState(LinkState.Phase.CONNECTED, SOURCE, "");
    Consumer<List<Reading>> listener;
    boolean observationClosed;

    private final DeviceInfo info;
    private final List<Tag> tags;

    TestDevice(String name, Tag... tags) {
        this(name, "test.driver", List.of(tags));
    }

    TestDevice(String name, String driver, List<Tag> tags) {
        this.info = new DeviceInfo(name, driver, "test://" + name, "");
        this.tags = List.copyOf(tags);
    }

    static Tag tag(String name, Duration period) {
        return tag(name, DataType.FLOAT64, Access.READ_WRITE, period, ReportPolicy.ALWAYS);
    }

    static Tag tag(String name, DataType type, Access access, Duration period, ReportPolicy report) {
        return new Tag(name, type, "", access, period, report, "");
    }

    static Reading good(Tag tag, Value value) {
        return new Reading(tag, value, Quality.GOOD, SOURCE);
    }

    List<Reading> readings(List<Tag> of) {
        return of.stream().map(tag -> good(tag, Value.real(scans))).toList();
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public List<Tag> tags() {
        return tags;
    }

    @Override
    public LinkState link() {
        return link;
    }

    @Override
    public Scan prepare(List<Tag> group) {
        prepared.add(group);
        return preparation.apply(group);
    }

    @Override
    public CompletionStage<Void> write(Tag tag, Value value) {
        written.add(value);
        return write.apply(value);
    }

    @Override
    public Observation observe(Consumer<List<Reading>> to) {
        listener = to;
        return () -> observationClosed = true;
    }
}
