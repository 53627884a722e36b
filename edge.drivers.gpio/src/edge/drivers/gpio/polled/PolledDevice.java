// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.polled;

import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
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
import edge.drivers.gpio.WriteQueue;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
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
    private final WriteQueue writes;
    private final PolledLink<B> link;
    private final Instant created = Instant.now();

    /** Not private: the framework sets it on components of other packages, and sees there what these classes see. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    protected volatile Events events;

    /**
     * @param simulated whether there is no hardware behind it, which its health says
     */
    protected PolledDevice(DeviceInfo info, boolean simulated, List<? extends Cell<B>> cells, Opener<B> opener) {
        this.info = info;
        this.simulated = simulated;
        this.cells = List.copyOf(cells);
        tags = this.cells.stream().map(Cell::tag).toList();
        executor = new SerialExecutor("edge-gpio-" + info.name());
        writes = new WriteQueue(executor, subject());
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
        return writes.add(tag, () -> link.write(cell, value));
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
