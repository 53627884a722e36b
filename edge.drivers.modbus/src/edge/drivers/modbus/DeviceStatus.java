// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.device.LinkState;
import edge.api.health.Events;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a device is, from what happens to its requests. Tells people once when it is lost and once when it is back; failures in
 * between are counted. Written on the client's thread, read on any.
 */
final class DeviceStatus {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceStatus.class);
    private static final int MIN_FAILURES = 2;
    /** A device that answers some requests and others not is not lost, and is not to fill the log. */
    private static final Duration MIN_SILENCE = Duration.ofSeconds(5);
    private static final int MAX_NAMED = 5;

    /** Why and since when the device is lost. */
    private record Loss(Instant since, String why) {
    }

    private final Station station;
    private final String subject;
    private final boolean polled;
    private final Supplier<Optional<Events>> events;
    private final Instant started = Instant.now();
    private final Set<String> refusedTags = new ConcurrentSkipListSet<>();
    private volatile LinkState link = new LinkState(LinkState.Phase.CONNECTING, started, "");
    private volatile Optional<Loss> loss = Optional.empty();
    private volatile Instant okSince = started;
    private volatile int failures;
    private volatile Runnable onAnswer = () -> { };
    private long lastAnswer = System.nanoTime(); // client's thread

    /** @param polled whether it has tags to read; if not, a connection is all that can be seen of it */
    DeviceStatus(Station station, boolean polled, Supplier<Optional<Events>> events) {
        this.station = station;
        this.subject = "device " + station.device();
        this.polled = polled;
        this.events = events;
    }

    /** What is called, on the line's thread, whenever the device has answered. */
    void onAnswer(Runnable listener) {
        onAnswer = listener;
    }

    LinkState link() {
        return link;
    }

    void linkChanged(LinkState state) {
        link = state;
        if (state.phase() == LinkState.Phase.DISCONNECTED) {
            failures++;
            lost(station.address() + ": " + state.detail());
        } else if (state.phase() == LinkState.Phase.CONNECTED && !polled) {
            back();
        }
    }

    /** The device is no longer configured so. */
    void ended() {
        link = new LinkState(LinkState.Phase.DISCONNECTED, Instant.now(), "the device is switched off or its driver is being replaced");
    }

    /** The device has answered, be it with a refusal. */
    void answered() {
        lastAnswer = System.nanoTime();
        failures = 0;
        if (loss.isPresent()) {
            back();
        }
        onAnswer.run();
    }

    /** A request got no valid answer. */
    void failed(String why) {
        failures++;
        if (failures >= MIN_FAILURES && System.nanoTime() - lastAnswer >= MIN_SILENCE.toNanos()) {
            lost(why);
        }
    }

    /** The device refuses to read a tag. */
    void refused(String tag, String why) {
        if (refusedTags.add(tag)) {
            LOG.warn("{}: tag {} is refused: {}", subject, tag, why);
        }
    }

    /** The device reads a tag. */
    void granted(String tag) {
        if (!refusedTags.isEmpty() && refusedTags.remove(tag)) {
            LOG.info("{}: tag {} is no longer refused", subject, tag);
        }
    }

    private void lost(String why) {
        if (loss.isPresent()) {
            loss = Optional.of(new Loss(loss.get().since(), why));
            return;
        }
        loss = Optional.of(new Loss(Instant.now(), why));
        LOG.warn("{} is lost: {}", subject, why);
        events.get().ifPresent(e -> e.add(Status.WARN, subject, "lost: " + why));
    }

    private void back() {
        if (loss.isEmpty()) {
            return;
        }
        Duration away = Duration.between(loss.get().since(), Instant.now()).truncatedTo(ChronoUnit.SECONDS);
        loss = Optional.empty();
        okSince = Instant.now();
        LOG.info("{} is back after {} s", subject, away.toSeconds());
        events.get().ifPresent(e -> e.add(Status.OK, subject, "back after " + away.toSeconds() + " s"));
    }

    HealthReport health() {
        Optional<Loss> now = loss;
        if (now.isPresent()) {
            return new HealthReport(Status.WARN, now.get().since(),
                now.get().why() + " (" + failures + " failures since)",
                "Check that the device is on and reachable; the driver keeps trying.");
        }
        if (!refusedTags.isEmpty()) {
            String names = String.join(", ", refusedTags.stream().limit(MAX_NAMED).toList());
            return new HealthReport(Status.WARN, okSince, "the device refuses " + refusedTags.size() + " of its tags: " + names
                + (refusedTags.size() > MAX_NAMED ? ", ..." : ""), "Check table, address and addressBase of these tags.");
        }
        return new HealthReport(Status.OK, okSince, "", "");
    }
}
