// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.health.HealthReport.Status;
import edge.api.journal.JournalRecord.Gap;
import edge.api.journal.JournalRecord.Loss;
import edge.api.message.RecordKey;
import edge.api.uplink.DeadLetter;
import edge.api.uplink.Delivery;
import edge.api.uplink.Lane;
import edge.api.uplink.OutboundMessage;
import edge.api.uplink.Uplink;
import edge.api.uplink.UplinkStatus.Phase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLetterTest {

    @TempDir
    private Path folder;
    private PumpRig rig;

    @BeforeEach
    void make() {
        rig = new PumpRig(folder);
    }

    @AfterEach
    void end() {
        rig.end();
    }

    private static Predicate<OutboundMessage> holds(long... sequences) {
        return message -> message.records().stream()
            .anyMatch(record -> LongStream.of(sequences).anyMatch(one -> one == record.key().sequence()));
    }

    private void refuse(long sequence) {
        Predicate<OutboundMessage> bad = holds(sequence);
        rig.cloud.judge = message -> bad.test(message) ? Delivery.rejected("too warm") : Delivery.ACCEPTED;
    }

    private List<Long> letters() {
        return rig.pump.deadLetters().stream().map(letter -> letter.key().sequence()).toList();
    }

    private static List<Long> oneTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @Test
    void a_record_that_is_refused_for_ever_is_put_aside_and_told_in_the_ledger_and_the_rest_goes_on() throws Exception {
        refuse(13);
        rig.append(60);
        rig.start();
        // Sixty and the entry of the ledger, but for the one.
        rig.until(() -> rig.pump.status().delivered() == 60);

        assertThat(rig.cloud.sequences().stream().filter(sequence -> sequence == 13)).hasSize(3);
        assertThat(rig.journal.ledger()).singleElement().satisfies(gap -> {
            assertThat(gap.uplink()).isEqualTo("cloud");
            assertThat(gap.from()).isEqualTo(13);
            assertThat(gap.to()).isEqualTo(13);
            assertThat(gap.reason()).isEqualTo(Loss.REJECTED);
            assertThat(gap.detail()).isEqualTo("too warm");
            assertThat(gap.revoked()).isFalse();
        });
        assertThat(letters()).containsExactly(13L);
        assertThat(rig.pump.deadLetters().get(0).attempts()).isEqualTo(3);
        assertThat(new String(rig.pump.payload(rig.pump.deadLetters().get(0).key()).orElseThrow(),
            StandardCharsets.UTF_8)).contains("\"sequence\":13", "temperature");
        assertThat(rig.pump.status().phase()).isEqualTo(Phase.CONNECTED);
        assertThat(rig.pump.status().rejected()).isEqualTo(1);
        assertThat(rig.pump.status().backlog().records()).isZero();
        assertThat(rig.pump.check().status()).isEqualTo(Status.WARN);
        assertThat(rig.pump.check().reason()).contains("One record is put aside");
        assertThat(rig.cloud.opens).as("the connection is kept").hasValue(1);
        assertThat(rig.cloud.sequences().stream().filter(sequence -> sequence != 13)).as("nothing else is sent twice")
            .doesNotHaveDuplicates();
    }

    @Test
    void a_record_that_is_taken_at_the_second_try_is_no_dead_letter() throws Exception {
        java.util.concurrent.atomic.AtomicInteger tries = new java.util.concurrent.atomic.AtomicInteger();
        rig.cloud.judge = message -> holds(13).test(message) && tries.incrementAndGet() == 1
            ? Delivery.rejected("try again") : Delivery.ACCEPTED;
        rig.append(30);
        rig.start();
        rig.until(() -> rig.pump.status().delivered() == 30);

        assertThat(letters()).isEmpty();
        assertThat(rig.journal.ledger()).isEmpty();
        assertThat(rig.pump.check().status()).isEqualTo(Status.OK);
        assertThat(rig.pump.status().detail()).isEmpty();
        // It came out of its order, and says so.
        assertThat(rig.cloud.sent.stream().filter(holds(13)).map(OutboundMessage::lane)).containsExactly(Lane.LIVE,
            Lane.REPLAY);
    }

    @Test
    void a_dead_letter_can_be_sent_again_and_its_entry_is_revoked() throws Exception {
        refuse(5);
        rig.append(10);
        rig.start();
        rig.until(() -> letters().equals(List.of(5L)));
        RecordKey key = rig.pump.deadLetters().get(0).key();

        assertThat(rig.pump.replayDeadLetter(key)).isTrue();
        rig.until(() -> rig.pump.deadLetters().stream().anyMatch(letter -> letter.attempts() == 4 && !letter.replaying()));
        rig.cloud.judge = message -> Delivery.ACCEPTED;
        assertThat(rig.pump.replayDeadLetter(key)).isTrue();
        rig.until(() -> rig.pump.deadLetters().isEmpty());

        assertThat(rig.journal.ledger()).hasSize(2).last().satisfies(gap -> {
            assertThat(gap.revoked()).isTrue();
            assertThat(gap.from()).isEqualTo(5);
        });
        assertThat(rig.cloud.sent.stream().filter(holds(5)).reduce((a, b) -> b).orElseThrow().lane())
            .isEqualTo(Lane.REPLAY);
        rig.until(() -> rig.pump.check().status() == Status.OK);
        assertThat(rig.pump.replayDeadLetter(key)).isFalse();
    }

    @Test
    void a_dead_letter_can_be_forgotten_and_the_ledger_keeps_telling() throws Exception {
        refuse(5);
        rig.append(10);
        rig.start();
        rig.until(() -> letters().equals(List.of(5L)));
        RecordKey key = rig.pump.deadLetters().get(0).key();
        assertThat(rig.pump.deleteDeadLetter(key)).isTrue();
        assertThat(rig.pump.deleteDeadLetter(key)).isFalse();
        assertThat(rig.pump.deadLetters()).isEmpty();
        assertThat(rig.journal.ledger()).extracting(Gap::revoked).containsExactly(false);
    }

    @Test
    void dead_letters_survive_a_restart_and_a_damaged_file_stops_nothing() throws Exception {
        refuse(5);
        rig.append(10);
        rig.start();
        rig.until(() -> letters().equals(List.of(5L)));
        List<DeadLetter> before = rig.pump.deadLetters();
        rig.end();
        Path file = folder.resolve("cloud.dead.json");
        assertThat(new DeadLetters(file).list()).isEqualTo(before);
        Files.writeString(file, "{\"letters\": [{]");
        assertThat(new DeadLetters(file).list()).isEmpty();
        assertThat(folder.resolve("cloud.dead.json.damaged")).exists();
    }

    @Test
    void when_there_are_too_many_the_lane_stops_and_says_so_until_some_are_gone() throws Exception {
        rig.cloud.judge = message -> holds(3, 6).test(message) ? Delivery.rejected("no") : Delivery.ACCEPTED;
        rig.append(20);
        rig.start(PumpRig.policy(Map.of("deadLetters", 1)));
        rig.until(() -> rig.pump.check().status() == Status.CRITICAL);
        assertThat(rig.pump.check().reason()).contains("there are 1 dead letters already");
        assertThat(letters()).containsExactly(3L);
        rig.pump.deleteDeadLetter(rig.pump.deadLetters().get(0).key());
        rig.until(() -> letters().equals(List.of(6L)));
        rig.until(() -> rig.pump.status().backlog().records() == 0);
    }

    @Test
    void a_record_is_not_passed_before_the_ledger_has_it() throws Exception {
        rig.journal.failLedger(true);
        refuse(3);
        rig.append(5);
        rig.start();
        rig.until(() -> rig.pump.check().reason().contains("cannot tell it in its ledger"));
        assertThat(rig.journal.mark("cloud")).isEqualTo(14);
        rig.journal.failLedger(false);
        rig.until(() -> rig.pump.status().backlog().records() == 0);
        assertThat(rig.journal.ledger()).hasSize(1);
    }

    @Test
    void a_record_that_the_encoder_cannot_encode_is_put_aside_too() throws Exception {
        JsonEncoder json = new JsonEncoder();
        rig.encoders.put("json", (record, lane) -> {
            if (record.key().sequence() == 25) {
                throw new IllegalArgumentException("no such unit");
            }
            return json.encode(record, lane);
        });
        rig.append(40);
        rig.start();
        rig.until(() -> letters().equals(List.of(25L)));
        assertThat(rig.pump.deadLetters().get(0).reason()).contains("no such unit");
        rig.until(() -> rig.pump.status().delivered() == 40);
        assertThat(rig.pump.payload(rig.pump.deadLetters().get(0).key())).isEmpty();
    }

    @Test
    void a_record_that_makes_the_target_close_the_connection_is_found_and_put_aside() throws Exception {
        rig.cloud.window = new Uplink.Window(4, 16);
        rig.cloud.poison = holds(37);
        rig.append(100);
        rig.start();
        rig.until(() -> letters().equals(List.of(37L)));
        assertThat(rig.pump.deadLetters().get(0).reason()).contains("the connection broke, while others get through");
        rig.until(() -> rig.pump.status().backlog().records() == 0);
        assertThat(rig.distinct()).isEqualTo(oneTo(101));
        rig.append(50);
        rig.until(() -> rig.pump.status().backlog().records() == 0);
        assertThat(letters()).as("only the guilty one").containsExactly(37L);
    }

    @Test
    void two_of_them_in_a_row_are_found_as_well_and_in_the_backlog_too() throws Exception {
        rig.cloud.poison = holds(7, 8);
        for (int i = 0; i < 30; i++) {
            rig.journal.append(PumpRig.BOILER, rig.gateway.scan("boiler", i, rig.gateway.ago(Duration.ofHours(1))));
        }
        rig.start();
        rig.until(() -> letters().equals(List.of(7L, 8L)) || letters().equals(List.of(8L, 7L)));
        rig.until(() -> rig.pump.status().backlog().records() == 0);
    }

    @Test
    void it_is_found_before_the_target_is_left_alone_for_longer_however_much_is_under_way() throws Exception {
        rig.cloud.window = new Uplink.Window(8, 125);
        rig.cloud.poison = message -> message.record().key().sequence() == 1;
        rig.append(2000);
        rig.start(DeliveryPolicy.STANDARD);
        rig.until(() -> letters().equals(List.of(1L)) && rig.pump.status().backlog().records() == 0);
        assertThat(rig.cloud.opens).hasValueLessThan(20);
        // All of them, the suspect too, and the ledger's entry about it.
        assertThat(rig.distinct()).isEqualTo(oneTo(2001));
    }

    @Test
    void a_target_that_takes_nothing_is_left_alone_for_longer_in_the_end() throws Exception {
        rig.cloud.poison = message -> true;
        rig.append(20);
        rig.start(DeliveryPolicy.STANDARD);
        rig.until(() -> rig.pump.status().detail().contains("the target is left alone for longer"));
        assertThat(letters()).isEmpty();
    }

    @Test
    void a_target_that_takes_nothing_makes_no_dead_letters() throws Exception {
        rig.cloud.poison = message -> true;
        rig.append(20);
        rig.start(PumpRig.policy(Map.of("breakerFailures", 1000)));
        rig.until(() -> rig.cloud.opens.get() > 25);
        assertThat(letters()).isEmpty();
        rig.cloud.poison = message -> false;
        rig.until(() -> rig.pump.status().backlog().records() == 0);
        assertThat(letters()).isEmpty();
        assertThat(rig.distinct()).isEqualTo(oneTo(20));
    }
}
