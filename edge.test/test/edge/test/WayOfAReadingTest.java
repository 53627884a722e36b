// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.json.JsonParser;
import edge.test.support.Cloud;
import edge.test.support.GatewayProcess;
import edge.test.support.Peers;
import edge.test.support.Plc;
import edge.test.support.Program;
import edge.test.support.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job: from a PLC of pymodbus over the gateway to mosquitto's clients and a cloud of mosquitto. */
class WayOfAReadingTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    static Path folder;
    private static Plc plc;
    private static Cloud cloud;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws Exception {
        plc = new Plc(folder);
        cloud = new Cloud(folder);
        gateway = new GatewayProcess(folder.resolve("data"));
        gateway.readPlc("plc", plc.port());
        gateway.sendTo("cloud", cloud.port());
        gateway.start();
        Until.holds(PATIENCE, "good values", gateway::log, () -> tag("temperature").number("value", 0) == 21.5);
    }

    @AfterAll
    static void stop() throws Exception {
        gateway.close();
        cloud.close();
        plc.close();
    }

    private static Json.Obj tag(String name) throws Exception {
        return gateway.json("/api/v1/devices/plc/tags/" + name).asObject();
    }

    private static Program mosquittoSub(String... arguments) {
        List<String> command = new java.util.ArrayList<>(List.of(Peers.need("mosquitto_sub").toString(), "-h", "127.0.0.1",
            "-p", Integer.toString(gateway.mqttPort()), "-u", GatewayProcess.MACHINE, "-P", GatewayProcess.SECRET));
        command.addAll(List.of(arguments));
        return Program.start(folder.resolve("sub-" + System.nanoTime() + ".log"), Map.of(), command);
    }

    @Test
    void the_values_of_the_plc_arrive_scaled_and_typed() throws Exception {
        assertThat(tag("temperature").number("value", 0)).isEqualTo(21.5);
        assertThat(tag("temperature").text("unit")).isEqualTo("°C");
        assertThat(tag("pressure").number("value", 0)).isEqualTo(1013.25);
    }

    @Test
    void mosquitto_sub_gets_the_last_value_at_once_and_then_every_scan() throws Exception {
        Program sub = mosquittoSub("-t", "edge/v1/plc", "-C", "5", "-F", "%r %p");

        assertThat(sub.exitCode(PATIENCE)).isZero();
        List<String> lines = sub.output().lines().toList();
        assertThat(lines.get(0)).startsWith("1 ");
        assertThat(lines.subList(1, 5)).allMatch(line -> line.startsWith("0 "));
        Json.Obj scan = JsonParser.parse(lines.get(4).substring(2)).asObject();
        assertThat(scan.text("schema")).isEqualTo("edge.scan/1");
        assertThat(scan.text("device")).isEqualTo("plc");
        assertThat(scan.get("tags").asObject().get("temperature").asObject().number("value", 0)).isEqualTo(21.5);
    }

    @Test
    void mosquitto_sub_without_an_account_is_refused() {
        Program sub = Program.start(folder.resolve("anonymous.log"), Map.of(), List.of(
            Peers.need("mosquitto_sub").toString(), "-h", "127.0.0.1", "-p", Integer.toString(gateway.mqttPort()),
            "-t", "#", "-C", "1", "-W", "60"));

        assertThat(sub.exitCode(PATIENCE)).isNotZero();
        assertThat(sub.output()).contains("bad user name or password");
    }

    @Test
    void every_scan_reaches_the_cloud_once_and_in_order() throws Exception {
        long now = cloud.count("device/plc");
        Until.holds(PATIENCE, "more records in the cloud", gateway::log, () -> cloud.count("device/plc") >= now + 20);

        assertThat(cloud.holes()).isEmpty();
        assertThat(cloud.duplicates()).isZero();
        Json.Obj last = null;
        for (String payload : cloud.payloads("device/plc")) {
            Json.Obj record = JsonParser.parse(payload).asObject();
            assertThat(record.text("gateway"))
                .isEqualTo(gateway.json("/api/v1/gateway").asObject().text("id"));
            if (last != null) {
                assertThat(record.text("time")).isGreaterThanOrEqualTo(last.text("time"));
            }
            last = record;
        }
    }

    @Test
    void a_plc_that_is_switched_off_makes_its_tags_bad_and_comes_back_by_itself() throws Exception {
        plc.stop();
        Until.holds(PATIENCE, "bad quality", gateway::log, () -> tag("count").text("quality", "good").equals("bad"));
        assertThat(tag("count").text("detail")).contains("127.0.0.1:" + plc.port());
        plc.start();
        Until.holds(PATIENCE, "good quality", gateway::log, () -> tag("count").text("quality", "good").equals("good"));
        Until.holds(PATIENCE, "both in the cloud", gateway::log, () -> cloud.payloads("device/plc").stream()
            .anyMatch(payload -> payload.contains("\"quality\":\"bad\"")));
    }

    @Test
    void nothing_listens_but_what_is_documented() throws Exception {
        Program ss = Program.start(folder.resolve("ss.log"), Map.of(),
            List.of(Peers.need("ss").toString(), "-Hltnp"));
        ss.exitCode(PATIENCE);
        List<String> ports = ss.output().lines()
            .filter(line -> line.contains("pid=" + gateway.pid() + ","))
            .map(line -> line.trim().split("\\s+")[3]).toList();

        assertThat(ports).allSatisfy(address -> assertThat(address).contains("127.0.0.1"));
        assertThat(ports.stream().map(address -> address.substring(address.lastIndexOf(':') + 1)))
            .containsExactlyInAnyOrder(Integer.toString(gateway.webPort()), Integer.toString(gateway.mqttPort()));
    }
}
