// SPDX-License-Identifier: Apache-2.0
package edge.web;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Role;
import edge.api.config.ConfigurationFile.Status;
import edge.api.deploy.BundleState.Origin;
import edge.api.deploy.BundleState.Phase;
import edge.api.device.Access;
import edge.api.journal.JournalRecord.Loss;
import edge.api.message.StreamId;
import edge.api.uplink.UplinkStatus;
import edge.api.uplink.Uplinks;
import edge.api.config.ConfigurationFile;
import edge.api.config.ConfigurationImport;
import edge.api.config.Problem;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.json.Json;
import edge.json.JsonParser;
import edge.web.support.Browser;
import edge.web.support.ConsoleFramework;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The REST API of the bundle as it ships, in Felix, over TLS. */
class ApiTest {
    @TempDir
    private static Path folder;
    private static ConsoleFramework console;
    private static Browser anna;
    private static Browser oskar;

    @BeforeAll
    static void start() throws Exception {
        console = new ConsoleFramework(folder);
        console.accounts.person("anna", Role.ADMINISTRATOR).person("oskar", Role.OPERATOR).machine("script", Role.VIEWER);
        console.field.device("boiler-1", "The first", "modbus-tcp://10.0.0.5:502 unit 1")
            .tag("boiler-1", "temperature", DataType.FLOAT64, "°C", Access.READ, Value.real(71.5))
            .tag("boiler-1", "setpoint", DataType.INT16, "°C", Access.READ_WRITE, Value.signed(60))
            .tag("boiler-1", "pump", DataType.BOOL, "", Access.READ_WRITE, Value.FALSE)
            .tag("boiler-1", "serial", DataType.UINT64, "", Access.READ, Value.unsigned(-1L));
        console.rooms.uplink("cloud", "mqtt://cloud.example:1883", UplinkStatus.Phase.CONNECTED, Instant.now(), "", 7, 100);
        console.desired.file("edge.broker", "{\"port\": 1883}", Status.APPLIED);
        console.desired.bundle("edge.demo", "1.0.0", "Demo", Phase.ACTIVE, Origin.DEPLOYED, List.of(), List.of());
        console.untilReachable();
        anna = new Browser(console).signIn("anna");
        oskar = new Browser(console).signIn("oskar");
    }

    @AfterAll
    static void stop() throws Exception {
        console.close();
    }

    private static Json.Obj problem(HttpResponse<String> response, int status) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        return JsonParser.parse(response.body()).asObject();
    }

    @BeforeEach
    void forgetDeployments() {
        console.desired.reports.clear();
    }

    @Test
    void a_device_is_shown_with_its_tags() throws Exception {
        Json.Obj device = anna.json("/api/v1/devices/boiler-1");

        assertThat(device.text("name")).isEqualTo("boiler-1");
        assertThat(device.get("link").asObject().text("phase")).isEqualTo("connected");
        Json.Obj temperature = device.get("items").asArray().get(0).asObject();
        assertThat(temperature.get("value").asNumber()).isEqualTo(71.5);
        assertThat(temperature.text("unit")).isEqualTo("°C");
        assertThat(temperature.has("quality")).as("a good value says nothing of its quality").isFalse();
        assertThat(device.get("items").asArray().get(3).asObject().text("value")).isEqualTo("18446744073709551615");
    }

    @Test
    void tags_of_all_devices_come_page_by_page() throws Exception {
        Json.Obj first = anna.json("/api/v1/tags?limit=3");
        Json.Obj second = anna.json("/api/v1/tags?limit=3&after=" + first.text("next").replace("/", "%2F"));

        assertThat(first.get("items").asArray()).hasSize(3);
        assertThat(second.get("items").asArray()).hasSize(1);
        assertThat(second.has("next")).isFalse();
        assertThat(anna.json("/api/v1/tags?match=PUMP").get("items").asArray()).hasSize(1);
    }

    @Test
    void an_operator_writes_a_tag() throws Exception {
        HttpResponse<String> response = oskar.change("PUT", "/api/v1/devices/boiler-1/tags/setpoint/value",
            "{\"value\": 65}");

        assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
        assertThat(console.field.tag("boiler-1", "setpoint").orElseThrow().reading().value())
            .isEqualTo(Value.signed(65));
    }

    @Test
    void several_tags_are_written_with_one_call_and_each_has_its_outcome() throws Exception {
        HttpResponse<String> response = oskar.change("POST", "/api/v1/writes", """
            {"writes": [{"device": "boiler-1", "tag": "setpoint", "value": 66},
                        {"device": "boiler-1", "tag": "temperature", "value": 1}]}""");

        assertThat(response.statusCode()).isEqualTo(200);
        Json.Obj answer = JsonParser.parse(response.body()).asObject();
        assertThat(answer.text("status")).isEqualTo("failed");
        assertThat(answer.get("results").asArray()).extracting(one -> one.asObject().text("status"))
            .containsExactly("done", "failed");
        assertThat(answer.get("results").asArray().get(1).asObject().text("detail")).contains("not configured as writable");
        assertThat(console.field.tag("boiler-1", "setpoint").orElseThrow().reading().value()).isEqualTo(Value.signed(66));
        assertThat(problem(oskar.change("POST", "/api/v1/writes", "{\"writes\": [{\"device\": \"boiler-1\", \"tag\": \"no\","
            + " \"value\": 1}]}"), 400).text("detail")).contains("there is no tag boiler-1/no");
    }

    @Test
    void a_write_that_is_sent_again_does_not_undo_the_one_after_it() throws Exception {
        String write = "{\"writes\": [{\"device\": \"boiler-1\", \"tag\": \"setpoint\", \"value\": 41}]}";
        HttpResponse<String> first = oskar.change("POST", "/api/v1/writes", write, "Idempotency-Key", "w-1");
        oskar.change("PUT", "/api/v1/devices/boiler-1/tags/setpoint/value", "{\"value\": 42}");

        HttpResponse<String> again = oskar.change("POST", "/api/v1/writes", write, "Idempotency-Key", "w-1");

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(console.field.tag("boiler-1", "setpoint").orElseThrow().reading().value()).isEqualTo(Value.signed(42));
    }

    @Test
    void a_list_in_another_format_is_translated_and_nothing_is_put_in_force() throws Exception {
        console.desired.file("edge.drivers.modbus~boiler-1", "{\"host\": \"h\"}", ConfigurationFile.Status.APPLIED);
        assertThat(anna.get("/api/v1/configurations/edge.drivers.modbus~boiler-1/formats").statusCode()).isEqualTo(404);
        console.registerImport("edge.drivers.modbus", new ConfigurationImport() {
            @Override
            public List<Format> formats() {
                return List.of(new Format("csv", "CSV", true));
            }

            @Override
            public Imported read(String format, String name, String text, Optional<String> current) {
                return new Imported(List.of(new File(name, current.orElseThrow()), new File("other", "{" + text)),
                    List.of(new Problem(2, 3, "type", "is not translated")));
            }

            @Override
            public String write(String format, String text) {
                return "name\r\n" + text;
            }
        });
        String path = "/api/v1/configurations/edge.drivers.modbus~boiler-1/";

        assertThat(anna.json(path + "formats").get("items").asArray()).hasSize(1);
        HttpResponse<String> list = anna.get(path + "list?format=csv");
        assertThat(list.body()).isEqualTo("name\r\n{\"host\": \"h\"}");
        assertThat(list.headers().firstValue("Content-Disposition").orElseThrow()).contains("edge.drivers.modbus~boiler-1.csv");
        assertThat(problem(anna.get(path + "list?format=xls"), 400).text("detail")).contains("must be one of csv");
        assertThat(oskar.change("POST", path + "import?format=csv", "x").statusCode()).isEqualTo(403);
        Json.Obj imported = JsonParser.parse(anna.change("POST", path + "import?format=csv", "x").body()).asObject();
        assertThat(imported.get("warnings").asArray().get(0).asObject().text("attribute")).isEqualTo("type");
        Json.Obj first = imported.get("items").asArray().get(0).asObject();
        Json.Obj second = imported.get("items").asArray().get(1).asObject();
        assertThat(first.text("etag")).isNotEmpty();
        assertThat(first.get("problems").asArray()).isEmpty();
        assertThat(second.text("pid")).isEqualTo("edge.drivers.modbus~other");
        assertThat(second.has("etag")).isFalse();
        assertThat(second.get("problems").asArray()).isNotEmpty();
        assertThat(console.desired.files).doesNotContainKey("edge.drivers.modbus~other");
    }

    @Test
    void a_wrong_value_is_refused_with_the_reason() throws Exception {
        String path = "/api/v1/devices/boiler-1/tags/";

        assertThat(problem(oskar.change("PUT", path + "setpoint/value", "{\"value\": 70000}"), 400).text("detail"))
            .contains("-32768 to 32767");
        assertThat(problem(oskar.change("PUT", path + "pump/value", "{\"value\": 1}"), 400).text("detail"))
            .contains("true or false");
        assertThat(problem(oskar.change("PUT", path + "pump/value", "{}"), 400).text("detail"))
            .contains("'value' is missing");
        assertThat(problem(oskar.change("PUT", path + "temperature/value", "{\"value\": 1}"), 422).text("detail"))
            .contains("not configured as writable");
        assertThat(problem(oskar.change("PUT", path + "nothing/value", "{\"value\": 1}"), 404).text("detail"))
            .contains("nothing");
    }

    @Test
    void an_uplink_is_paused_and_resumed() throws Exception {
        assertThat(oskar.post("/api/v1/uplinks/cloud/pause", "").statusCode()).isEqualTo(204);
        assertThat(anna.json("/api/v1/uplinks").get("items").asArray().get(0).asObject().text("phase"))
            .isEqualTo("paused");
        assertThat(oskar.post("/api/v1/uplinks/cloud/resume", "").statusCode()).isEqualTo(204);
        problem(oskar.post("/api/v1/uplinks/nothing/pause", ""), 404);
    }

    @Test
    void dead_letters_are_shown_sent_again_and_forgotten() throws Exception {
        for (long sequence = 1; sequence <= 2; sequence++) {
            console.rooms.letters.add(new edge.api.uplink.DeadLetter(new edge.api.message.RecordKey(new java.util.UUID(1, 2),
                edge.api.message.StreamId.ingest("alarms"), 0xabcL, sequence), 7, "too warm", 5,
                java.time.Instant.parse("2026-11-20T10:15:30Z"), false));
        }
        String path = "/api/v1/uplinks/cloud/dead-letters";
        List<Json> letters = anna.json(path).get("items").asArray();
        assertThat(letters).hasSize(2);
        assertThat(letters.get(0).asObject().text("id")).isEqualTo("0000000000000abc-1");
        assertThat(letters.get(0).asObject().text("reason")).isEqualTo("too warm");
        assertThat(anna.json(path + "/0000000000000abc-1").text("text")).isEqualTo("{\"schema\":\"edge.raw/1\"}");
        assertThat(oskar.post(path + "/0000000000000abc-1/replay", "").statusCode()).isEqualTo(204);
        assertThat(oskar.change("DELETE", path + "/0000000000000abc-2", "").statusCode()).isEqualTo(204);
        assertThat(anna.json(path).get("items").asArray()).isEmpty();
        problem(oskar.change("DELETE", path + "/0000000000000abc-2", ""), 404);
    }

    @Test
    void losses_are_told_the_newest_first_as_far_back_as_asked_for() throws Exception {
        StreamId alarms = StreamId.ingest("alarms");
        console.rooms.lost(Duration.ofHours(30), alarms, "", 1, 9, Loss.FULL, "the journal was full");
        console.rooms.lost(Duration.ofHours(2), alarms, "cloud", 12, 12, Loss.REJECTED, "too warm");
        console.rooms.lost(Duration.ofHours(1), alarms, "", 14, 13, Loss.TAIL, "power");

        Json.Obj day = anna.json("/api/v1/journal/losses");
        assertThat(day.get("items").asArray()).extracting(loss -> loss.asObject().text("reason"))
            .containsExactly("tail", "rejected");
        assertThat(day.bool("complete", false)).isTrue();
        Json.Obj rejected = day.get("items").asArray().get(1).asObject();
        assertThat(rejected.text("stream")).isEqualTo("ingest/alarms");
        assertThat(rejected.text("uplink")).isEqualTo("cloud");
        assertThat(rejected.text("epoch")).isEqualTo("0000000000000abc");
        assertThat(rejected.integer("from", 0, 99)).isEqualTo(12);
        assertThat(rejected.text("detail")).isEqualTo("too warm");
        Json.Obj two = anna.json("/api/v1/journal/losses?hours=48&limit=2");
        assertThat(two.get("items").asArray()).hasSize(2);
        assertThat(two.integer("older", 0, 99)).isEqualTo(1);
        problem(anna.get("/api/v1/journal/losses?hours=0"), 400);
        Json.Obj journal = anna.json("/api/v1/journal");
        assertThat(journal.text("lastStop")).isEqualTo("unclean");
        assertThat(journal.get("lost").asObject().integer("full", 0, 9999)).isEqualTo(1204);
    }

    @Test
    void the_place_of_an_uplink_that_is_gone_is_given_up_and_that_of_one_that_is_there_is_not() throws Exception {
        assertThat(anna.change("DELETE", "/api/v1/uplinks/gone", "").statusCode()).isEqualTo(204);
        assertThat(problem(anna.change("DELETE", "/api/v1/uplinks/cloud", ""), 409).text("detail")).contains("is configured");
        problem(anna.change("DELETE", "/api/v1/uplinks/nothing", ""), 404);
        problem(oskar.change("DELETE", "/api/v1/uplinks/gone", ""), 403);
    }

    @Test
    void a_time_is_sent_again() throws Exception {
        String path = "/api/v1/uplinks/cloud/replay";
        assertThat(oskar.post(path, "{\"streams\": [\"device/*\"], \"from\": \"2026-11-20T10:00:00Z\","
            + " \"until\": \"2026-11-20T11:00:00Z\"}").statusCode()).isEqualTo(204);
        assertThat(console.rooms.replays).contains("cloud [device/*] 2026-11-20T10:00:00Z 2026-11-20T11:00:00Z");
        assertThat(problem(oskar.post(path, "{\"from\": \"yesterday\", \"until\": \"2026-11-20T11:00:00Z\"}"), 400)
            .text("detail")).contains("must be a time such as");
        assertThat(oskar.change("DELETE", path, "").statusCode()).isEqualTo(204);
    }

    @Test
    void a_part_that_is_missing_is_named_and_the_rest_goes_on() throws Exception {
        console.unregister(Uplinks.class);
        try {
            assertThat(problem(anna.get("/api/v1/uplinks"), 503).text("detail"))
                .isEqualTo("The cloud connector is not running. The page Bundles tells why.");
            assertThat(anna.get("/api/v1/devices").statusCode()).isEqualTo(200);
        } finally {
            console.register(Uplinks.class, console.rooms);
        }
        assertThat(anna.get("/api/v1/uplinks").statusCode()).isEqualTo(200);
    }

    @Test
    void a_configuration_is_changed_only_from_the_state_that_was_seen() throws Exception {
        String path = "/api/v1/configurations/edge.broker";
        String etag = anna.get(path).headers().firstValue("ETag").orElseThrow();

        problem(anna.change("PUT", path, "{\"port\": 1884}"), 428);
        problem(anna.change("PUT", path, "{\"port\": 1884}", "If-Match", "\"old\""), 412);
        problem(anna.change("PUT", path, "{\"port\": 1884}", "If-None-Match", "*"), 412);
        assertThat(anna.change("PUT", path, "{\"port\": 1884}", "If-Match", etag).statusCode()).isEqualTo(204);
        problem(anna.change("PUT", path, "{\"port\": 1885}", "If-Match", etag), 412);
        assertThat(anna.json(path).text("text")).isEqualTo("{\"port\": 1884}");

        String other = "/api/v1/configurations/edge.demo~new";
        assertThat(anna.change("PUT", other, "{}", "If-None-Match", "*").statusCode()).isEqualTo(204);
        problem(anna.change("DELETE", other, "", "If-Match", "\"old\""), 412);
        assertThat(anna.change("DELETE", other, "").statusCode()).isEqualTo(204);
        problem(anna.get(other), 404);
    }

    @Test
    void a_change_of_a_configuration_is_a_deployment_that_answers_when_it_is_in_force() throws Exception {
        String path = "/api/v1/configurations/edge.broker";
        HttpResponse<String> changed = anna.change("PUT", path + "?why=moved&probation=30&confirmWithin=60", "{\"port\": 1884}",
            "If-Match", anna.get(path).headers().firstValue("ETag").orElseThrow());

        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(202);
        assertThat(changed.headers().firstValue("ETag")).isEqualTo(anna.get(path).headers().firstValue("ETag"));
        assertThat(JsonParser.parse(changed.body()).asObject().text("id")).isNotEmpty();
        assertThat(console.desired.requests).last().satisfies(request -> {
            assertThat(request.why()).isEqualTo("moved");
            assertThat(request.probation()).contains(Duration.ofSeconds(30));
            assertThat(request.confirmWithin()).contains(Duration.ofSeconds(60));
        });
        problem(anna.change("PUT", path + "?probation=-1", "{}", "If-Match", anna.get(path).headers().firstValue("ETag")
            .orElseThrow()), 400);
    }

    @Test
    void what_is_under_way_can_be_undone_at_once() throws Exception {
        assertThat(anna.post("/api/v1/deployments/watched/undo", "{}").statusCode()).isEqualTo(204);
        assertThat(problem(anna.post("/api/v1/deployments/gone/undo", "{}"), 409).text("type")).endsWith(":not-undone");
    }

    @Test
    void a_wrong_configuration_is_refused_with_line_and_column_and_the_old_one_stays() throws Exception {
        String path = "/api/v1/configurations/edge.broker";
        HttpResponse<String> before = anna.get(path);
        Json.Obj problem = problem(anna.change("PUT", path, "{\n  \"port\": 18 83\n}", "If-Match",
            before.headers().firstValue("ETag").orElseThrow()), 422);

        assertThat(problem.get("problems").asArray().get(0).asObject().integer("line", 1, 99)).isEqualTo(2);
        assertThat(anna.get(path).body()).isEqualTo(before.body());
        assertThat(JsonParser.parse(anna.change("POST", path + "/check", "{").body()).asObject().get("problems").asArray())
            .hasSize(1);
    }

    @Test
    void a_bundle_is_uploaded_planned_and_deployed() throws Exception {
        HttpResponse<String> uploaded = anna.send("POST", "/api/v1/uploads?name=demo-1.2.0.jar",
            BodyPublishers.ofByteArray(new byte[] {'P', 'K', 3, 4}), "Content-Type", "application/octet-stream",
            "X-Edge-Request", "1");
        assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(201);
        Json.Obj upload = JsonParser.parse(uploaded.body()).asObject();
        assertThat(upload.get("plan").asObject().bool("possible", false)).isTrue();
        assertThat(console.desired.reports).isEmpty();

        HttpResponse<String> deployed = anna.post("/api/v1/deployments",
            "{\"changes\": [{\"action\": \"install\", \"upload\": \"" + upload.text("id") + "\"}]}");
        assertThat(deployed.statusCode()).as(deployed.body()).isEqualTo(200);
        assertThat(JsonParser.parse(deployed.body()).asObject().text("outcome")).isEqualTo("done");
        assertThat(anna.json("/api/v1/deployments").get("items").asArray()).hasSize(1);
    }

    @Test
    void a_request_that_is_sent_again_is_carried_out_once() throws Exception {
        String stop = "{\"changes\": [{\"action\": \"stop\", \"bundle\": \"edge.drivers.demo\"}]}";
        String start = stop.replace("stop", "start");
        HttpResponse<String> first = anna.post("/api/v1/deployments", stop, "Idempotency-Key", "a-1");
        HttpResponse<String> again = anna.post("/api/v1/deployments", stop, "Idempotency-Key", "a-1");

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(console.desired.reports).hasSize(1);
        problem(anna.post("/api/v1/deployments", start, "Idempotency-Key", "a-1"), 422);
        problem(anna.post("/api/v1/deployments", start, "Idempotency-Key", "a b"), 400);
        assertThat(anna.post("/api/v1/deployments", start, "Idempotency-Key", "a-2").statusCode()).isEqualTo(200);
        assertThat(anna.post("/api/v1/deployments", stop).statusCode()).isEqualTo(200);
        assertThat(console.desired.reports).hasSize(3);
        // A key is its caller's own.
        console.accounts.person("otto", Role.ENGINEER);
        assertThat(new Browser(console).signIn("otto").post("/api/v1/deployments", stop, "Idempotency-Key", "a-1").body())
            .isNotEqualTo(first.body());
    }

    @Test
    void a_request_that_was_refused_may_be_sent_again_with_its_key() throws Exception {
        String install = "{\"changes\": [{\"action\": \"install\", \"upload\": \"nothing\"}]}";
        problem(anna.post("/api/v1/deployments", install, "Idempotency-Key", "k"), 404);
        assertThat(anna.post("/api/v1/deployments", install.replace("install", "stop").replace("upload", "bundle"),
            "Idempotency-Key", "k").statusCode()).isEqualTo(200);
    }

    @Test
    void a_configuration_of_many_tags_can_be_deployed() throws Exception {
        String text = "{\"tags\": \"" + "x".repeat(300_000) + "\"}";
        String change = "{\"changes\": [{\"action\": \"configure\", \"pid\": \"edge.demo\", \"text\": \""
            + text.replace("\"", "\\\"") + "\"}]}";
        assertThat(anna.post("/api/v1/deployments", change).statusCode()).isEqualTo(200);
    }

    @Test
    void signers_and_contents_of_bundles_are_told() throws Exception {
        console.desired.bundle("edge.drivers.demo", "1.2.0", "Demo", Phase.ACTIVE, Origin.DEPLOYED,
            List.of(), List.of());
        console.desired.bundle("edge.journal", "0.1.0", "Journal", Phase.ACTIVE, Origin.SYSTEM,
            List.of(), List.of());
        Json.Obj trust = anna.json("/api/v1/trust");
        assertThat(trust.text("policy")).isEqualTo("warn");
        assertThat(trust.get("certificates").asArray()).hasSize(2);
        assertThat(anna.json("/api/v1/bundles/edge.drivers.demo/signature").get("signature").asObject().text("signer"))
            .isEqualTo("Northwind Drivers");
        assertThat(anna.json("/api/v1/bundles/edge.journal/signature").has("signature")).isFalse();
        HttpResponse<String> bill = anna.get("/api/v1/bundles/edge.drivers.demo/sbom");
        assertThat(bill.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/vnd.cyclonedx+json");
        assertThat(bill.headers().firstValue("Content-Disposition").orElseThrow()).contains("edge.drivers.demo.cdx.json");
        assertThat(bill.body()).contains("jetty-server");
        problem(anna.get("/api/v1/bundles/edge.journal/sbom"), 404);
        problem(anna.get("/api/v1/bundles/no.such/sbom"), 404);
        problem(anna.get("/api/v1/bundles/no.such/signature"), 404);
        assertThat(anna.get("/api/v1/sbom").body()).contains("CycloneDX");
    }

    @Test
    void what_is_no_bundle_is_told_before_anything_happens() throws Exception {
        HttpResponse<String> uploaded = anna.send("POST", "/api/v1/uploads?name=notes.txt",
            BodyPublishers.ofString("hello"), "Content-Type", "application/octet-stream", "X-Edge-Request", "1");
        Json.Obj plan = JsonParser.parse(uploaded.body()).asObject().get("plan").asObject();

        assertThat(plan.bool("possible", true)).isFalse();
        assertThat(plan.get("problems").asArray().get(0).asText()).contains("notes.txt is not a jar file");
        problem(anna.post("/api/v1/deployments", "{\"changes\": [{\"action\": \"install\", \"upload\": \"nothing\"}]}"), 404);
        problem(anna.post("/api/v1/deployments", "{\"changes\": [{\"action\": \"explode\", \"bundle\": \"edge.demo\"}]}"), 400);
    }

    @Test
    void a_machines_secret_is_shown_once_and_lets_it_in() throws Exception {
        HttpResponse<String> issued = anna.post("/api/v1/accounts/historian/secret", "{\"role\": \"viewer\"}");
        String secret = JsonParser.parse(issued.body()).asObject().text("secret");
        Browser machine = new Browser(console);

        assertThat(issued.statusCode()).isEqualTo(201);
        assertThat(machine.get("/api/v1/devices", "Authorization", "Bearer historian:" + secret).statusCode())
            .isEqualTo(200);
        assertThat(anna.get("/api/v1/accounts").body()).contains("historian").doesNotContain(secret);
        assertThat(anna.change("DELETE", "/api/v1/accounts/historian", "").statusCode()).isEqualTo(204);
        assertThat(machine.get("/api/v1/devices", "Authorization", "Bearer historian:" + secret).statusCode())
            .isEqualTo(401);
    }

    @Test
    void a_removed_person_is_signed_out_at_once() throws Exception {
        anna.change("PUT", "/api/v1/accounts/guest", "{\"password\": \"guest's password\", \"role\": \"viewer\"}");
        Browser guest = new Browser(console).signIn("guest");
        assertThat(guest.get("/api/v1/devices").statusCode()).isEqualTo(200);

        assertThat(anna.change("DELETE", "/api/v1/accounts/guest", "").statusCode()).isEqualTo(204);
        assertThat(guest.get("/api/v1/devices").statusCode()).isEqualTo(401);
        problem(anna.change("DELETE", "/api/v1/accounts/anna", ""), 409);
        problem(anna.change("DELETE", "/api/v1/accounts/nobody", ""), 404);
    }

    @Test
    void a_password_that_will_not_do_is_refused_with_the_reason() throws Exception {
        assertThat(problem(anna.change("PUT", "/api/v1/accounts/weak", "{\"password\": \"admin\", \"role\": \"viewer\"}"),
            422).text("detail")).isEqualTo("the password must have at least 12 characters.");
    }
}
