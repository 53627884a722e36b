// SPDX-License-Identifier: Apache-2.0
package edge.itest;

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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** A device of one tag, which counts its scans. */
final class CounterDevice implements FieldDevice {

    private final String name;
    private final Tag tag = new Tag("count", DataType.INT64, "", Access.READ, Duration.ofMillis(50), ReportPolicy.ALWAYS,
        "");
    private final AtomicLong count = new AtomicLong();

    CounterDevice(String name) {
        this.name = name;
    }

    @Override
    public DeviceInfo info() {
        return new DeviceInfo(name, "edge.itest", "memory", "counts its scans");
    }

    @Override
    public List<Tag> tags() {
        return List.of(tag);
    }

    @Override
    public LinkState link() {
        return new LinkState(LinkState.Phase.CONNECTED, Instant.EPOCH, "");
    }

    @Override
    public Scan prepare(List<Tag> tags) {
        return () -> CompletableFuture.completedFuture(List.of(
            new Reading(tag, Value.signed(count.incrementAndGet()), Quality.GOOD, Instant.now())));
    }

    @Override
    public CompletionStage<Void> write(Tag written, Value value) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException());
    }
}
