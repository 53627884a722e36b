// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.json.JsonParser;
import edge.test.support.Cloud;
import edge.test.support.Deployments;
import edge.test.support.GatewayProcess;
import edge.test.support.Peers;
import edge.test.support.Pki;
import edge.test.support.Program;
import edge.test.support.Until;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would cut off whoever sent it from afar comes back by itself. With mosquitto as the cloud and as the sender. */
class SafeConfigurationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String UPLINK = "edge.cloudconnector.mqtt~cloud";
    private static final int CONFIRM = 15;

    @TempDir
    static Path folder;
    private static Pki pki;
    private static Cloud cloud;
    private static GatewayProcess gateway;
    private static Deployments deployments;

    @BeforeAll
    static void start() throws Exception {
        pki = new Pki(folder).key("root", "Cloud Root", "-ext", "bc:c", "-ext", "ku=keyCertSign").key("other", "Another Root");
        cloud = Cloud.withTls(folder, pki, "root");
        gateway = new GatewayProcess(folder.resolve("data"));
        gateway.configure("edge.runtime.deploy", "{\"probation\": 1, \"confirmation\": " + CONFIRM + "}");
        gateway.configure(UPLINK, uplink(cloud.tlsPort(), "root"));
        gateway.start();
        deployments = new Deployments(gateway);
        isConnected();
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        cloud.close();
    }

    private static String uplink(int port, String trusting) {
        return "{\"host\": \"localhost\", \"port\": %d, \"caFile\": \"%s\", \"connectTimeout\": 3, \"user\": \"%s\", \".password\": \"%s\"}"
            .formatted(port, pki.certificate(trusting), Cloud.USER, Cloud.PASSWORD);
    }

    private static String phase() throws Exception {
        return gateway.uplink("cloud").isPresent() ? gateway.uplink("cloud").get().text("phase") : "none";
    }

    private static void isConnected() {
        Until.holds(PATIENCE, "the uplink", gateway::log, () -> phase().equals("connected"));
    }

    private static String file() throws IOException {
        return Files.readString(gateway.data().resolve("etc/" + UPLINK + ".cfg.json"));
    }

    private static HttpResponse<String> put(String text, String query) throws Exception {
        return gateway.send("PUT", "/api/v1/configurations/" + UPLINK + query, BodyPublishers.ofString(text), Map.of(
            "Content-Type", "application/json", "If-Match", gateway.get("/api/v1/configurations/" + UPLINK).headers()
                .firstValue("ETag").orElseThrow()));
    }

    private static Json.Obj report(String id) {
        Json.Obj[] found = new Json.Obj[1];
        Until.holds(PATIENCE, "the report", gateway::log, () -> {
            for (Json one : deployments.history()) {
                if (one.asObject().text("id").equals(id)) {
                    found[0] = one.asObject();
                    return true;
                }
            }
            return false;
        });
        return found[0];
    }

    private static void isAsBefore(String before, Json.Obj report) throws Exception {
        assertThat(report.text("outcome")).isEqualTo("rolled-back");
        assertThat(report.text("detail")).contains("Nobody confirmed it within " + CONFIRM + " s",
            "The uplink cloud was connected before and is not connected now");
        assertThat(file()).isEqualTo(before);
        isConnected();
    }

    @Test
    void a_wrong_address_of_the_cloud_sent_by_rest_heals_itself_and_cannot_be_confirmed() throws Exception {
        String before = file();
        HttpResponse<String> answer = put(uplink(Program.freePort(), "root"), "");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        String id = JsonParser.parse(answer.body()).asObject().text("id");
        Until.holds(PATIENCE, "the uplink to be lost", gateway::log, () -> !phase().equals("connected"));
        Until.holds(PATIENCE, "the end of the probation", gateway::log, () -> gateway.items("/api/v1/deployments/running").stream()
            .anyMatch(one -> one.toString().contains("awaiting-confirmation")));
        HttpResponse<String> refused = gateway.send("POST", "/api/v1/deployments/" + id + "/confirm",
            BodyPublishers.ofString("{}"), Map.of("Content-Type", "application/json"));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(refused.body()).contains("The uplink cloud was connected before");
        isAsBefore(before, report(id));
    }

    @Test
    void a_wrong_certificate_sent_by_mqtt_heals_itself_and_the_sender_is_told() throws Exception {
        String before = file();
        Program answers = Program.start(folder.resolve("answers.log"), Map.of(), client("mosquitto_sub", "-t",
            "edge/v1/cmd/answer/c1", "-C", "2", "-W", "120"));
        Until.holds(PATIENCE, "the subscriber", gateway::log, () -> gateway.json("/api/v1/broker").toString().contains("c1-sub"));
        Program.start(folder.resolve("command.log"), Map.of(), client("mosquitto_pub", "-q", "1", "-t",
            "edge/v1/cmd/deploy/c1", "-m", "{\"changes\": [{\"action\": \"configure\", \"pid\": \"" + UPLINK
                + "\", \"configuration\": " + uplink(cloud.tlsPort(), "other") + "}]}"));

        assertThat(answers.exitCode(PATIENCE)).as(answers.output()).isZero();
        List<String> lines = answers.output().lines().toList();
        Json.Obj accepted = JsonParser.parse(lines.get(0)).asObject();
        assertThat(accepted.text("status")).isEqualTo("accepted");
        assertThat(JsonParser.parse(lines.get(1)).asObject().text("status")).isEqualTo("rolled-back");
        isAsBefore(before, report(accepted.text("deployment")));
    }

    private static List<String> client(String program, String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of(Peers.need(program).toString(), "-h", "127.0.0.1", "-p",
            Integer.toString(gateway.mqttPort()), "-u", GatewayProcess.MACHINE, "-P", GatewayProcess.SECRET, "-i",
            program.equals("mosquitto_sub") ? "c1-sub" : "c1-pub"));
        command.addAll(List.of(arguments));
        return command;
    }

    @Test
    void what_is_right_is_confirmed_once_the_uplink_is_back_and_stays() throws Exception {
        HttpResponse<String> answer = put(uplink(cloud.tlsPort(), "root").replace("\"connectTimeout\": 3",
            "\"connectTimeout\": 4"), "?why=a%20longer%20line&confirmWithin=120");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        String id = JsonParser.parse(answer.body()).asObject().text("id");

        Until.holds(PATIENCE, "the confirmation", gateway::log, () -> gateway.send("POST", "/api/v1/deployments/" + id
            + "/confirm", BodyPublishers.ofString("{}"), Map.of("Content-Type", "application/json")).statusCode() == 204);
        Json.Obj report = report(id);
        assertThat(report.text("outcome")).isEqualTo("done");
        assertThat(report.text("why")).isEqualTo("a longer line");
        assertThat(file()).contains("\"connectTimeout\": 4");
        isConnected();
    }

    @Test
    void what_is_watched_is_undone_at_once_when_somebody_wants_it() throws Exception {
        String before = file();
        HttpResponse<String> answer = put(uplink(Program.freePort(), "root"), "?probation=180");
        String id = JsonParser.parse(answer.body()).asObject().text("id");
        assertThat(file()).isNotEqualTo(before);
        assertThat(gateway.send("POST", "/api/v1/deployments/" + id + "/undo", BodyPublishers.ofString("{}"),
            Map.of("Content-Type", "application/json")).statusCode()).isEqualTo(204);

        assertThat(report(id).text("detail")).isEqualTo(GatewayProcess.MACHINE + " undid it.");
        assertThat(file()).isEqualTo(before);
        isConnected();
    }

    @Test
    void an_edit_by_hand_is_a_generation_that_one_can_go_back_from() throws Exception {
        long before = generation();
        gateway.configure("edge.gateway", "{\"org\": \"acme\"}");
        Until.holds(PATIENCE, "the generation", gateway::log, () -> generation() == before + 1);
        Json.Obj newest = deployments.history().get(0).asObject();
        assertThat(newest.text("summary")).isEqualTo("change by hand: edge.gateway.cfg.json");

        Json.Obj back = deployments.post("/api/v1/generations/" + before + "/rollback", "{\"why\": \"a mistake\"}");
        assertThat(back.text("outcome")).as(back.text("detail", "")).isEqualTo("done");
        assertThat(gateway.data().resolve("etc/edge.gateway.cfg.json")).doesNotExist();
    }

    private static long generation() throws Exception {
        for (Json one : gateway.items("/api/v1/generations")) {
            if (one.asObject().bool("current", false)) {
                return one.asObject().integer("number", 0, Long.MAX_VALUE);
            }
        }
        return 0;
    }
}
