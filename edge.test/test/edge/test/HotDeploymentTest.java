// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.json.JsonParser;
import edge.test.support.Cloud;
import edge.test.support.Deployments;
import edge.test.support.DriverJar;
import edge.test.support.GatewayProcess;
import edge.test.support.Plc;
import edge.test.support.Until;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver bundle is replaced in the running gateway by dropping a jar into a folder. */
class HotDeploymentTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String DRIVER = "edge.drivers.modbus";

    @TempDir
    static Path folder;
    private static Plc plc;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws Exception {
        plc = new Plc(folder);
        gateway = new GatewayProcess(folder.resolve("data"));
        gateway.readPlc("plc", plc.port());
        gateway.configure("edge.runtime.deploy", "{\"probation\": 2}");
        gateway.start();
        Until.holds(PATIENCE, "good values", gateway::log, HotDeploymentTest::isGood);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        plc.close();
    }

    private static boolean isGood() throws Exception {
        return gateway.json("/api/v1/devices/plc/tags/count").asObject().text("quality", "good").equals("good");
    }

    private static Json.Obj bundle() throws Exception {
        return gateway.json("/api/v1/bundles/" + DRIVER).asObject();
    }

    /** The shipped driver as another version, with one more import if there is one. */
    private static void drop(String version, String moreImports) throws Exception {
        Path shipped = GatewayProcess.distribution().resolve("bundles/" + DRIVER + ".jar");
        Path made = folder.resolve(DRIVER + "-" + version + ".jar");
        try (JarFile jar = new JarFile(shipped.toFile())) {
            Manifest manifest = jar.getManifest();
            Attributes main = manifest.getMainAttributes();
            main.putValue("Bundle-Version", version);
            main.putValue("Import-Package", main.getValue("Import-Package") + moreImports);
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(made), manifest)) {
                for (JarEntry entry : jar.stream().filter(one -> !one.getName().equals(JarFile.MANIFEST_NAME)).toList()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    try (InputStream in = jar.getInputStream(entry)) {
                        in.transferTo(out);
                    }
                }
            }
        }
        Files.copy(made, gateway.data().resolve("deploy").resolve(made.getFileName()));
    }

    @Test
    void a_dropped_driver_takes_over_and_survives_a_restart() throws Exception {
        drop("0.7.0", "");
        Until.holds(PATIENCE, "the new version", gateway::log, () -> bundle().text("version").equals("0.7.0"));
        Until.holds(PATIENCE, "its values", gateway::log, HotDeploymentTest::isGood);

        Until.holds(PATIENCE, "the end of the probation", gateway::log, () -> Files.exists(
            gateway.data().resolve("deploy/" + DRIVER + "-0.7.0.jar.deployed.txt")));
        gateway.kill();
        gateway.start();
        Until.holds(PATIENCE, "its values after a restart", gateway::log, HotDeploymentTest::isGood);
        assertThat(bundle().text("version")).isEqualTo("0.7.0");
    }

    @Test
    void a_driver_that_cannot_be_resolved_leaves_the_old_one_running_and_is_explained() throws Exception {
        String before = bundle().text("version");
        drop("0.9.0", ",no.such.package;version=\"[3,4)\"");
        Path reason = gateway.data().resolve("deploy/" + DRIVER + "-0.9.0.jar.rejected.txt");
        Until.holds(PATIENCE, "the refusal", gateway::log, () -> Files.exists(reason));

        assertThat(Files.readString(reason)).contains("no.such.package");
        assertThat(bundle().text("version")).isEqualTo(before);
        Until.holds(PATIENCE, "the old one's values", gateway::log, HotDeploymentTest::isGood);
    }

    @Test
    void a_command_by_mqtt_fetches_and_deploys_and_is_answered() throws Exception {
        Path jar = new DriverJar("acme.remote", "1.0.0").write(folder);
        String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
        List<Json.Obj> answers = new CopyOnWriteArrayList<>();
        try (MqttClient client = new MqttClient("tcp://127.0.0.1:" + gateway.mqttPort(), "remote", new MemoryPersistence())) {
            client.connect(Cloud.options(GatewayProcess.MACHINE, GatewayProcess.SECRET));
            client.subscribe("edge/v1/cmd/answer/job-1", 1, (topic, message) ->
                answers.add(JsonParser.parse(new String(message.getPayload(), StandardCharsets.UTF_8)).asObject()));
            client.publish("edge/v1/cmd/deploy/job-1", ("{\"why\": \"from afar\", \"probation\": 0, \"changes\": [{\"action\":"
                + " \"install\", \"url\": \"" + jar.toUri() + "\", \"sha256\": \"" + sha256 + "\"}]}")
                    .getBytes(StandardCharsets.UTF_8), 1, false);
            Until.holds(PATIENCE, "both answers", () -> answers + gateway.log(), () -> answers.size() == 2);
            client.disconnectForcibly(100, 100);
        }
        assertThat(answers.get(0).text("status")).isEqualTo("accepted");
        assertThat(answers.get(1).text("status")).isEqualTo("done");
        assertThat(answers.get(1).get("report").asObject().text("id")).isEqualTo(answers.get(0).text("deployment"));
        Until.holds(PATIENCE, "its values", gateway::log, () -> new Deployments(gateway).isGood("remote"));
    }
}
