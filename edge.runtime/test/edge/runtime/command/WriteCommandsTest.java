// SPDX-License-Identifier: Apache-2.0
package edge.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.device.Access;
import edge.api.device.DeviceException;
import edge.api.device.DeviceState;
import edge.api.device.FieldDevice.Observation;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import edge.api.device.TagWriter;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.message.Message;
import edge.api.message.MessageBus;
import edge.api.message.RawMessage;
import edge.api.message.Receipt;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WriteCommandsTest implements MessageBus, TagTable, TagWriter, GatewayClock {
    private static final Caller SCADA = new Caller(Caller.Kind.MACHINE, "scada", Role.OPERATOR, "10.0.0.9");

    private final List<RawMessage> published = new ArrayList<>();
    private final List<List<Write>> written = new ArrayList<>();
    private final List<Caller> callers = new ArrayList<>();
    private Consumer<Message> listener;
    private CompletableFuture<List<Outcome>> pending;
    private Optional<Throwable> failure = Optional.empty();
    private final WriteCommands commands = new WriteCommands(this, this, this, this);

    private void command(String id, String payload) {
        command(id, payload.replace('\'', '"').getBytes(StandardCharsets.UTF_8), false, SCADA);
    }

    private void command(String id, byte[] payload, boolean retain, Caller caller) {
        listener.accept(new RawMessage("edge/v1/cmd/write/" + id, payload, 1, retain, now(), caller));
    }

    private Json.Obj answer(int index) throws JsonException {
        return JsonParser.parse(new String(published.get(index).payload(), StandardCharsets.UTF_8)).asObject();
    }

    @Test
    void a_write_is_answered_under_its_id() throws JsonException {
        command("a-1", "{'device': 'plc', 'tag': 'level', 'value': 7}");

        assertThat(written).containsExactly(List.of(new Write("plc", "level", Value.unsigned(7))));
        assertThat(callers).containsExactly(SCADA);
        assertThat(published.get(0).topic()).isEqualTo("edge/v1/cmd/answer/a-1");
        assertThat(published.get(0).retain()).isFalse();
        assertThat(answer(0).text("status")).isEqualTo("done");
        assertThat(answer(0).text("id")).isEqualTo("a-1");
    }

    @Test
    void each_write_of_a_batch_has_its_own_result() throws JsonException {
        failure = Optional.of(new DeviceException(Quality.Reason.TIMEOUT, "device plc has not confirmed"));
        command("b", "{'writes': [{'device': 'plc', 'tag': 'level', 'value': 1}, {'device': 'plc', 'tag': 'level', 'value': 2}]}");

        assertThat(answer(0).text("status")).isEqualTo("failed");
        List<Json> results = answer(0).get("results").asArray();
        assertThat(results).hasSize(2);
        assertThat(results.get(1).asObject().text("reason")).isEqualTo("timeout");
        assertThat(results.get(1).asObject().text("detail")).isEqualTo("device plc has not confirmed");
    }

    @Test
    void what_cannot_be_a_command_is_refused_and_answered() throws JsonException {
        String[][] bad = {
            {"{'device': 'plc', 'tag': 'level', 'value': 'x'}", "line 1, column 44: value: must be a whole number from 0 to 65535"},
            {"{'device': 'plc', 'tag': 'level', 'value': 65536}", "must be a whole number"},
            {"{'device': 'plc', 'tag': 'none', 'value': 1}", "there is no tag plc/none"},
            {"{'device': 'plc', 'tag': 'level'}", "'value' is missing"},
            {"{'writes': []}", "must have 1 to 500 values"},
            {"{'writes': 3}", "must be a list"},
            {"{'device': 'plc', 'tag': 'level', 'value': 1, 'force': true}", "unknown attribute"},
            {"not json", "line 1, column"},
            {"", "line 1"},
        };
        for (int i = 0; i < bad.length; i++) {
            command("bad-" + i, bad[i][0]);
            assertThat(answer(i).text("status")).isEqualTo("refused");
            assertThat(answer(i).text("detail")).contains(bad[i][1]);
        }
        command("bytes", new byte[] {(byte) 0xff}, false, SCADA);
        command("retained", "{}".getBytes(StandardCharsets.UTF_8), true, SCADA);
        command("long", new byte[WriteCommands.MAX_BYTES + 1], false, SCADA);
        assertThat(answer(bad.length).text("detail")).contains("UTF-8");
        assertThat(answer(bad.length + 1).text("detail")).contains("retained");
        assertThat(answer(bad.length + 2).text("detail")).contains("at most 65536 bytes");
        assertThat(written).isEmpty();
    }

    @Test
    void a_command_that_arrives_twice_is_carried_out_once_and_answered_each_time() throws JsonException {
        pending = new CompletableFuture<>();
        command("twice", "{'device': 'plc', 'tag': 'level', 'value': 7}");
        command("twice", "{'device': 'plc', 'tag': 'level', 'value': 7}");
        assertThat(published).isEmpty();
        pending.complete(List.of(new Outcome(written.get(0).get(0), Optional.empty())));
        assertThat(published).hasSize(1);
        command("twice", "{'device': 'plc', 'tag': 'level', 'value': 7}");

        assertThat(written).hasSize(1);
        assertThat(published).hasSize(2);
        assertThat(answer(1).text("status")).isEqualTo("done");
        pending = null;
        command("twice", "{'device': 'plc', 'tag': 'level', 'value': 8}".replace('\'', '"').getBytes(StandardCharsets.UTF_8), false,
            new Caller(Caller.Kind.MACHINE, "other", Role.OPERATOR, "10.0.0.8"));
        assertThat(written).as("an id of another account").hasSize(2);
    }

    @Test
    void commands_under_way_and_answers_kept_are_bounded() throws JsonException {
        pending = new CompletableFuture<>();
        for (int i = 0; i <= Answers.MOST_UNDER_WAY; i++) {
            command("n" + i, "{'device': 'plc', 'tag': 'level', 'value': 7}");
        }
        assertThat(published).hasSize(1);
        assertThat(answer(0).text("detail")).contains("try again");
        pending.complete(List.of());
        pending = null;
        for (int i = 0; i < 2 * Answers.MOST; i++) {
            command("m" + i, "{'device': 'plc', 'tag': 'level', 'value': 7}");
        }
        int before = written.size();
        command("m0", "{'device': 'plc', 'tag': 'level', 'value': 7}");
        assertThat(written).as("forgotten long ago").hasSize(before + 1);
        command("m" + (2 * Answers.MOST - 1), "{'device': 'plc', 'tag': 'level', 'value': 7}");
        assertThat(written).hasSize(before + 1);
    }

    @Test
    void nothing_is_taken_after_the_end() {
        commands.close();
        assertThat(listener).isNull();
    }

    @Override
    public CompletionStage<Receipt> publish(Message message) {
        published.add((RawMessage) message);
        return CompletableFuture.completedFuture(Receipt.NOT_JOURNALED);
    }

    @Override
    public Observation subscribe(String filter, Consumer<Message> to) {
        assertThat(filter).isEqualTo("edge/v1/cmd/write/+");
        listener = to;
        return () -> listener = null;
    }

    @Override
    public Optional<TagState> tag(String device, String name) {
        if (!name.equals("level")) {
            return Optional.empty();
        }
        Tag tag = new Tag(name, DataType.UINT16, "", Access.READ_WRITE, Duration.ofSeconds(1), ReportPolicy.ALWAYS, "");
        Reading reading = new Reading(tag, Value.unsigned(0), Quality.GOOD, Instant.EPOCH);
        return Optional.of(new TagState(device, reading, reading, now()));
    }

    @Override
    public CompletionStage<List<Outcome>> writeAll(List<Write> writes, Caller caller) {
        written.add(writes);
        callers.add(caller);
        return pending != null ? pending
            : CompletableFuture.completedFuture(writes.stream().map(write -> new Outcome(write, failure)).toList());
    }

    @Override
    public CompletionStage<Void> write(String device, String tag, Value value, Caller caller) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<DeviceState> devices() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<DeviceState> device(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Observation observe(Consumer<List<TagState>> to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Moment now() {
        return new Moment(0, Instant.EPOCH, ClockConfidence.UNSET);
    }

    @Override
    public UUID bootId() {
        return new UUID(0, 0);
    }
}
