// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.access.Caller;
import edge.api.journal.JournalRecord;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.api.uplink.Lane;
import edge.api.uplink.Uplink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PrioritiesTest extends PumpRig {

    private static final StreamId ALARMS = StreamId.ingest("alarms");
    private static final StreamId METER = StreamId.device("meter");

    private static DeliveryPolicy first(String... patterns) {
        return policy(Map.of("priorities", patterns));
    }

    private void append(StreamId stream, int count, UUID boot, Duration age) {
        for (int i = 0; i < count; i++) {
            journal.append(stream, gateway.scan(stream.name(), i, gateway.ago(age)), boot);
        }
    }

    private List<StreamId> sent() {
        return cloud.sent.stream().map(message -> message.record().key().stream()).toList();
    }

    private void assertOrderInEachStream(Map<StreamId, Integer> counts) {
        counts.forEach((stream, count) -> assertThat(cloud.sent.stream().map(message -> message.record().key())
            .filter(key -> key.stream().equals(stream)).map(RecordKey::sequence)).as(stream.label())
            .containsExactlyElementsOf(LongStream.rangeClosed(1, count).boxed().toList()));
    }

    @Test
    void urgent_streams_overtake_the_others_in_the_backlog_and_each_stream_keeps_its_order() throws Exception {
        UUID before = UUID.randomUUID();
        append(BOILER, 400, before, Duration.ofHours(1));
        append(METER, 50, before, Duration.ofHours(1));
        append(ALARMS, 20, before, Duration.ofHours(1));
        start(first("ingest/alarms", "device/m*"));
        until(() -> pump.status().delivered() == 470);
        assertThat(cloud.lanes()).containsOnly(Lane.BACKLOG);
        assertOrderInEachStream(Map.of(ALARMS, 20, METER, 50, BOILER, 400));
        List<StreamId> sent = sent();
        // One of eight is the oldest, which is the boiler's.
        assertThat(sent.subList(0, 23)).filteredOn(ALARMS::equals).hasSize(20);
        assertThat(sent.lastIndexOf(METER)).isLessThan(90);
        assertThat(journal.mark("cloud")).isEqualTo(journal.end());
    }

    @Test
    void among_current_values_they_overtake_what_waits_for_room() throws Exception {
        cloud.answerAtOnce = false;
        cloud.window = new Uplink.Window(2, 10);
        start(first("ingest/alarms"));
        append(BOILER, 100, gateway.bootId(), Duration.ZERO);
        until(() -> cloud.waiting.size() == 2);
        int underWay = cloud.sent.size();
        append(ALARMS, 5, gateway.bootId(), Duration.ZERO);
        cloud.answerAtOnce = true;
        cloud.waiting.forEach(ScriptedUplink.Waiting::accept);
        until(() -> pump.status().delivered() == 105);
        assertThat(cloud.lanes()).containsOnly(Lane.LIVE);
        assertThat(sent().subList(underWay, underWay + 6)).filteredOn(ALARMS::equals).hasSize(5);
        assertOrderInEachStream(Map.of(ALARMS, 5, BOILER, 100));
    }

    @Test
    void nothing_waits_for_ever_behind_what_is_urgent() {
        WaitingLine line = new WaitingLine();
        line.priorities(Priorities.of(List.of("ingest/*")));
        int[] steps = new int[Item.Step.values().length];
        List<Item> low = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            low.add(item(BOILER, i, steps));
            line.add(low.get(i));
        }
        List<Item> taken = new ArrayList<>();
        for (int turn = 10; !taken.containsAll(low); turn++) {
            // There is always something urgent.
            line.add(item(ALARMS, turn, steps));
            line.add(item(ALARMS, turn, steps));
            taken.add(line.take());
        }
        assertThat(taken).hasSize(10 * WaitingLine.FLOOR);
    }

    @Test
    void other_priorities_count_at_once_for_what_waits_already() {
        WaitingLine line = new WaitingLine();
        int[] steps = new int[Item.Step.values().length];
        Item boiler = item(BOILER, 0, steps);
        Item meter = item(METER, 1, steps);
        Item alarm = item(ALARMS, 2, steps);
        List.of(boiler, meter, alarm).forEach(line::add);
        line.priorities(Priorities.of(List.of("device/meter")));
        assertThat(line.inOrder()).containsExactly(boiler, meter, alarm);
        assertThat(line.take()).isSameAs(meter);
        line.priorities(Priorities.of(List.of("ingest/*")));
        assertThat(line.take()).isSameAs(alarm);
        line.priorities(Priorities.NONE);
        assertThat(line.take()).isSameAs(boiler);
        assertThat(line.isEmpty()).isTrue();
    }

    @Test
    void it_looks_ahead_over_a_bounded_number_of_records_and_bytes() throws Exception {
        assertThat(readAhead(10, Priorities.of(List.of("ingest/*")), false)).isEqualTo(LaneFlow.LOOK_AHEAD);
        assertThat(readAhead(100_000, Priorities.of(List.of("ingest/*")), false)).isBetween(10, 600);
    }

    @Test
    void a_message_that_is_not_answered_lets_only_so_many_others_overtake_it() throws Exception {
        assertThat(readAhead(10, Priorities.NONE, true)).isEqualTo(LaneFlow.LOOK_AHEAD);
    }

    /** How many records a lane reads that never gets rid of one. */
    private int readAhead(int payload, Priorities priorities, boolean sends) throws Exception {
        List<JournalRecord> given = new ArrayList<>();
        LaneSource endless = new LaneSource() {
            @Override
            public List<JournalRecord> read(int max) {
                List<JournalRecord> some = new ArrayList<>();
                // As a cursor does: no more than a megabyte at once.
                while (some.size() < max && (long) some.size() * payload < 1_000_000) {
                    some.add(record(BOILER, given.size() + some.size(), new byte[payload]));
                }
                given.addAll(some);
                return some;
            }

            @Override
            public void rewind() {
                given.clear();
            }

            @Override
            public void acknowledge(JournalRecord upTo) {
                throw new AssertionError("nothing is answered");
            }
        };
        LaneFlow flow = new LaneFlow(Lane.BACKLOG, endless);
        flow.priorities(priorities);
        for (int i = 0; i < 2000; i++) {
            flow.fetch(64);
            if (sends) {
                flow.take(64, false);
            }
        }
        return given.size();
    }

    private Item item(StreamId stream, int turn, int[] steps) {
        return new Item(record(stream, turn, new byte[0]), turn, steps);
    }

    private JournalRecord record(StreamId stream, int turn, byte[] payload) {
        return new JournalRecord.Stored(turn, new RecordKey(gateway.id(), stream, 1, turn + 1L), gateway.bootId(),
            new RawMessage("t", payload, 1, false, gateway.now(), Caller.system("test")));
    }

    @Test
    void a_pattern_that_is_none_and_too_many_of_them_are_refused_where_they_stand() {
        DeliveryCheck check = new DeliveryCheck();
        assertThat(check.check("cloud", "{\"priorities\": [\"ingest/alarms\", \"device/boiler-*\"]}")).isEmpty();
        assertThat(check.check("cloud", "{\n \"priorities\": [\"ingest/alarms\",\n  \"was ist das\"]}")).singleElement()
            .satisfies(problem -> {
                assertThat(problem.line()).isEqualTo(3);
                assertThat(problem.message()).contains("'was ist das' is no pattern of streams");
            });
        assertThat(check.check("cloud", "{\"priorities\": [" + "\"a/*\",".repeat(16) + "\"b/*\"]}")).singleElement()
            .satisfies(problem -> assertThat(problem.message()).contains("at most 16"));
        assertThatThrownBy(() -> Priorities.of(List.of(""))).hasMessageContaining("is no pattern");
    }
}
