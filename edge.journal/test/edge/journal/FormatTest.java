// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.device.Access;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.Message;
import edge.api.message.RawMessage;
import edge.api.message.ScanMessage;
import edge.api.message.StreamId;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What goes in comes out, to the last bit. */
class FormatTest {

    private static Moment moment(Random random) {
        Instant wall = switch (random.nextInt(4)) {
            case 0 -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
            case 1 -> Instant.MIN.plusNanos(random.nextInt(1_000_000));
            default -> Instant.now().plusNanos(random.nextInt());
        };
        ClockConfidence[] confidences = ClockConfidence.values();
        return new Moment(random.nextLong(), wall, confidences[random.nextInt(confidences.length)]);
    }

    private static Value value(Random random) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return switch (random.nextInt(12)) {
            case 0 -> Value.NONE;
            case 1 -> Value.TRUE;
            case 2 -> Value.FALSE;
            case 3 -> Value.signed(random.nextLong());
            case 4 -> Value.signed(random.nextInt(200) - 100);
            case 5 -> Value.unsigned(random.nextLong());
            case 6 -> Value.real(random.nextDouble());
            case 7 -> Value.real(random.nextFloat());
            case 8 -> Value.real(Double.longBitsToDouble(random.nextLong()));
            case 9 -> Value.text("Grüße ☃ 𝄞 " + random.nextInt());
            case 10 -> Value.real(random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY);
            default -> Value.bytes(bytes);
        };
    }

    private static Tag tag(Random random) {
        DataType[] types = DataType.values();
        Access[] accesses = Access.values();
        return new Tag("tag-" + random.nextInt(20), types[random.nextInt(types.length)], "°C", accesses[random.nextInt(3)],
            Duration.ofMillis(10 + random.nextInt(100_000)), new ReportPolicy(random.nextBoolean(), random.nextInt(9) / 4.0,
            Duration.ofNanos(random.nextInt(Integer.MAX_VALUE))), random.nextBoolean() ? "" : "outlet of boiler №1");
    }

    private static Quality quality(Random random) {
        Quality.Reason[] reasons = Quality.Reason.values();
        return switch (random.nextInt(3)) {
            case 0 -> Quality.bad(reasons[random.nextInt(reasons.length)], "no answer for " + random.nextInt(5) + " s");
            case 1 -> Quality.uncertain(reasons[random.nextInt(reasons.length)], "");
            default -> Quality.GOOD;
        };
    }

    private static Message message(Random random) {
        Moment at = moment(random);
        if (random.nextBoolean()) {
            byte[] payload = new byte[random.nextInt(500)];
            random.nextBytes(payload);
            Caller.Kind[] kinds = Caller.Kind.values();
            Role[] roles = Role.values();
            return new RawMessage("plant/ü/" + random.nextInt(30), payload, random.nextInt(3), random.nextBoolean(), at,
                new Caller(kinds[random.nextInt(3)], "client-" + random.nextInt(9), roles[random.nextInt(4)], "10.0.0.7:4711"));
        }
        List<Reading> readings = new ArrayList<>();
        Instant time = at.wall();
        for (int i = random.nextInt(30); i >= 0; i--) {
            if (random.nextInt(3) == 0) {
                time = moment(random).wall();
            }
            readings.add(new Reading(tag(random), value(random), quality(random), time));
        }
        return new ScanMessage(random.nextInt(4) == 0 ? "another-device" : "boiler-1", at, readings);
    }

    private static void same(Message read, Message written) {
        if (written instanceof RawMessage raw) {
            RawMessage other = (RawMessage) read;
            assertThat(other.payload()).isEqualTo(raw.payload());
            assertThat(new RawMessage(other.topic(), raw.payload(), other.qos(), other.retain(), other.at(), other.caller()))
                .isEqualTo(raw);
        } else {
            assertThat(read).isEqualTo(written);
        }
    }

    @Test
    void every_message_comes_back_as_it_was() throws Exception {
        Random random = new Random(99);
        List<Message> written = new ArrayList<>();
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, Rig.settings(256 * Rig.KB, 64 * 1024 * Rig.KB, SyncPolicy.EACH))) {
            List<CompletableFuture<?>> pending = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                Message message = message(random);
                written.add(message);
                StreamId stream = message instanceof RawMessage ? Rig.ALARMS : Rig.BOILER;
                pending.add(journal.append(stream, message).toCompletableFuture());
                if (i % 500 == 0) {
                    pending.get(i).get(60, TimeUnit.SECONDS);
                }
            }
            CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            List<JournalRecord> read = Rig.drain(journal.open("test", StreamSelection.ALL));
            assertThat(read).hasSize(written.size());
            for (int i = 0; i < written.size(); i++) {
                same(((JournalRecord.Stored) read.get(i)).message(), written.get(i));
                assertThat(read.get(i).bootId()).isEqualTo(Rig.CLOCK.bootId());
            }
        }
    }

    @Test
    void a_message_that_nobody_can_write_is_refused_and_harms_no_other() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        try (SegmentedJournal journal = Rig.open(disk, Rig.settings())) {
            CompletableFuture<?> before = journal.append(Rig.ALARMS, Rig.raw("before")).toCompletableFuture();
            CompletableFuture<?> broken = journal.append(Rig.ALARMS,
                new RawMessage("topic", new byte[3], 1, false, Rig.CLOCK.now(), null)).toCompletableFuture();
            CompletableFuture<?> after = journal.append(Rig.ALARMS, Rig.raw("after")).toCompletableFuture();
            CompletableFuture.allOf(before, after).get(60, TimeUnit.SECONDS);
            assertThat(broken).isCompletedExceptionally();
            List<JournalRecord> read = Rig.drain(journal.open("test", StreamSelection.ALL));
            assertThat(Rig.payloads(read)).containsExactly("before", "after");
            assertThat(Rig.holes(read)).isEmpty();
        }
    }

    @Test
    void small_records_stay_small() throws Exception {
        MemoryStorage disk = new MemoryStorage();
        long content = 0;
        try (SegmentedJournal journal = Rig.open(disk, Rig.settings(1024 * Rig.KB, 64 * 1024 * Rig.KB, SyncPolicy.EACH))) {
            CompletableFuture<?> last = null;
            for (int i = 0; i < 5000; i++) {
                RawMessage message = Rig.raw("x".repeat(180));
                content += message.topic().length() + message.payload().length;
                last = journal.append(Rig.ALARMS, message).toCompletableFuture();
            }
            last.get(60, TimeUnit.SECONDS);
        }
        assertThat((double) disk.content(Segment.name(1)).length / content).isLessThan(1.2);
    }
}
