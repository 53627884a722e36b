// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.StreamId;
import edge.api.uplink.Delivery;
import edge.api.uplink.Lane;
import edge.api.uplink.OutboundMessage;
import edge.api.uplink.Uplink;
import edge.api.uplink.UplinkException;
import edge.cloudconnector.support.MemoryJournal;
import edge.cloudconnector.support.TestGateway;
import edge.cloudconnector.support.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A day's outage, scaled: what a device a second gives in a day is the backlog, current values come fifty times a second, and the
 * target is a slow line in which everything queues. How long a value waits is told in what the line carries meanwhile: that does
 * not depend on the machine.
 */
class LiveFirstTest {

    private static final int BACKLOG = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final StreamId BOILER = StreamId.device("boiler");

    @TempDir
    private Path folder;
    private final TestGateway gateway = new TestGateway(Path.of("."));
    private final MemoryJournal journal = new MemoryJournal(gateway.id(), gateway.bootId());
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private Pump pump;

    @AfterEach
    void end() {
        pump.tellToStop();
        pump.awaitEnd();
        timer.shutdownNow();
    }

    /** One line: each message takes its time, and an answer comes when the line has carried what was before it. */
    private static final class SlowLine implements Uplink {

        private final long nanosEach;
        private final ScheduledExecutorService timer;
        final List<OutboundMessage> arrived = new ArrayList<>();
        /** How much had been carried when each current value was recorded, and what was carried until it arrived. */
        private final Map<Long, Integer> recorded = new HashMap<>();
        final List<Integer> waited = new ArrayList<>();
        private long freeAt = System.nanoTime();

        SlowLine(int perSecond, ScheduledExecutorService timer) {
            this.nanosEach = 1_000_000_000L / perSecond;
            this.timer = timer;
        }

        @Override
        public String name() {
            return "cloud";
        }

        @Override
        public String address() {
            return "test://slow";
        }

        @Override
        public StreamSelection selection() {
            return StreamSelection.ALL;
        }

        @Override
        public String encoder() {
            return "json";
        }

        @Override
        public Window window() {
            return new Window(8, 125);
        }

        @Override
        public CompletionStage<Void> open(Consumer<UplinkException> broken) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public synchronized CompletionStage<List<Delivery>> send(List<OutboundMessage> batch) {
            long now = System.nanoTime();
            freeAt = Math.max(now, freeAt) + nanosEach * batch.size();
            CompletableFuture<List<Delivery>> answer = new CompletableFuture<>();
            timer.schedule(() -> {
                synchronized (this) {
                    for (OutboundMessage message : batch) {
                        if (message.lane() == Lane.LIVE) {
                            waited.add(arrived.size() - recorded.get(message.record().key().sequence()));
                        }
                        arrived.add(message);
                    }
                }
                answer.complete(batch.stream().map(message -> Delivery.ACCEPTED).toList());
            }, freeAt - now, TimeUnit.NANOSECONDS);
            return answer;
        }

        synchronized void recorded(long sequence) {
            recorded.put(sequence, arrived.size());
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** @param worst most messages that the line may carry between the recording of a current value and its arrival, p99 */
    private void drain(int perSecond, int backlog, DeliveryPolicy policy, int worst) throws Exception {
        for (int i = 0; i < backlog; i++) {
            journal.append(BOILER, gateway.scan("boiler", i, gateway.ago(Duration.ofHours(1))));
        }
        SlowLine cloud = new SlowLine(perSecond, timer);
        pump = new Pump(cloud, journal, gateway, name -> Optional.of(new JsonEncoder()),
            new Announcer("cloud", "test://slow", Optional::empty), Limits.STANDARD, policy, folder, false);
        pump.start();
        Until.holds(PATIENCE, pump::status, () -> pump.status().delivered() > 0);
        // By the thread that answers, so that no value arrives before it is entered.
        timer.scheduleAtFixedRate(() -> cloud.recorded(journal.append(BOILER, gateway.scan("boiler", 1, gateway.now()),
            gateway.bootId()).sequence()), 0, 20, TimeUnit.MILLISECONDS);
        Until.holds(PATIENCE, pump::status, () -> pump.status().historical().records() == 0);

        synchronized (cloud) {
            List<Integer> live = cloud.waited.stream().sorted().toList();
            assertThat(live).as("live records while the backlog drained").hasSizeGreaterThan(50);
            assertThat(live.get(live.size() * 99 / 100)).as("carried before a current value, p99").isLessThan(worst);
            assertInOrder(cloud.arrived, Lane.LIVE);
            assertInOrder(cloud.arrived, Lane.BACKLOG);
            assertThat(cloud.arrived.stream().filter(message -> message.lane() == Lane.BACKLOG).count())
                .isEqualTo(backlog);
            assertThat(cloud.arrived.stream().map(OutboundMessage::record).map(JournalRecord::key).distinct().count())
                .as("no duplicates").isEqualTo(cloud.arrived.size());
        }
    }

    private static void assertInOrder(List<OutboundMessage> arrived, Lane lane) {
        assertThat(arrived.stream().filter(message -> message.lane() == lane)
            .map(message -> message.record().key().sequence()).toList()).as(lane + " in order").isSorted();
    }

    @Test
    void current_values_do_not_wait_behind_a_days_backlog_on_a_slow_line() throws Exception {
        drain(4000, BACKLOG, DeliveryPolicy.STANDARD, 4000);
    }

    @Test
    void nor_on_a_line_that_is_hardly_faster_than_they_are() throws Exception {
        drain(100, 150, DeliveryPolicy.STANDARD, 120);
    }

    @Test
    void the_backlog_keeps_to_its_rate() throws Exception {
        DeliveryPolicy slow = new DeliveryPolicy(0, 10, 500, 0, 0, ConnectionWindows.NONE, Priorities.NONE, 1, false, 5,
            1000, Duration.ofMinutes(1), 10, Duration.ofMinutes(5));
        long begin = System.nanoTime();
        drain(5000, 1000, slow, 200);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(1900));
    }
}
