// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.ClockCorrection;
import edge.api.gateway.Moment;
import edge.api.message.StreamId;
import edge.api.uplink.Lane;
import edge.api.uplink.OutboundMessage;
import edge.api.uplink.UplinkException;
import edge.api.uplink.UplinkStatus.Phase;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryRulesTest extends PumpRig {

    @Test
    void outside_of_its_windows_it_is_not_connected_and_in_them_it_is() throws Exception {
        LocalDateTime far = LocalDateTime.now(ZoneId.of("UTC")).plusMonths(2);
        append(5);
        start(policy(Map.of("windows",
            new String[] {"0 0 1 " + far.getMonthValue() + " * for 90m"})));
        until(() -> pump.status().phase() == Phase.WAITING);
        assertThat(pump.status().detail()).contains("Outside of its connection windows; the next one begins at ")
            .contains("-01T00:00:00Z");
        assertThat(cloud.opens).hasValue(0);
        assertThat(pump.check().status()).isEqualTo(edge.api.health.HealthReport.Status.OK);
        pump.policy(policy(Map.of("windows", new String[] {"* * * * * for 5m"})));
        until(() -> pump.status().delivered() == 5);
        pump.policy(policy(Map.of("windows",
            new String[] {"0 0 1 " + far.getMonthValue() + " * for 90m"})));
        until(() -> pump.status().phase() == Phase.WAITING && !cloud.isOpen());
    }

    @Test
    void when_the_budget_of_the_day_is_spent_it_waits_and_counts_on_after_a_restart() throws Exception {
        append(20);
        start(policy(Map.of("dailyKilobytes", 1)));
        until(() -> pump.status().phase() == Phase.WAITING);
        assertThat(pump.status().detail()).contains("The budget of 1 kB for today is spent; it goes on at ");
        assertThat(pump.status().traffic().today()).isGreaterThanOrEqualTo(1000);
        assertThat(pump.status().traffic().budget()).isEqualTo(1000);
        long today = pump.status().traffic().today();
        end();
        assertThat(new Traffic(folder.resolve("cloud.traffic")).status(0, Instant.now()).today()).isEqualTo(today);
    }

    @Test
    void the_forecast_is_what_the_day_comes_to_at_the_rate_of_the_last_hour_and_a_new_day_begins_at_0() {
        Traffic traffic = new Traffic(folder.resolve("x.traffic"));
        Instant noon = Instant.parse("2026-11-20T12:00:30Z");
        for (int minute = 0; minute < 60; minute++) {
            traffic.sent(minute % 2 == 0 ? Lane.LIVE : Lane.BACKLOG, 1000, noon.plus(Duration.ofMinutes(minute)));
        }
        Instant one = noon.plus(Duration.ofMinutes(59));
        assertThat(traffic.status(0, one).today()).isEqualTo(60_000);
        assertThat(traffic.status(0, one).forecast()).isBetween(718_000L, 722_000L);
        assertThat(traffic.isReserved(400_000, one)).as("live alone needs some 330 kB more").isFalse();
        assertThat(traffic.isReserved(380_000, one)).isTrue();
        assertThat(traffic.isSpent(60_000, one)).isTrue();
        assertThat(traffic.isSpent(60_001, one)).isFalse();
        assertThat(traffic.status(0, Instant.parse("2026-11-21T00:00:01Z")).today()).isZero();
    }

    @Test
    void all_messages_keep_to_their_rate() throws Exception {
        append(150);
        long begin = System.nanoTime();
        start(policy(Map.of("messagesPerSecond", 100, "burst", 50)));
        until(() -> pump.status().delivered() == 150);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(850));
    }

    @Test
    void a_target_that_is_there_and_takes_nothing_is_left_alone_for_longer_and_begun_with_one_message() throws Exception {
        cloud.opening = CompletableFuture.failedFuture(new UplinkException(UplinkException.Kind.REFUSED, "no", "", null));
        append(30);
        start(policy(Map.of("breakerFailures", 3)));
        until(() -> pump.status().detail().contains("After 3 failures in a row the target is left alone"));
        assertThat(cloud.opens).hasValue(3);
        cloud.opening = CompletableFuture.completedFuture(null);
        cloud.answerAtOnce = false;
        pump.retryNow();
        until(() -> cloud.waiting.size() == 1);
        assertThat(cloud.sent).hasSize(1);
        cloud.answerAtOnce = true;
        cloud.waiting.get(0).accept();
        until(() -> pump.status().delivered() == 30);
    }

    @Test
    void records_of_a_stream_go_out_together_and_compressed_where_that_is_wanted() throws Exception {
        for (int i = 0; i < 40; i++) {
            journal.append(BOILER, gateway.scan("boiler", i, gateway.ago(Duration.ofHours(1))));
            journal.append(StreamId.device("pump"), gateway.scan("pump", i, gateway.ago(Duration.ofHours(1))));
        }
        start(policy(Map.of("recordsPerMessage", 10, "compression", "gzip")));
        until(() -> pump.status().delivered() == 80);

        assertThat(cloud.sent).hasSizeLessThan(16).allSatisfy(message -> {
            assertThat(message.records().stream().map(record -> record.key().stream()).distinct()).hasSize(1);
            assertThat(message.records().size()).isLessThanOrEqualTo(10);
            assertThat(message.compression()).isEqualTo("gzip");
            String text = new String(new GZIPInputStream(new ByteArrayInputStream(message.payload())).readAllBytes(),
                StandardCharsets.UTF_8);
            assertThat(text).startsWith("[{").endsWith("}]");
            assertThat(text.split("\"sequence\":")).hasSize(message.records().size() + 1);
        });
        assertThat(journal.mark("cloud")).isEqualTo(journal.end());
    }

    @Test
    void of_a_message_with_several_records_only_the_refused_one_is_put_aside() throws Exception {
        cloud.judge = message -> message.records().stream().anyMatch(record -> record.key().sequence() == 13)
            ? edge.api.uplink.Delivery.rejected("too warm") : edge.api.uplink.Delivery.ACCEPTED;
        for (int i = 0; i < 40; i++) {
            journal.append(BOILER, gateway.scan("boiler", i, gateway.ago(Duration.ofHours(1))));
        }
        start(policy(Map.of("recordsPerMessage", 10)));
        until(() -> pump.deadLetters().size() == 1 && pump.status().backlog().records() == 0);
        assertThat(pump.deadLetters().get(0).key().sequence()).isEqualTo(13);
    }

    @Test
    void one_message_a_tag_is_delivered_when_all_its_parts_are() throws Exception {
        cloud.encoder = "json-tag";
        cloud.window = new edge.api.uplink.Uplink.Window(2, 3);
        for (int i = 0; i < 5; i++) {
            journal.append(BOILER, gateway.scan("boiler", List.of("a", "b", "c", "d"), i));
        }
        start();
        until(() -> pump.status().delivered() == 5);
        assertThat(cloud.sent).hasSize(20);
        assertThat(cloud.sent.stream().map(OutboundMessage::tag).limit(4)).containsExactly("a", "b", "c", "d");
        assertThat(new String(cloud.sent.get(5).payload(), StandardCharsets.UTF_8)).contains("\"part\":2,\"parts\":4")
            .contains("\"sequence\":2").contains("\"b\":{").doesNotContain("\"a\":{");
    }

    @Test
    void times_of_a_wrong_clock_are_corrected_when_they_are_sent() throws Exception {
        Moment wrong = new Moment(5_000_000_000L, Instant.parse("1970-01-01T00:00:05Z"), ClockConfidence.UNSET);
        journal.append(BOILER, gateway.scan("boiler", 1, wrong));
        journal.correct(new ClockCorrection(gateway.bootId(), 0, 10_000_000_000L,
            Instant.parse("2026-11-20T10:00:00Z"), ClockConfidence.SYNCHRONISED));
        start();
        until(() -> pump.status().delivered() == 1);
        assertThat(new String(cloud.sent.get(0).payload(), StandardCharsets.UTF_8))
            .contains("\"time\":\"2026-11-20T10:00:05Z\"").contains("\"clock\":\"synchronised\"").doesNotContain("1970");
    }

    @Test
    void it_counts_as_connected_only_when_a_probe_came_back_and_a_lost_one_breaks_the_connection() throws Exception {
        CompletableFuture<Boolean> back = new CompletableFuture<>();
        cloud.probing = () -> back;
        append(5);
        start();
        until(() -> cloud.probes.get() == 1);
        assertThat(pump.status().phase()).isEqualTo(Phase.CONNECTING);
        assertThat(cloud.sent).isEmpty();
        back.complete(true);
        until(() -> pump.status().delivered() == 5);
        assertThat(pump.status().lastProbe()).isPresent();

        cloud.probing = () -> CompletableFuture.failedFuture(new UplinkException(UplinkException.Kind.UNREACHABLE,
            "accepts messages and does not pass them on", "", null));
        pump.policy(policy(Map.of("probeSeconds", 1)));
        cloud.breakOff("cut");
        until(() -> pump.status().phase() == Phase.BACKING_OFF
            && pump.status().detail().contains("does not pass them on"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 2 * * *      | 2026-11-20T10:00:00 | 2026-11-21T02:00:00",
        "*/15 * * * *   | 2026-11-20T10:01:30 | 2026-11-20T10:15:00",
        "30 8-17/3 * * 1-5 | 2026-11-20T17:31:00 | 2026-11-23T08:30:00",
        "0 0 29 2 *     | 2026-11-20T00:00:00 | 2028-02-29T00:00:00",
        "0 12 13 * 5    | 2026-11-21T00:00:00 | 2026-11-27T12:00:00",
        "0 0 * * 7      | 2026-11-20T00:00:00 | 2026-11-22T00:00:00",
        "5,10 10 * * *  | 2026-11-20T10:05:00 | 2026-11-20T10:05:00"})
    void cron_knows_its_next_time(String cron, LocalDateTime from, LocalDateTime next) {
        assertThat(new Cron(cron).next(from)).contains(next);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 2 * *        | 4 fields instead of 5",
        "60 2 * * *     | '60' is no minute: 0 to 59",
        "0 2 * 13 *     | '13' is no month",
        "0 5-2 * * *    | '5-2' is no hour",
        "0 x * * *      | 'x' is no hour",
        "*/0 * * * *    | '0' is no minute's step"})
    void what_is_no_cron_is_refused_with_the_reason(String cron, String reason) {
        assertThatThrownBy(() -> new Cron(cron)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(reason);
    }

    @Test
    void a_window_is_open_from_its_begin_for_its_length_in_its_time_zone() {
        ConnectionWindows windows = ConnectionWindows.of(List.of("0 23 * * * for 3h", "0 12 * * * for 10m"),
            ZoneId.of("Europe/Berlin"));
        assertThat(windows.openUntil(Instant.parse("2026-11-20T21:59:59Z"))).isEmpty();
        assertThat(windows.openUntil(Instant.parse("2026-11-20T22:00:00Z"))).contains(Instant.parse("2026-11-21T01:00:00Z"));
        assertThat(windows.openUntil(Instant.parse("2026-11-21T00:59:59Z"))).isPresent();
        assertThat(windows.openUntil(Instant.parse("2026-11-21T01:00:00Z"))).isEmpty();
        assertThat(windows.nextOpening(Instant.parse("2026-11-21T01:00:00Z"))).isEqualTo(Instant.parse("2026-11-21T11:00:00Z"));
    }

    @Test
    void a_wrong_file_is_refused_where_it_is_wrong() {
        assertThat(new DeliveryCheck().check("cloud", "{\"timeZone\": \"Mars\",\n \"windows\": [\"0 2 * * * for 90m\", \"x\"]}"))
            .extracting(Object::toString).satisfiesExactly(
                problem -> assertThat(problem).startsWith("line 1, column 14: timeZone: there is no time zone 'Mars'"),
                problem -> assertThat(problem).startsWith("line 2, column 35: windows[1]: 'x' is no window"));
    }
}
