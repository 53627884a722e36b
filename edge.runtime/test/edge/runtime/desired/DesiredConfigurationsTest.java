// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.config.ConfigurationFile;
import edge.api.config.ConfigurationFile.Status;
import edge.api.config.Configurations;
import edge.api.config.Problem;
import edge.api.health.HealthReport;
import edge.runtime.desired.DesiredConfigurations.Patience;
import edge.runtime.generation.GenerationStore;
import edge.runtime.testkit.MemoryAudit;
import edge.runtime.testkit.MemoryEvents;
import edge.runtime.testkit.TestBundle;
import edge.runtime.testkit.TestFramework;
import edge.runtime.testkit.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.metatype.MetaTypeService;

class DesiredConfigurationsTest {
    private static final Caller ENGINEER = new Caller(Caller.Kind.PERSON, "ben", Role.ENGINEER, "10.0.0.8");
    private static final String PID = "acme.meter";
    private static final String GOOD = "{\n  \"host\": \"plc-1\",\n  \"port\": 502\n}\n";

    @TempDir
    Path data;

    private final MemoryAudit audit = new MemoryAudit();
    private final MemoryEvents events = new MemoryEvents();
    private Path etc;
    private TestFramework framework;
    private DesiredConfigurations configurations;

    @BeforeEach
    void start() throws Exception {
        etc = data.resolve("etc");
        Files.createDirectories(etc);
        framework = TestFramework.start(data, data.resolve("image"), "configadmin", "metatype");
    }

    @AfterEach
    void stop() throws Exception {
        if (configurations != null) {
            configurations.close();
        }
        framework.close();
    }

    private void open() {
        open(Patience.DEFAULT);
    }

    private void open(Patience patience) {
        configurations = new DesiredConfigurations(framework.context(), framework.service(ConfigurationAdmin.class),
            framework.service(MetaTypeService.class), audit, events,
            new GenerationStore(framework.context(), framework.supervision()), patience);
    }

    private void restart() throws Exception {
        configurations.close();
        framework.close();
        framework = TestFramework.start(data, data.resolve("image"), "configadmin", "metatype");
    }

    private static TestBundle meter() {
        return TestBundle.named("acme.meter.driver", "1.0.0").metatype(PID, true,
                "<AD id='host' type='String' required='true'/>",
                "<AD id='port' type='Integer' min='1' max='65535' default='502'/>",
                "<AD id='factor' type='Double' required='false' min='0.5'/>",
                "<AD id='parity' type='String' default='none'><Option value='none' label='n'/>"
                    + "<Option value='even' label='e'/></AD>",
                "<AD id='units' type='Integer' cardinality='3' required='false'/>",
                "<AD id='.password' type='Password' required='false' min='4'/>")
            .entry("schema/" + PID + ".schema.json", """
                {"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "object",
                   "required": ["name", "address"], "additionalProperties": false,
                   "properties": {"name": {"type": "string", "pattern": "^[a-z0-9]+$"},
                                  "address": {"type": "integer", "minimum": 0, "maximum": 65535}}}}}}
                """);
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(etc.resolve(file), text);
    }

    private Dictionary<String, Object> inForce(String pid) {
        try {
            Configuration[] found = framework.service(ConfigurationAdmin.class)
                .listConfigurations("(" + Constants.SERVICE_PID + "=" + pid + ")");
            return found == null ? null : found[0].getProperties();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private ConfigurationFile file(String pid) {
        return configurations.list().stream().filter(file -> file.pid().equals(pid)).findFirst()
            .orElseThrow(() -> new AssertionError(pid + " is not listed"));
    }

    private void hasStatus(String pid, Status status) {
        Until.holds(() -> assertThat(file(pid).status()).as("%s", file(pid)).isEqualTo(status));
    }

    @Test
    void a_file_reaches_configuration_admin_with_types_and_its_whole_text() throws Exception {
        framework.install(meter());
        String text = "{\"host\": \"plc-1\", \"port\": 1502, \"factor\": 2, \"units\": [1, 2],\n"
            + " \"tags\": [{\"name\": \"t1\", \"address\": 7}]}";
        write(PID + "~boiler.cfg.json", text);
        open();

        hasStatus(PID + "~boiler", Status.APPLIED);
        Dictionary<String, Object> properties = inForce(PID + "~boiler");
        assertThat(properties.get("service.factoryPid")).isEqualTo(PID);
        assertThat(properties.get("host")).isEqualTo("plc-1");
        assertThat(properties.get("port")).isEqualTo(1502);
        assertThat(properties.get("factor")).isEqualTo(2.0);
        assertThat(properties.get("units")).isEqualTo(new Integer[] {1, 2});
        assertThat(properties.get("tags")).as("structured attributes are in the text only").isNull();
        assertThat(properties.get(Configurations.TEXT_PROPERTY)).isEqualTo(text);
    }

    @Test
    void each_mistake_is_told_with_line_column_and_what_would_be_right() throws Exception {
        framework.install(meter());
        open();
        String text = """
            {
              "hots": "plc-1",
              "port": 70000,
              "factor": 0.1,
              "parity": "odd",
              "units": [1, 2, 3, 4],
              "tags": [
                {"name": "T 1", "address": 1},
                {"name": "t2", "adress": 2}
              ]
            }
            """;

        List<Problem> problems = configurations.check(PID + "~x", text);

        assertThat(problems).extracting(Problem::toString).containsExactlyInAnyOrder(
            "line 2, column 11: hots: unknown attribute; known are .password, factor, host, parity, port, tags, units",
            "line 3, column 11: port: must be a whole number from 1 to 65535, not 70000",
            "line 4, column 13: factor: must be a number of at least 0.5, not 0.1",
            "line 5, column 13: parity: must be one of none, even, not \"odd\"",
            "line 6, column 12: units: has 4 values; at most 3 are allowed",
            "line 8, column 14: tags[0].name: must match ^[a-z0-9]+$, not \"T 1\"",
            "line 9, column 5: tags[1]: 'address' is missing",
            "line 9, column 30: tags[1].adress: unknown attribute; known are address, name",
            "line 1, column 1: 'host' is missing");
        assertThat(configurations.check(PID + "~x", "{\"host\": \"a\", \"host\": \"b\"}")).singleElement()
            .satisfies(problem -> assertThat(problem.message()).contains("Duplicate"));
        assertThat(configurations.check(PID + "~x", "{\"host\": ")).singleElement()
            .satisfies(problem -> assertThat(problem.line()).isEqualTo(1));
        assertThat(configurations.check(PID, GOOD)).extracting(Problem::message)
            .containsExactly("there can be many of acme.meter: name the file acme.meter~NAME.cfg.json");
        assertThat(configurations.check("../../etc/passwd", GOOD)).hasSize(1);
        assertThat(etc).isDirectoryNotContaining("glob:**.json");
    }

    @Test
    void a_file_for_an_unknown_pid_waits_for_its_bundle_and_is_delivered_when_that_is_installed() throws Exception {
        write(PID + "~boiler.cfg.json", GOOD);
        open();
        hasStatus(PID + "~boiler", Status.WAITING);
        assertThat(inForce(PID + "~boiler")).isNull();

        framework.install(meter());

        hasStatus(PID + "~boiler", Status.APPLIED);
        assertThat(inForce(PID + "~boiler").get("port")).isEqualTo(502);
    }

    @Test
    void an_edit_by_hand_is_put_in_force_and_a_bad_one_is_refused_while_the_old_stays() throws Exception {
        framework.install(meter());
        write(PID + "~boiler.cfg.json", GOOD);
        open();
        hasStatus(PID + "~boiler", Status.APPLIED);

        write(PID + "~boiler.cfg.json", GOOD.replace("502", "503"));
        Until.holds(() -> assertThat(inForce(PID + "~boiler").get("port")).isEqualTo(503));
        write(PID + "~boiler.cfg.json", GOOD.replace("502", "\"many\""));

        hasStatus(PID + "~boiler", Status.REFUSED);
        assertThat(inForce(PID + "~boiler").get("port")).isEqualTo(503);
        assertThat(file(PID + "~boiler").problems()).extracting(Problem::line).containsExactly(3);
        assertThat(events.recent(9)).singleElement().satisfies(event -> {
            assertThat(event.level()).isEqualTo(HealthReport.Status.WARN);
            assertThat(event.text()).contains("acme.meter~boiler.cfg.json", "line 3", "port", "last good");
        });
        Until.isTrue("health", () -> configurations.check().status() == HealthReport.Status.WARN);
        write(PID + "~boiler.cfg.json", GOOD);
        hasStatus(PID + "~boiler", Status.APPLIED);
        Until.isTrue("health", () -> configurations.check().status() == HealthReport.Status.OK);
    }

    @Test
    void a_file_that_was_spoilt_while_the_gateway_was_off_leaves_the_last_good_state_in_force() throws Exception {
        framework.install(meter());
        write(PID + "~boiler.cfg.json", GOOD);
        open();
        Until.isTrue("the text is kept as good", () -> Files.exists(etc.resolve(".applied/" + PID + "~boiler.cfg.json")));
        restart();
        write(PID + "~boiler.cfg.json", "{\"host\": ");
        framework.install(meter());
        open();

        hasStatus(PID + "~boiler", Status.REFUSED);
        assertThat(inForce(PID + "~boiler").get("host")).isEqualTo("plc-1");
        assertThat(etc.resolve(PID + "~boiler.cfg.json")).as("the file is not touched").hasContent("{\"host\": ");
    }

    @Test
    void a_file_that_is_still_being_written_is_not_called_wrong() throws Exception {
        framework.install(meter());
        open(new Patience(Duration.ZERO, Duration.ofMinutes(1)));
        for (int end = 1; end < GOOD.length(); end += 7) {
            write(PID + "~boiler.cfg.json", GOOD.substring(0, end));
            configurations.settle(Duration.ofMillis(100));
        }
        write(PID + "~boiler.cfg.json", GOOD);

        hasStatus(PID + "~boiler", Status.APPLIED);
        assertThat(events.recent(9)).isEmpty();
    }

    @Test
    void deleting_a_file_ends_what_it_configured_now_or_while_the_gateway_was_off() throws Exception {
        framework.install(meter());
        write(PID + "~a.cfg.json", GOOD);
        write(PID + "~b.cfg.json", GOOD);
        open();
        hasStatus(PID + "~a", Status.APPLIED);
        hasStatus(PID + "~b", Status.APPLIED);

        Files.delete(etc.resolve(PID + "~a.cfg.json"));
        Until.holds(() -> assertThat(inForce(PID + "~a")).isNull());
        configurations.write(Map.of(PID + "~b", Optional.empty()), ENGINEER);
        assertThat(inForce(PID + "~b")).isNull();
        assertThat(configurations.list()).isEmpty();
    }

    @Test
    void an_editor_that_replaces_a_file_by_deleting_it_first_does_not_stop_the_device() throws Exception {
        framework.install(meter());
        write(PID + "~a.cfg.json", GOOD);
        open(new Patience(Duration.ofSeconds(3), Duration.ofSeconds(2)));
        hasStatus(PID + "~a", Status.APPLIED);

        Files.delete(etc.resolve(PID + "~a.cfg.json"));
        write(PID + "~a.cfg.json", GOOD.replace("502", "503"));

        Until.holds(() -> assertThat(inForce(PID + "~a").get("port")).isEqualTo(503));
        assertThat(audit.recent(9)).noneMatch(entry -> entry.action().startsWith("delete"));
    }

    /** As a deployment does. */
    private List<Problem> put(String pid, String text) {
        DesiredState.Prepared prepared = configurations.prepare(pid, text);
        if (prepared.problems().isEmpty()) {
            configurations.write(Map.of(pid, Optional.of(prepared.disk())), ENGINEER);
        }
        return prepared.problems();
    }

    @Test
    void a_deployment_writes_the_file_and_only_what_is_changed_by_hand_counts_as_an_edit() throws Exception {
        framework.install(meter());
        open();

        assertThat(put(PID + "~a", GOOD)).isEmpty();
        assertThat(inForce(PID + "~a").get("port")).isEqualTo(502);
        assertThat(put(PID + "~a", GOOD.replace("502", "0"))).hasSize(1);
        assertThat(Files.readString(etc.resolve(PID + "~a.cfg.json"))).isEqualTo(GOOD);
        assertThat(audit.outcomes("ben")).containsExactly("done");
        assertThat(configurations.edits()).isZero();

        write(PID + "~a.cfg.json", GOOD.replace("502", "503"));
        Until.holds(() -> assertThat(inForce(PID + "~a").get("port")).isEqualTo(503));
        Until.holds(() -> assertThat(configurations.edits()).isEqualTo(1));
        write(PID + "~a.cfg.json", GOOD.replace("502", "0"));
        hasStatus(PID + "~a", Status.REFUSED);
        assertThat(configurations.edits()).isEqualTo(1);
        Files.delete(etc.resolve(PID + "~a.cfg.json"));
        Until.holds(() -> assertThat(configurations.edits()).isEqualTo(2));
    }

    @Test
    void a_clear_secret_in_a_file_is_replaced_by_its_encrypted_form_and_delivered_in_clear() throws Exception {
        framework.install(meter());
        String text = "{ \"host\":\"plc-1\",  \".password\" : \"hunter\\u0032 \\\"ä\" ,\n \"port\":502 }";
        write(PID + "~a.cfg.json", text);
        open();

        hasStatus(PID + "~a", Status.APPLIED);
        assertThat(inForce(PID + "~a").get(".password")).isEqualTo("hunter2 \"ä");
        String stored = Files.readString(etc.resolve(PID + "~a.cfg.json"));
        assertThat(stored).doesNotContain("hunter").contains("\".password\" : \"$secret:1:").contains(" ,\n \"port\":502 }");
        assertThat((String) inForce(PID + "~a").get(Configurations.TEXT_PROPERTY)).isEqualTo(stored);
        assertThat(configurations.text(PID + "~a")).get().asString().contains("\"********\"").doesNotContain("$secret");
        Path key = data.resolve("access/secret.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key))).isEqualTo("rw-------");
    }

    @Test
    void a_masked_secret_keeps_its_value_and_a_new_one_replaces_it() throws Exception {
        framework.install(meter());
        open();
        assertThat(put(PID + "~a", "{\"host\": \"h\", \".password\": \"********\"}")).singleElement()
            .satisfies(problem -> assertThat(problem.message()).contains("no old secret"));
        put(PID + "~a", "{\"host\": \"h\", \".password\": \"first secret\"}");

        String masked = configurations.text(PID + "~a").orElseThrow();
        assertThat(put(PID + "~a", masked.replace("\"h\"", "\"h2\""))).isEmpty();
        assertThat(inForce(PID + "~a").get(".password")).isEqualTo("first secret");
        assertThat(inForce(PID + "~a").get("host")).isEqualTo("h2");
        put(PID + "~a", "{\"host\": \"h\", \".password\": \"second\"}");
        assertThat(inForce(PID + "~a").get(".password")).isEqualTo("second");
    }

    @Test
    void a_secret_of_another_gateway_is_refused_with_what_to_do() throws Exception {
        framework.install(meter());
        String foreign = new Secrets(data.resolve("other.key")).encrypt(PID, ".password", "x".repeat(9));
        write(PID + "~a.cfg.json", "{\"host\": \"h\", \".password\": \"" + foreign + "\"}");
        open();

        hasStatus(PID + "~a", Status.REFUSED);
        assertThat(file(PID + "~a").problems()).singleElement().satisfies(problem -> {
            assertThat(problem.attribute()).isEqualTo(".password");
            assertThat(problem.message()).contains("enter the secret again");
        });
    }

    @Test
    void a_secret_is_in_no_problem_no_text_and_no_event_however_broken_the_file_is() throws Exception {
        framework.install(meter());
        open();
        String canary = "CanaryX91";
        List<String> broken = List.of(
            "{\"host\": \"h\", \".password\": " + canary + "}",
            "{\"host\": \"h\", \".password\": \"" + canary + "\"",
            "{\"host\": \"h\", .password = '" + canary + "'}",
            "{\"host\": \"h\",\n \".password\":\n \"" + canary + "\n}",
            "{\"host\": \"h\", \".password\": [\"" + canary + "\"]}",
            "{\"host\": 3, \".password\": \"" + canary + "\"}");
        for (String text : broken) {
            write(PID + "~a.cfg.json", text);
            hasStatusAfter(text);
            assertThat(configurations.text(PID + "~a").orElseThrow()).as(text).doesNotContain(canary);
            assertThat(file(PID + "~a").problems().toString()).as(text).doesNotContain(canary);
        }
        assertThat(events.recent(99).toString()).doesNotContain(canary);
        assertThat(audit.recent(99).toString()).doesNotContain(canary);
    }

    private void hasStatusAfter(String text) throws IOException {
        Files.setLastModifiedTime(etc.resolve(PID + "~a.cfg.json"),
            java.nio.file.attribute.FileTime.from(java.time.Instant.now().minusSeconds(60)));
        configurations.settle(Duration.ofSeconds(5));
        Until.holds(() -> {
            assertThat(file(PID + "~a").status()).as(text).isEqualTo(Status.REFUSED);
            assertThat(file(PID + "~a").etag())
                .isEqualTo(ConfigurationStore.etag(Files.readString(etc.resolve(PID + "~a.cfg.json"))));
        });
    }

    @Test
    void a_bundles_own_check_decides_and_one_that_comes_late_takes_a_bad_text_out_of_force() throws Exception {
        framework.install(meter());
        write(PID + "~a.cfg.json", GOOD);
        open();
        hasStatus(PID + "~a", Status.APPLIED);

        configurations.addCheck((name, text) -> text.contains("plc-1")
            ? List.of(new Problem(2, 3, "host", name + " is not reachable")) : List.of(), Map.of("edge.check.pid", PID));

        hasStatus(PID + "~a", Status.REFUSED);
        assertThat(file(PID + "~a").problems()).extracting(Problem::message).containsExactly("a is not reachable");
        assertThat(inForce(PID + "~a")).isNull();
        assertThat(put(PID + "~b", GOOD)).hasSize(1);
        assertThat(put(PID + "~b", GOOD.replace("plc-1", "plc-2"))).isEmpty();
    }

    @Test
    void a_check_that_throws_keeps_a_new_text_out_and_leaves_alone_what_is_in_force() throws Exception {
        framework.install(meter());
        write(PID + "~a.cfg.json", GOOD);
        open();
        hasStatus(PID + "~a", Status.APPLIED);

        configurations.addCheck((name, text) -> {
            throw new IllegalStateException("broken check");
        }, Map.of("edge.check.pid", PID));

        hasStatus(PID + "~a", Status.REFUSED);
        assertThat(inForce(PID + "~a")).isNotNull();
        assertThat(put(PID + "~b", GOOD)).singleElement()
            .satisfies(problem -> assertThat(problem.message()).contains("broken check"));
    }

    @Test
    void a_new_version_of_a_bundle_judges_the_files_anew() throws Exception {
        Bundle bundle = framework.install(meter());
        write(PID + "~a.cfg.json", GOOD);
        open();
        hasStatus(PID + "~a", Status.APPLIED);

        bundle.update(new java.io.ByteArrayInputStream(TestBundle.named("acme.meter.driver", "2.0.0")
            .metatype(PID, true, "<AD id='url' type='String' required='true'/>").bytes()));

        hasStatus(PID + "~a", Status.REFUSED);
        assertThat(file(PID + "~a").problems()).anyMatch(problem -> problem.message().contains("'url' is missing"));
    }

    @Test
    void files_with_names_that_mean_nothing_are_told_and_do_no_harm() throws Exception {
        framework.install(meter());
        write("boiler.json", "{}");
        write("bad name!.cfg.json", "{}");
        Files.write(etc.resolve(PID + "~bytes.cfg.json"), new byte[] {'{', (byte) 0xff, '}'});
        write(PID + "~bom.cfg.json", "\ufeff" + GOOD);
        open();

        hasStatus("bad name!", Status.REFUSED);
        hasStatus(PID + "~bytes", Status.REFUSED);
        assertThat(file(PID + "~bytes").problems().get(0).message()).contains("UTF-8");
        hasStatus(PID + "~bom", Status.APPLIED);
        assertThat(configurations.list()).hasSize(3);
    }

    @Test
    void nothing_is_delivered_again_that_has_not_changed() throws Exception {
        framework.install(meter());
        write(PID + "~a.cfg.json", GOOD);
        open();
        hasStatus(PID + "~a", Status.APPLIED);
        long count = changeCount(PID + "~a");

        Files.writeString(etc.resolve(PID + "~a.cfg.json"), GOOD);
        framework.install(TestBundle.named("other", "1.0.0"));
        configurations.settle(Duration.ofSeconds(5));
        write(PID + "~b.cfg.json", GOOD);
        hasStatus(PID + "~b", Status.APPLIED);

        assertThat(changeCount(PID + "~a")).isEqualTo(count);
    }

    private long changeCount(String pid) throws Exception {
        return framework.service(ConfigurationAdmin.class).listConfigurations("(service.pid=" + pid + ")")[0]
            .getChangeCount();
    }
}
