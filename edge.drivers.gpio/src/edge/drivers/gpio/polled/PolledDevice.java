// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.polled;

import edge.api.device.DeviceException;
import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device that is read and written tag by tag, on its own thread.
 *
 * @param <B> what its tags are reached through
 */
public class PolledDevice<B extends AutoCloseable> implements FieldDevice, HealthCheck {

    static final String SWITCHED_OFF = "the device is switched off or its driver is being replaced";

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
    private final Supplier<Events> events;
    private final SerialExecutor executor;
    private final PolledLink<B> link;
    private final AtomicInteger pendingWrites = new AtomicInteger();
    private final Instant created = Instant.now();

    /**
     * @param simulated whether there is no hardware behind it, which its health says
     * @param events gives null while nobody listens
     */
    protected PolledDevice(DeviceInfo info, boolean simulated, List<? extends Cell<B>> cells, Opener<B> opener,
                           Supplier<Events> events) {
        this.info = info;
        this.simulated = simulated;
        this.cells = List.copyOf(cells);
        this.events = events;
        tags = this.cells.stream().map(Cell::tag).toList();
        executor = new SerialExecutor("edge-gpio-" + info.name());
        link = new PolledLink<>(opener, executor, Backoff.standard(), new Told());
    }

    protected final void begin() {
        LOG.info("{} with {} tags at {}", subject(), tags.size(), info.address());
        executor.run(link::connect);
    }

    protected final void end() {
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
        return () -> {
            CompletableFuture<List<Reading>> result = new CompletableFuture<>();
            if (!executor.run(() -> result.complete(link.read(asked)))) {
                List<Reading> paused = new ArrayList<>(asked.size());
                asked.forEach(cell -> paused.add(new Reading(cell.tag(), Value.NONE,
                    Quality.bad(Reason.PAUSED, SWITCHED_OFF), Instant.now())));
                result.complete(paused);
            }
            return result;
        };
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
            result.completeExceptionally(problem(Reason.PAUSED, tag, SWITCHED_OFF));
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
        Events target = events.get();
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
