// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import static edge.runtime.scan.TestDevice.SECOND;
import static edge.runtime.scan.TestDevice.good;
import static edge.runtime.scan.TestDevice.tag;
import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.AccessDeniedException;
import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.device.Access;
import edge.api.device.DeviceException;
import edge.api.device.Quality.Reason;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.device.TagWriter;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.lang.annotation.Annotation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class CheckedTagWriterTest implements AuditLog {
    private static final Caller OPERATOR = new Caller(Caller.Kind.PERSON, "olga", Role.OPERATOR, "10.0.0.9");
    private static final Caller VIEWER = new Caller(Caller.Kind.PERSON, "victor", Role.VIEWER, "10.0.0.9");

    private final Rig rig = new Rig();
    private final List<String> audit = new ArrayList<>();
    private final WritePermissions permissions = new WritePermissions(permissions(true));
    private final CheckedTagWriter writer = new CheckedTagWriter(rig.table, rig.time.schedule, permissions, this);
    private final Tag level = tag("level", DataType.UINT16, Access.READ_WRITE, Duration.ofHours(1), ReportPolicy.ALWAYS);
    private final Tag sensor = tag("sensor", DataType.UINT16, Access.READ, Duration.ofHours(1), ReportPolicy.ALWAYS);
    private final TestDevice plc = new TestDevice("plc", level, sensor);
    private long held = 1;

    CheckedTagWriterTest() {
        plc.answer = tags -> CompletableFuture.completedFuture(
            tags.stream().map(tag -> good(tag, Value.unsigned(held))).toList());
        plc.write = value -> {
            held = ((Value.Unsigned) value).bits();
            return CompletableFuture.completedFuture(null);
        };
        rig.add(plc);
        rig.run(SECOND);
    }

    @Override
    public void record(Caller caller, String action, String subject, String outcome) {
        audit.add(caller.name() + " " + action + " " + subject + ": " + outcome);
    }

    @Override
    public List<Entry> recent(int limit) {
        throw new UnsupportedOperationException();
    }

    private Throwable failure(CompletionStage<Void> stage) {
        assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
        Throwable[] failure = new Throwable[1];
        stage.whenComplete((done, thrown) -> failure[0] = thrown);
        return failure[0];
    }

    private Throwable refused(String device, String tag, Value value, Caller caller) {
        Throwable failure = failure(writer.write(device, tag, value, caller));
        assertThat(plc.written).isEmpty();
        assertThat(audit).hasSize(1);
        assertThat(audit.get(0)).contains("refused: " + failure.getMessage());
        return failure;
    }

    @Test
    void a_write_reaches_the_device_is_audited_and_is_read_back_at_once() {
        CompletionStage<Void> stage = writer.write("plc", "level", Value.unsigned(42), OPERATOR);

        assertThat(stage.toCompletableFuture()).isCompleted();
        assertThat(audit).containsExactly("olga write tag plc/level = 42: done");
        rig.run(Duration.ofMillis(1));
        assertThat(rig.reading("plc", "level").value()).isEqualTo(Value.unsigned(42));
        assertThat(rig.published("level")).endsWith("42 NONE");
    }

    private static WritePermissions.Config permissions(boolean others, String... texts) {
        return new WritePermissions.Config() {
            @Override
            public String[] permissions() {
                return texts;
            }

            @Override
            public boolean others() {
                return others;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return WritePermissions.Config.class;
            }
        };
    }

    private boolean mayWrite(String name) {
        plc.written.clear();
        writer.write("plc", "level", Value.unsigned(1), new Caller(Caller.Kind.MACHINE, name, Role.OPERATOR, "10.0.0.9"))
            .exceptionally(failure -> {
                assertThat(Failures.cause(failure)).isInstanceOf(AccessDeniedException.class).hasMessageContaining(name)
                    .hasMessageContaining(WritePermissions.PID);
                return null;
            });
        rig.run(SECOND);
        return !plc.written.isEmpty();
    }

    @Test
    void an_account_that_is_named_writes_only_what_is_listed_for_it() {
        permissions.modified(permissions(true, "scada other/*", "scada plc/lev*", "line-3 plc/sensor", "line-4 plc/level",
            "line-5 */*", "line-6 -", "line-7 plc/leve", "line-8 pl/*"));

        assertThat(mayWrite("scada")).isTrue();
        assertThat(mayWrite("line-3")).isFalse();
        assertThat(mayWrite("line-4")).isTrue();
        assertThat(mayWrite("line-5")).isTrue();
        assertThat(mayWrite("line-6")).isFalse();
        assertThat(mayWrite("line-7")).isFalse();
        assertThat(mayWrite("line-8")).isFalse();
        assertThat(mayWrite("nobody-named")).isTrue();
        assertThat(audit).anyMatch(entry -> entry.startsWith("line-3 write tag plc/level = 1: refused: "));
    }

    @Test
    void others_may_be_kept_from_writing_and_a_permission_makes_no_operator() {
        permissions.modified(permissions(false, "scada plc/level", "victor plc/level"));

        assertThat(mayWrite("scada")).isTrue();
        assertThat(mayWrite("nobody-named")).isFalse();
        plc.written.clear();
        assertThat(failure(writer.write("plc", "level", Value.unsigned(1), VIEWER))).hasMessageContaining("operator");
        assertThat(plc.written).isEmpty();
    }

    @Test
    void a_permission_that_says_nothing_is_refused_with_its_place() {
        WritePermissionsCheck check = new WritePermissionsCheck();
        assertThat(check.check("", "{\"permissions\": [\"scada plc/level\", \"scada -\", \"s */a.*\"], \"others\": false}")).isEmpty();
        for (String bad : List.of("scada", "scada plc", "scada plc/", "plc/level", "scada plc/level,plc/set", "scada plc/*x", "")) {
            assertThat(check.check("", "{\n \"permissions\": [\"" + bad + "\"]}")).as(bad).hasSize(1)
                .allSatisfy(problem -> {
                    assertThat(problem.line()).isEqualTo(2);
                    assertThat(problem.message()).contains("scada boiler-1/pump");
                });
        }
    }

    @Test
    void a_viewer_may_not_write() {
        assertThat(refused("plc", "level", Value.unsigned(1), VIEWER)).isInstanceOf(AccessDeniedException.class)
            .hasMessageContaining("victor").hasMessageContaining("operator");
    }

    @Test
    void a_viewer_does_not_learn_which_devices_there_are() {
        assertThat(refused("nowhere", "level", Value.unsigned(1), VIEWER)).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void what_does_not_exist_cannot_be_written() {
        assertThat(refused("nowhere", "level", Value.unsigned(1), OPERATOR)).isInstanceOf(IllegalArgumentException.class);
        audit.clear();
        assertThat(refused("plc", "nothing", Value.unsigned(1), OPERATOR)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_tag_that_is_not_configured_as_writable_cannot_be_written() {
        assertThat(refused("plc", "sensor", Value.unsigned(1), OPERATOR)).hasMessageContaining("not configured as writable");
    }

    @Test
    void a_value_that_does_not_fit_the_type_is_refused() {
        for (Value value : new Value[] {Value.unsigned(65_536), Value.signed(1), Value.real(1), Value.TRUE, Value.NONE, null,
            Value.text("1")}) {
            assertThat(refused("plc", "level", value, OPERATOR)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("uint16");
            audit.clear();
        }
    }

    @Test
    void what_is_not_a_number_is_never_written() {
        rig.add(new TestDevice("drive", tag("speed", Duration.ofHours(1))));
        assertThat(refused("drive", "speed", Value.real(Double.NaN), OPERATOR)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writes_to_a_tag_are_limited_to_ten_a_second_in_the_long_run() {
        int taken = 0;
        for (int i = 0; i < 1_000; i++) {
            if (!writer.write("plc", "level", Value.unsigned(i), OPERATOR).toCompletableFuture().isCompletedExceptionally()) {
                taken++;
            }
            rig.run(Duration.ofMillis(10));
        }

        assertThat(taken).isBetween(100, 110);
        assertThat(audit).filteredOn(line -> line.contains("more than 10 times a second")).hasSize(1_000 - taken);
        rig.run(SECOND);
        assertThat(writer.write("plc", "level", Value.unsigned(1), OPERATOR).toCompletableFuture()).isCompleted();
    }

    @Test
    void a_device_that_does_not_confirm_within_five_seconds_fails_the_write_and_the_late_answer_changes_nothing() {
        CompletableFuture<Void> late = new CompletableFuture<>();
        plc.write = value -> late;
        CompletionStage<Void> stage = writer.write("plc", "level", Value.unsigned(1), OPERATOR);
        rig.run(Duration.ofMillis(4_999));
        assertThat(stage.toCompletableFuture()).isNotDone();
        rig.run(Duration.ofMillis(1));

        assertThat(failure(stage)).isInstanceOfSatisfying(DeviceException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.TIMEOUT));
        late.complete(null);
        assertThat(audit).hasSize(1);
    }

    @Test
    void what_the_device_answers_is_what_the_caller_gets() {
        plc.write = value -> CompletableFuture.failedFuture(new DeviceException(Reason.REJECTED, "illegal data value"));

        assertThat(failure(writer.write("plc", "level", Value.unsigned(1), OPERATOR)))
            .isInstanceOf(DeviceException.class).hasMessage("illegal data value");
        assertThat(audit.get(0)).endsWith("refused: illegal data value");
    }

    @Test
    void a_driver_that_breaks_its_contract_fails_this_write_only() {
        plc.write = value -> {
            throw new IllegalStateException("for the test");
        };
        assertThat(failure(writer.write("plc", "level", Value.unsigned(1), OPERATOR)))
            .isInstanceOfSatisfying(DeviceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DRIVER_FAULT));
        plc.write = value -> null;
        assertThat(failure(writer.write("plc", "level", Value.unsigned(1), OPERATOR)))
            .isInstanceOfSatisfying(DeviceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DRIVER_FAULT));
        plc.write = value -> CompletableFuture.failedFuture(new RuntimeException("for the test"));
        assertThat(failure(writer.write("plc", "level", Value.unsigned(1), OPERATOR)))
            .isInstanceOfSatisfying(DeviceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DRIVER_FAULT));
    }

    @Test
    void a_device_whose_driver_is_being_replaced_cannot_be_written() {
        rig.engine.removeDevice(plc);

        assertThat(failure(writer.write("plc", "level", Value.unsigned(1), OPERATOR)))
            .isInstanceOfSatisfying(DeviceException.class, e -> assertThat(e.reason()).isEqualTo(Reason.PAUSED));
    }

    @Test
    void a_long_value_is_shortened_in_the_audit() {
        rig.add(new TestDevice("panel", tag("text", DataType.TEXT, Access.WRITE, SECOND, ReportPolicy.ALWAYS)));
        writer.write("panel", "text", Value.text("x".repeat(10_000)), OPERATOR);

        assertThat(audit.get(0).length()).isLessThan(200);
    }

    @Test
    void a_batch_is_written_in_order_for_each_device_and_each_write_has_its_outcome() {
        TestDevice slow = new TestDevice("slow", tag("a", SECOND));
        CompletableFuture<Void> confirmed = new CompletableFuture<>();
        slow.write = value -> confirmed;
        rig.add(slow);
        CompletableFuture<List<TagWriter.Outcome>> batch = writer.writeAll(List.of(
            new TagWriter.Write("slow", "a", Value.real(1)), new TagWriter.Write("plc", "level", Value.unsigned(7)),
            new TagWriter.Write("slow", "a", Value.real(2)), new TagWriter.Write("plc", "sensor", Value.unsigned(8)),
            new TagWriter.Write("plc", "level", Value.unsigned(9))), OPERATOR).toCompletableFuture();

        assertThat(plc.written).as("does not wait for the other device").containsExactly(Value.unsigned(7), Value.unsigned(9));
        assertThat(slow.written).as("waits for the one before").containsExactly(Value.real(1));
        assertThat(batch).isNotDone();
        confirmed.complete(null);
        assertThat(slow.written).containsExactly(Value.real(1), Value.real(2));
        assertThat(batch.join()).extracting(outcome -> outcome.failure().isEmpty()).containsExactly(true, true, true, false, true);
        assertThat(batch.join().get(3).failure().orElseThrow()).hasMessageContaining("not configured as writable");
        assertThat(audit).hasSize(5);
    }

    @Test
    void what_is_left_for_a_device_that_does_not_answer_is_not_tried() {
        plc.write = value -> new CompletableFuture<>();
        List<TagWriter.Write> writes = java.util.Collections.nCopies(4, new TagWriter.Write("plc", "level", Value.unsigned(7)));
        CompletableFuture<List<TagWriter.Outcome>> batch = writer.writeAll(writes, OPERATOR).toCompletableFuture();
        rig.run(Duration.ofNanos(CheckedTagWriter.TIMEOUT_NANOS));

        assertThat(batch).as("answers after one time-out, not four").isDone();
        assertThat(plc.written).hasSize(1);
        assertThat(batch.join()).allSatisfy(outcome -> assertThat(((DeviceException) outcome.failure().orElseThrow()).reason())
            .isEqualTo(Reason.TIMEOUT));
        assertThat(batch.join().get(3).failure().orElseThrow()).hasMessageContaining("not tried");
    }
}
