// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.polled;

import edge.api.device.DeviceException;
import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import edge.api.value.Value;
import edge.drivers.gpio.Backoff;
import edge.drivers.gpio.SerialExecutor;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device that is read and written tag by tag, on its own thread. Its components inherit its reference and its beginning and end
 * (the build runs with the option {@code inherit}).
 *
 * @param <B> what its tags are reached through
 */
public class PolledDevice<B extends AutoCloseable> implements FieldDevice, HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(PolledDevice.class);
    private static final int PENDING_WRITES = 64;

    /** Opens what the tags are reached through. */
    @FunctionalInterface
    public interface Opener<B> {
        /** @throws IOException one sentence: what is wrong and what to do */
        B open() throws IOException;
    }

    private final DeviceInfo info;
    private final boolean simulated;
    private final List<Cell<B>> cells;
    private final List<Tag> tags;
    private final SerialExecutor executor;
    private final PolledLink<B> link;
    private final AtomicInteger pendingWrites = new AtomicInteger();
    private final Instant created = Instant.now();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile Events events;

    /**
     * @param simulated whether there is no hardware behind it, which its health says
     */
    protected PolledDevice(DeviceInfo info, boolean simulated, List<? extends Cell<B>> cells, Opener<B> opener) {
        this.info = info;
        this.simulated = simulated;
        this.cells = List.copyOf(cells);
        tags = this.cells.stream().map(Cell::tag).toList();
        executor = new SerialExecutor("edge-gpio-" + info.name());
        link = new PolledLink<>(opener, executor, Backoff.standard(), new Told());
    }

    /** Begins to connect. The framework calls it. */
    @Activate
    public final void start() {
        LOG.info("{} with {} tags at {}", subject(), tags.size(), info.address());
        executor.run(link::connect);
    }

    /** Lets go of the hardware; returns when that is done, or after a bounded time. The framework calls it. */
    @Deactivate
    public final void stop() {
        executor.close(link::close);
        LOG.info("{} ended", subject());
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
        return link.state();
    }

    @Override
    public Scan prepare(List<Tag> wanted) {
        List<Cell<B>> asked = wanted.stream().map(this::cell).toList();
        return executor.scan(wanted, () -> link.read(asked));
    }

    private Cell<B> cell(Tag tag) {
        int index = tags.indexOf(tag);
        if (index < 0) {
            throw new IllegalArgumentException("device " + info.name() + " has no tag " + tag.name());
        }
        return cells.get(index);
    }

    @Override
    public CompletionStage<Void> write(Tag tag, Value value) {
        Cell<B> cell = cell(tag);
        CompletableFuture<Void> result = new CompletableFuture<>();
        if (!tag.access().canWrite()) {
            result.completeExceptionally(problem(Reason.REJECTED, tag, "is not configured as writable"));
        } else if (pendingWrites.incrementAndGet() > PENDING_WRITES) {
            pendingWrites.decrementAndGet();
            result.completeExceptionally(problem(Reason.REJECTED, tag, "has " + PENDING_WRITES
                + " writes before it that wait for the bus; write less often"));
        } else if (!executor.run(() -> writeNow(cell, value, result))) {
            pendingWrites.decrementAndGet();
            result.completeExceptionally(problem(Reason.PAUSED, tag, SerialExecutor.SWITCHED_OFF));
        }
        return result;
    }

    private void writeNow(Cell<B> cell, Value value, CompletableFuture<Void> result) {
        pendingWrites.decrementAndGet();
        try {
            link.write(cell, value);
            result.complete(null);
        } catch (IllegalArgumentException e) {
            result.completeExceptionally(problem(Reason.OUT_OF_RANGE, cell.tag(), e.getMessage()));
        } catch (IOException e) {
            result.completeExceptionally(problem(Reason.NOT_CONNECTED, cell.tag(), e.getMessage()));
        }
    }

    private DeviceException problem(Reason reason, Tag tag, String what) {
        return new DeviceException(reason, subject() + ", tag " + tag.name() + ": " + what);
    }

    @Override
    public String subject() {
        return "device " + info.name();
    }

    @Override
    public HealthReport check() {
        LinkState state = link.state();
        if (state.phase() == Phase.DISCONNECTED) {
            return new HealthReport(Status.WARN, state.since(), state.detail(), "See the reason; it is tried again by itself.");
        }
        return simulated ? new HealthReport(Status.WARN, created, "The values are simulated: the provider is mock.",
            "On a real board leave provider out.") : new HealthReport(Status.OK, state.since(), "", "");
    }

    private void event(Status level, String text) {
        Events target = events;
        if (target != null) {
            target.add(level, subject(), text);
        }
    }

    /** Tells people what the link tells. */
    private final class Told implements PolledLink.Owner {

        @Override
        public void connected() {
            LOG.info("{} answers ({})", subject(), info.address());
            event(simulated ? Status.WARN : Status.OK, simulated ? "Connected; its values are simulated." : "Connected.");
        }

        @Override
        public void disconnected(String reason) {
            LOG.warn("{} is disconnected and will be tried again: {}", subject(), reason);
            event(Status.WARN, "Disconnected: " + reason + ".");
        }
    }
}
