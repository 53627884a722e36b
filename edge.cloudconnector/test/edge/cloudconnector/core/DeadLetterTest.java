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
import org.junit.jupiter.api.Test;

class DeadLetterTest extends PumpRig {

    private static Predicate<OutboundMessage> holds(long... sequences) {
        return message -> message.records().stream()
            .anyMatch(record -> LongStream.of(sequences).anyMatch(one -> one == record.key().sequence()));
    }

    private void refuse(long sequence) {
        Predicate<OutboundMessage> bad = holds(sequence);
        cloud.judge = message -> bad.test(message) ? Delivery.rejected("too warm") : Delivery.ACCEPTED;
    }

    private List<Long> letters() {
        return pump.deadLetters().stream().map(letter -> letter.key().sequence()).toList();
    }

    @Test
    void a_record_that_is_refused_for_ever_is_put_aside_and_told_in_the_ledger_and_the_rest_goes_on() throws Exception {
        refuse(13);
        append(60);
        start();
        // Sixty and the entry of the ledger, but for the one.
        until(() -> pump.status().delivered() == 60);

        assertThat(cloud.sequences().stream().filter(sequence -> sequence == 13)).hasSize(3);
        assertThat(journal.ledger()).singleElement().satisfies(gap -> {
            assertThat(gap.uplink()).isEqualTo("cloud");
            assertThat(gap.from()).isEqualTo(13);
            assertThat(gap.to()).isEqualTo(13);
            assertThat(gap.reason()).isEqualTo(Loss.REJECTED);
            assertThat(gap.detail()).isEqualTo("too warm");
            assertThat(gap.revoked()).isFalse();
        });
        assertThat(letters()).containsExactly(13L);
        assertThat(pump.deadLetters().get(0).attempts()).isEqualTo(3);
        assertThat(new String(pump.payload(pump.deadLetters().get(0).key()).orElseThrow(),
            StandardCharsets.UTF_8)).contains("\"sequence\":13", "temperature");
        assertThat(pump.status().phase()).isEqualTo(Phase.CONNECTED);
        assertThat(pump.status().rejected()).isEqualTo(1);
        assertThat(pump.status().backlog().records()).isZero();
        assertThat(pump.check().status()).isEqualTo(Status.WARN);
        assertThat(pump.check().reason()).contains("One record is put aside");
        assertThat(cloud.opens).as("the connection is kept").hasValue(1);
        assertThat(cloud.sequences().stream().filter(sequence -> sequence != 13)).as("nothing else is sent twice")
            .doesNotHaveDuplicates();
    }

    @Test
    void a_record_that_is_taken_at_the_second_try_is_no_dead_letter() throws Exception {
        java.util.concurrent.atomic.AtomicInteger tries = new java.util.concurrent.atomic.AtomicInteger();
        cloud.judge = message -> holds(13).test(message) && tries.incrementAndGet() == 1
            ? Delivery.rejected("try again") : Delivery.ACCEPTED;
        append(30);
        start();
        until(() -> pump.status().delivered() == 30);

        assertThat(letters()).isEmpty();
        assertThat(journal.ledger()).isEmpty();
        assertThat(pump.check().status()).isEqualTo(Status.OK);
        assertThat(pump.status().detail()).isEmpty();
        // It came out of its order, and says so.
        assertThat(cloud.sent.stream().filter(holds(13)).map(OutboundMessage::lane)).containsExactly(Lane.LIVE,
            Lane.REPLAY);
    }

    @Test
    void a_dead_letter_can_be_sent_again_and_its_entry_is_revoked() throws Exception {
        refuse(5);
        append(10);
        start();
        until(() -> letters().equals(List.of(5L)));
        RecordKey key = pump.deadLetters().get(0).key();

        assertThat(pump.replayDeadLetter(key)).isTrue();
        until(() -> pump.deadLetters().stream().anyMatch(letter -> letter.attempts() == 4 && !letter.replaying()));
        cloud.judge = message -> Delivery.ACCEPTED;
        assertThat(pump.replayDeadLetter(key)).isTrue();
        until(() -> pump.deadLetters().isEmpty());

        assertThat(journal.ledger()).hasSize(2).last().satisfies(gap -> {
            assertThat(gap.revoked()).isTrue();
            assertThat(gap.from()).isEqualTo(5);
        });
        assertThat(cloud.sent.stream().filter(holds(5)).reduce((a, b) -> b).orElseThrow().lane())
            .isEqualTo(Lane.REPLAY);
        until(() -> pump.check().status() == Status.OK);
        assertThat(pump.replayDeadLetter(key)).isFalse();
    }

    @Test
    void a_dead_letter_can_be_forgotten_and_the_ledger_keeps_telling() throws Exception {
        refuse(5);
        append(10);
        start();
        until(() -> letters().equals(List.of(5L)));
        RecordKey key = pump.deadLetters().get(0).key();
        assertThat(pump.deleteDeadLetter(key)).isTrue();
        assertThat(pump.deleteDeadLetter(key)).isFalse();
        assertThat(pump.deadLetters()).isEmpty();
        assertThat(journal.ledger()).extracting(Gap::revoked).containsExactly(false);
    }

    @Test
    void dead_letters_survive_a_restart_and_a_damaged_file_stops_nothing() throws Exception {
        refuse(5);
        append(10);
        start();
        until(() -> letters().equals(List.of(5L)));
        List<DeadLetter> before = pump.deadLetters();
        end();
        Path file = folder.resolve("cloud.dead.json");
        assertThat(new DeadLetters(file).list()).isEqualTo(before);
        Files.writeString(file, "{\"letters\": [{]");
        assertThat(new DeadLetters(file).list()).isEmpty();
        assertThat(folder.resolve("cloud.dead.json.damaged")).exists();
    }

    /** Ten records of which some became dead letters, which the target would take now; but the uplink is paused. */
    private List<RecordKey> paused(long... bad) throws Exception {
        cloud.judge = message -> holds(bad).test(message) ? Delivery.rejected("too warm") : Delivery.ACCEPTED;
        append(10);
        start();
        until(() -> letters().size() == bad.length && pump.status().backlog().records() == 0);
        cloud.judge = message -> Delivery.ACCEPTED;
        pump.pause(true);
        until(() -> pump.status().phase() == Phase.PAUSED);
        cloud.sent.clear();
        return pump.deadLetters().stream().map(DeadLetter::key).toList();
    }

    @Test
    void what_was_asked_to_be_sent_again_is_sent_after_a_kill() throws Exception {
        List<RecordKey> keys = paused(3, 5, 7);
        assertThat(pump.replayDeadLetter(keys.get(0))).isTrue();
        assertThat(pump.replayDeadLetter(keys.get(2))).isTrue();
        kill();
        // The power went while the next state was being written.
        Files.writeString(folder.resolve("cloud.dead.json.new"), "{\"letters\": [{\"gatew");
        start();
        until(() -> letters().equals(List.of(5L)));

        assertThat(cloud.sequences()).startsWith(3L, 7L).doesNotContain(5L);
        assertThat(cloud.sent.subList(0, 2)).extracting(OutboundMessage::lane).containsOnly(Lane.REPLAY);
        assertThat(journal.ledger()).filteredOn(Gap::revoked).extracting(Gap::from).containsExactly(3L, 7L);
        kill();
        cloud.sent.clear();
        start();
        append(1);
        until(() -> pump.status().backlog().records() == 0);
        assertThat(cloud.lanes()).as("nothing is sent a second time").doesNotContain(Lane.REPLAY);
    }

    @Test
    void what_was_forgotten_after_it_had_been_asked_for_is_not_sent() throws Exception {
        List<RecordKey> keys = paused(3, 5);
        pump.replayDeadLetter(keys.get(0));
        pump.replayDeadLetter(keys.get(1));
        assertThat(pump.deleteDeadLetter(keys.get(0))).isTrue();
        pump.pause(false);
        until(() -> pump.deadLetters().isEmpty());
        assertThat(cloud.sequences()).contains(5L).doesNotContain(3L);
    }

    @Test
    void one_whose_record_the_quota_has_deleted_says_so_and_holds_up_no_other() throws Exception {
        List<RecordKey> keys = paused(3, 5);
        journal.delete(keys.get(0));
        pump.replayDeadLetter(keys.get(0));
        pump.replayDeadLetter(keys.get(1));
        pump.pause(false);
        until(() -> letters().equals(List.of(3L)) && !pump.deadLetters().get(0).replaying());
        assertThat(pump.deadLetters().get(0).reason()).isEqualTo("its record is no longer in the journal");
    }

    @Test
    void a_journal_that_cannot_be_read_for_a_moment_makes_none_forgotten() throws Exception {
        List<RecordKey> keys = paused(3, 5, 7);
        for (RecordKey key : keys) {
            pump.replayDeadLetter(key);
        }
        journal.failFetch(2);
        pump.pause(false);
        until(() -> pump.deadLetters().isEmpty());
        assertThat(isTold("segment 7 cannot be read")).isTrue();
    }

    @Test
    void when_there_are_too_many_the_lane_stops_and_says_so_until_some_are_gone() throws Exception {
        cloud.judge = message -> holds(3, 6).test(message) ? Delivery.rejected("no") : Delivery.ACCEPTED;
        append(20);
        start(policy(Map.of("deadLetters", 1)));
        until(() -> pump.check().status() == Status.CRITICAL);
        assertThat(pump.check().reason()).contains("there are 1 dead letters already");
        assertThat(letters()).containsExactly(3L);
        pump.deleteDeadLetter(pump.deadLetters().get(0).key());
        until(() -> letters().equals(List.of(6L)));
        until(() -> pump.status().backlog().records() == 0);
    }

    @Test
    void a_record_is_not_passed_before_the_ledger_has_it() throws Exception {
        journal.failLedger(true);
        refuse(3);
        append(5);
        start();
        until(() -> pump.check().reason().contains("cannot tell it in its ledger"));
        assertThat(journal.mark("cloud")).isEqualTo(14);
        journal.failLedger(false);
        until(() -> pump.status().backlog().records() == 0);
        assertThat(journal.ledger()).hasSize(1);
    }

    @Test
    void a_record_that_the_encoder_cannot_encode_is_put_aside_too() throws Exception {
        JsonEncoder json = new JsonEncoder();
        encoders.put("json", (record, lane) -> {
            if (record.key().sequence() == 25) {
                throw new IllegalArgumentException("no such unit");
            }
            return json.encode(record, lane);
        });
        append(40);
        start();
        until(() -> letters().equals(List.of(25L)));
        assertThat(pump.deadLetters().get(0).reason()).contains("no such unit");
        until(() -> pump.status().delivered() == 40);
        assertThat(pump.payload(pump.deadLetters().get(0).key())).isEmpty();
    }

    @Test
    void a_record_that_makes_the_target_close_the_connection_is_found_and_put_aside() throws Exception {
        cloud.window = new Uplink.Window(4, 16);
        cloud.poison = holds(37);
        append(100);
        start();
        until(() -> letters().equals(List.of(37L)));
        assertThat(pump.deadLetters().get(0).reason()).contains("the connection broke, while others get through");
        until(() -> pump.status().backlog().records() == 0);
        assertThat(distinct()).isEqualTo(oneTo(101));
        append(50);
        until(() -> pump.status().backlog().records() == 0);
        assertThat(letters()).as("only the guilty one").containsExactly(37L);
    }

    @Test
    void two_of_them_in_a_row_are_found_as_well_and_in_the_backlog_too() throws Exception {
        cloud.poison = holds(7, 8);
        for (int i = 0; i < 30; i++) {
            journal.append(BOILER, gateway.scan("boiler", i, gateway.ago(Duration.ofHours(1))));
        }
        start();
        until(() -> letters().equals(List.of(7L, 8L)) || letters().equals(List.of(8L, 7L)));
        until(() -> pump.status().backlog().records() == 0);
    }

    @Test
    void it_is_found_before_the_target_is_left_alone_for_longer_however_much_is_under_way() throws Exception {
        cloud.window = new Uplink.Window(8, 125);
        cloud.poison = message -> message.record().key().sequence() == 1;
        append(2000);
        start(DeliveryPolicy.STANDARD);
        until(() -> letters().equals(List.of(1L)) && pump.status().backlog().records() == 0);
        assertThat(cloud.opens).hasValueLessThan(20);
        // All of them, the suspect too, and the ledger's entry about it.
        assertThat(distinct()).isEqualTo(oneTo(2001));
    }

    @Test
    void a_target_that_takes_nothing_is_left_alone_for_longer_in_the_end() throws Exception {
        cloud.poison = message -> true;
        append(20);
        start(DeliveryPolicy.STANDARD);
        until(() -> pump.status().detail().contains("the target is left alone for longer"));
        assertThat(letters()).isEmpty();
    }

    @Test
    void a_target_that_takes_nothing_makes_no_dead_letters() throws Exception {
        cloud.poison = message -> true;
        append(20);
        start(policy(Map.of("breakerFailures", 1000)));
        until(() -> cloud.opens.get() > 25);
        assertThat(letters()).isEmpty();
        cloud.poison = message -> false;
        until(() -> pump.status().backlog().records() == 0);
        assertThat(letters()).isEmpty();
        assertThat(distinct()).isEqualTo(oneTo(20));
    }
}
