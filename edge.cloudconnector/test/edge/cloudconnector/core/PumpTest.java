// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.health.Events;
import edge.api.health.HealthReport.Status;
import edge.api.journal.JournalException;
import edge.api.journal.StreamSelection;
import edge.api.message.StreamId;
import edge.api.uplink.Delivery;
import edge.api.uplink.Encoder;
import edge.api.uplink.Lane;
import edge.api.uplink.UplinkException;
import edge.api.uplink.UplinkStatus.Phase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PumpTest extends PumpRig {

    @Test
    void what_is_in_the_journal_and_what_comes_later_arrives_in_order_and_once() throws Exception {
        append(95);
        start();
        until(() -> pump.status().delivered() == 95);
        append(30);
        until(() -> pump.status().delivered() == 125);

        assertThat(cloud.sequences()).isEqualTo(oneTo(125));
        assertThat(journal.mark("cloud")).isEqualTo(position(125));
        assertThat(pump.status()).satisfies(status -> {
            assertThat(status.phase()).isEqualTo(Phase.CONNECTED);
            assertThat(status.detail()).isEmpty();
            assertThat(status.backlog().records()).isZero();
            assertThat(status.inFlight()).isZero();
            assertThat(status.lastDelivery()).isPresent();
        });
        assertThat(pump.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void only_the_streams_that_an_uplink_wants_are_sent() throws Exception {
        cloud.selection = new StreamSelection(List.of("ingest/*"));
        append(5);
        journal.append(StreamId.ingest("alarms"), gateway.scan("alarms", 1, gateway.now()));
        start();
        until(() -> pump.status().delivered() == 1);

        assertThat(cloud.sent.get(0).record().key().stream()).isEqualTo(StreamId.ingest("alarms"));
    }

    @Test
    void the_mark_moves_over_what_is_answered_without_a_hole_only() throws Exception {
        cloud.answerAtOnce = false;
        append(60);
        start();
        until(() -> cloud.waiting.size() == 4);
        assertThat(pump.status().inFlight()).isEqualTo(40);

        cloud.waiting.get(1).accept();
        cloud.waiting.get(2).accept();
        assertThat(journal.mark("cloud")).isZero();
        cloud.waiting.get(0).accept();
        until(() -> journal.mark("cloud") == position(30));
        until(() -> cloud.waiting.size() == 6);
        assertThat(cloud.sequences()).isEqualTo(oneTo(60));
        cloud.waiting.forEach(ScriptedUplink.Waiting::accept);
        until(() -> journal.mark("cloud") == position(60));
    }

    @Test
    void after_a_break_everything_unanswered_is_sent_again_and_nothing_else() throws Exception {
        cloud.answerAtOnce = false;
        append(60);
        start();
        until(() -> cloud.waiting.size() == 4);
        cloud.waiting.get(0).accept();
        cloud.waiting.get(2).accept();
        until(() -> journal.mark("cloud") == position(10) && cloud.waiting.size() == 6);

        cloud.sent.clear();
        cloud.answerAtOnce = true;
        cloud.breakOff("The cable is cut");
        until(() -> journal.mark("cloud") == position(60));

        assertThat(cloud.sequences()).isEqualTo(fromTo(11, 60));
        assertThat(cloud.opens).hasValue(2);
        assertThat(events.recent(9)).extracting(Events.Event::text).containsExactly("connected to test://cloud",
            "The cable is cut. Wait", "connected to test://cloud after 1 failure");
    }

    @Test
    void an_answer_of_an_old_connection_moves_nothing() throws Exception {
        cloud.answerAtOnce = false;
        append(5);
        start();
        until(() -> cloud.waiting.size() == 1);
        cloud.broken.accept(new UplinkException(UplinkException.Kind.UNREACHABLE, "cut", "", null));
        until(() -> cloud.waiting.size() == 2);

        cloud.waiting.get(0).accept();
        append(1);
        until(() -> cloud.waiting.size() == 3);
        assertThat(journal.mark("cloud")).isZero();
        cloud.waiting.get(1).accept();
        until(() -> journal.mark("cloud") == position(5));
    }

    @Test
    void what_waited_for_the_connection_is_historical_and_what_comes_then_is_live() throws Exception {
        journal.append(BOILER, gateway.scan("boiler", 1, gateway.now()), UUID.randomUUID());
        journal.append(BOILER, gateway.scan("boiler", 2, gateway.ago(Duration.ofSeconds(60))));
        journal.append(BOILER, gateway.scan("boiler", 3, gateway.now()));
        start();
        until(() -> pump.status().delivered() == 3);
        append(1);
        until(() -> pump.status().delivered() == 4);

        assertThat(cloud.lanes()).containsExactly(Lane.BACKLOG, Lane.BACKLOG, Lane.BACKLOG, Lane.LIVE);
        assertThat(new String(cloud.sent.get(1).payload())).contains("\"lane\":\"backlog\"");
    }

    @Test
    void a_break_of_a_moment_makes_nothing_historical() throws Exception {
        append(5);
        start();
        until(() -> pump.status().delivered() == 5);
        cloud.breakOff("The cable is cut");
        append(5);
        until(() -> pump.status().delivered() == 10);

        assertThat(cloud.lanes()).containsOnly(Lane.LIVE);
    }

    @Test
    void a_refused_login_is_critical_told_once_and_tried_again() throws Exception {
        cloud.opening = CompletableFuture.failedFuture(new UplinkException(UplinkException.Kind.REFUSED,
            "The login is refused", "Check 'user'", null));
        append(3);
        start();
        until(() -> cloud.opens.get() >= 4);

        assertThat(pump.check().status()).isEqualTo(Status.CRITICAL);
        assertThat(pump.check().reason()).isEqualTo("The login is refused");
        assertThat(pump.check().remedy()).isEqualTo("Check 'user'");
        assertThat(pump.status().detail()).startsWith("The login is refused. Check 'user'. ");
        assertThat(events.recent(9)).hasSize(1).first().satisfies(event -> {
            assertThat(event.level()).isEqualTo(Status.CRITICAL);
            assertThat(event.subject()).isEqualTo("uplink cloud");
        });
        cloud.opening = CompletableFuture.completedFuture(null);
        until(() -> pump.status().delivered() == 3);
        assertThat(events.recent(9)).hasSize(2);
    }

    @Test
    void a_target_that_neither_opens_nor_fails_is_given_up_and_tried_again() throws Exception {
        cloud.opening = new CompletableFuture<>();
        start(limits(Duration.ofMillis(100), Duration.ofMinutes(2), Duration.ofMillis(100)), DeliveryPolicy.STANDARD);
        until(() -> cloud.opens.get() >= 2);
        assertThat(cloud.closes.get()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void a_target_that_never_answers_is_taken_for_broken() throws Exception {
        cloud.answerAtOnce = false;
        append(3);
        start(limits(Duration.ofMinutes(2), Duration.ofMillis(1), Duration.ofMillis(100)), DeliveryPolicy.STANDARD);
        until(() -> !cloud.waiting.isEmpty());
        pump.retryNow();
        until(() -> cloud.opens.get() >= 2);
        assertThat(isTold("The target has not answered for ")).isTrue();
    }

    @Test
    void faults_of_a_target_cost_its_connection_and_nothing_more() throws Exception {
        cloud.judge = message -> {
            throw new IllegalStateException("a bug of the target");
        };
        append(3);
        start();
        until(() -> pump.status().detail().contains("a bug of the target"));
        until(() -> cloud.opens.get() >= 2);
        cloud.judge = message -> Delivery.ACCEPTED;
        until(() -> pump.status().delivered() == 3);
    }

    @Test
    void an_answer_for_another_number_of_messages_is_not_believed() throws Exception {
        cloud.answerAtOnce = false;
        append(3);
        start();
        until(() -> cloud.waiting.size() == 1);
        cloud.waiting.get(0).answer().complete(List.of(Delivery.ACCEPTED));
        until(() -> isTold("answered for 1 of 3 messages"));
        assertThat(journal.mark("cloud")).isZero();
    }

    @Test
    void a_missing_encoder_is_named_and_its_coming_starts_the_uplink() throws Exception {
        cloud.encoder = "cbor";
        append(3);
        start();
        until(() -> pump.status().detail().contains("no encoder 'cbor'"));
        assertThat(pump.check().status()).isEqualTo(Status.CRITICAL);
        encoders.put("cbor", (record, lane) -> List.of(new Encoder.Payload(new byte[1])));
        pump.retryNow();
        until(() -> pump.status().delivered() == 3);
    }

    @Test
    void a_failing_journal_is_shown_and_sending_goes_on_when_it_heals() throws Exception {
        append(3);
        journal.fail(new JournalException(JournalException.Kind.FAILING, "segment 7 cannot be read"));
        start();
        until(() -> pump.status().detail().contains("segment 7 cannot be read"));
        journal.fail(null);
        until(() -> pump.status().delivered() == 3);
        journal.fail(new JournalException(JournalException.Kind.FAILING, "segment 8 cannot be read"));
        append(1);
        until(() -> pump.check().status() == Status.CRITICAL);
        journal.fail(null);
        until(() -> pump.status().delivered() == 4);
    }

    @Test
    void a_second_uplink_of_the_same_name_waits_and_says_so() throws Exception {
        start();
        until(() -> pump.status().phase() == Phase.CONNECTED);
        Pump second = pump(new ScriptedUplink(), quick(), DeliveryPolicy.STANDARD, false);
        second.start();
        until(second, () -> second.status().detail().contains("Another uplink of the name cloud"));
        end();
        until(second, () -> second.status().phase() == Phase.CONNECTED);
        second.tellToStop();
        second.awaitEnd();
    }

    @Test
    void a_paused_uplink_is_disconnected_keeps_its_place_and_goes_on_when_resumed() throws Exception {
        append(5);
        start();
        until(() -> pump.status().delivered() == 5);
        pump.pause(true);
        until(() -> pump.status().phase() == Phase.PAUSED);
        append(5);

        assertThat(cloud.isOpen()).isFalse();
        assertThat(pump.status().backlog().records()).isEqualTo(5);
        assertThat(pump.check().status()).isEqualTo(Status.WARN);
        pump.pause(false);
        until(() -> pump.status().delivered() == 10);
        assertThat(cloud.sequences()).isEqualTo(oneTo(10));
    }

    @Test
    void an_uplink_can_begin_paused() throws Exception {
        append(5);
        pump = pump(cloud, quick(), DeliveryPolicy.STANDARD, true);
        pump.start();
        until(() -> pump.status().phase() == Phase.PAUSED);
        assertThat(cloud.opens).hasValue(0);
    }

    @Test
    void at_the_end_what_is_under_way_may_still_be_answered() throws Exception {
        cloud.answerAtOnce = false;
        append(5);
        start(limits(Duration.ofMinutes(2), Duration.ofMinutes(2), Duration.ofSeconds(6)), DeliveryPolicy.STANDARD);
        until(() -> cloud.waiting.size() == 1);
        pump.tellToStop();
        cloud.waiting.get(0).accept();
        pump.awaitEnd();

        assertThat(journal.mark("cloud")).isEqualTo(position(5));
        assertThat(cloud.isOpen()).isFalse();
    }

    @Test
    void it_ends_in_bounded_time_whatever_it_is_waiting_for() throws Exception {
        cloud.answerAtOnce = false;
        append(5);
        start();
        until(() -> cloud.waiting.size() == 1);
        long begin = System.nanoTime();
        end();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));

        ScriptedUplink opening = new ScriptedUplink();
        opening.opening = new CompletableFuture<>();
        pump = pump(opening, quick(), DeliveryPolicy.STANDARD, false);
        pump.start();
        until(() -> opening.opens.get() >= 1);
        end();
        assertThat(opening.isOpen()).isFalse();
    }

    @Test
    void the_back_off_doubles_with_jitter_up_to_its_bound_and_begins_anew_after_a_reset() {
        Backoff backoff = new Backoff(Duration.ofMillis(1000), Duration.ofMillis(5000));
        assertThat(backoff.next()).isBetween(Duration.ofMillis(500), Duration.ofMillis(1000));
        assertThat(backoff.next()).isBetween(Duration.ofMillis(1000), Duration.ofMillis(2000));
        assertThat(backoff.next()).isBetween(Duration.ofMillis(2000), Duration.ofMillis(4000));
        assertThat(backoff.next()).isBetween(Duration.ofMillis(2500), Duration.ofMillis(5000));
        assertThat(backoff.next()).isBetween(Duration.ofMillis(2500), Duration.ofMillis(5000));
        backoff.reset();
        assertThat(backoff.next()).isBetween(Duration.ofMillis(500), Duration.ofMillis(1000));
    }
}
