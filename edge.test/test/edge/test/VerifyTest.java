// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.test.support.CutProxy;
import edge.test.support.GatewayProcess;
import edge.test.support.NumberedPublisher;
import edge.test.support.Peers;
import edge.test.support.Plc;
import edge.test.support.Program;
import edge.test.support.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The proof as its user runs it: the command of the distribution, at a cloud whose gateway is cut off and killed. */
class VerifyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final String RAW = "raw/{gatewayId}/{stream}/{epoch}/{sequence}/{lane}";

    @Test
    void edge_verify_proves_a_cut_and_a_kill_by_payloads_and_by_topics(@TempDir Path folder, TestReporter figures)
        throws Exception {
        int port = Program.freePort();
        Path configuration = Files.writeString(folder.resolve("cloud.conf"), "listener " + port + " 127.0.0.1\n"
            + "allow_anonymous true\nuser root\nmax_queued_messages 0\nmax_inflight_messages 0\n");
        Path expected = folder.resolve("journal.json");
        try (Program mosquitto = Program.start(folder.resolve("cloud.log"), Map.of(),
                List.of(Peers.need("mosquitto").toString(), "-c", configuration.toString()))) {
            Until.holds(PATIENCE, "mosquitto to listen", mosquitto::output, () -> Program.listens(port));
            // The broker keeps what it is to see: it looks once, and comes back at the end.
            List<String> raw = List.of("--topic", "raw/#", "--topic-form", RAW, "--client-id", "by-topic", "--allow-duplicates",
                "20000");
            try (Program first = verify(folder.resolve("first.log"), port, raw, "--idle", "1")) {
                assertThat(first.exitCode(PATIENCE)).as("%s", first.output()).isEqualTo(1);
                assertThat(first.output()).contains("NOTHING ARRIVED");
            }
            try (Program live = verify(folder.resolve("live.log"), port, List.of("--topic", "edge/#"), "--expect",
                    expected.toString(), "--allow-duplicates", "20000");
                CutProxy cable = new CutProxy(port); Plc plc = new Plc(folder);
                GatewayProcess gateway = new GatewayProcess(folder.resolve("data"));
                NumberedPublisher publisher = new NumberedPublisher(gateway.mqttPort(), "line/1/events")) {
                Until.holds(PATIENCE, "edge-verify to subscribe", live::output, () -> mosquitto.output().contains("edge-verify"));
                cutAndKill(gateway, cable, plc, publisher);
                Files.writeString(expected, gateway.get("/api/v1/journal").body());
                awaitDelivery(gateway);
                // It goes on recording that the PLC is away, and there would be no end of it.
                gateway.stop();
                try (Program last = verify(folder.resolve("last.log"), port, raw, "--idle", "5", "--expect", expected.toString())) {
                    assertThat(last.exitCode(PATIENCE)).as("%s", last.output()).isZero();
                    assertThat(last.output()).contains("\nPROVEN: ").contains("device/plc").contains("ingest/events");
                    // Ctrl-C, or what a service manager does.
                    live.stop();
                    assertThat(live.output()).contains("\nPROVEN: ").contains("device/plc").contains("ingest/events");
                    figures.publishEntry("by payloads", summary(live));
                    figures.publishEntry("by topics", summary(last));
                }
            }
        }
    }

    private static String summary(Program verify) {
        return verify.output().substring(verify.output().indexOf("PROVEN: "));
    }

    private static void cutAndKill(GatewayProcess gateway, CutProxy cable, Plc plc, NumberedPublisher publisher)
        throws Exception {
        gateway.readPlc("plc", plc.port());
        gateway.configure("edge.broker.ingest~events", "{\"topics\": [\"line/+/events\"]}");
        String target = "{\"host\": \"127.0.0.1\", \"port\": " + cable.port() + ", \"tls\": false, \"clientId\": ";
        gateway.configure("edge.cloudconnector.mqtt~cloud", target + "\"cloud\"}");
        gateway.configure("edge.cloudconnector.mqtt~raw", target + "\"raw\", \"encoder\": \"raw\", \"topic\": \"" + RAW + "\"}");
        gateway.start();
        awaitEvents(gateway, publisher);
        cable.cut();
        awaitEvents(gateway, publisher);
        gateway.kill();
        cable.mend();
        gateway.start();
        awaitEvents(gateway, publisher);
        publisher.close();
        plc.stop();
        awaitDelivery(gateway);
    }

    private static void awaitDelivery(GatewayProcess gateway) {
        Until.holds(PATIENCE, "empty backlogs", gateway::log,
            () -> backlog(gateway, "cloud") == 0 && backlog(gateway, "raw") == 0);
    }

    private static void awaitEvents(GatewayProcess gateway, NumberedPublisher publisher) {
        int before = publisher.acknowledged().size();
        Until.holds(PATIENCE, "events acknowledged", gateway::log, () -> publisher.acknowledged().size() >= before + 50);
    }

    private static long backlog(GatewayProcess gateway, String uplink) throws Exception {
        return gateway.uplink(uplink).orElseThrow().get("backlog").asObject().integer("records", 0, Long.MAX_VALUE);
    }

    private static Program verify(Path output, int port, List<String> options, String... more) {
        List<String> command = new ArrayList<>(List.of(GatewayProcess.distribution().resolve("bin/edge-verify").toString(),
            "--host", "127.0.0.1", "--port", Integer.toString(port)));
        command.addAll(options);
        command.addAll(List.of(more));
        return Program.start(output, Map.of("JAVA_HOME", System.getProperty("java.home")), command);
    }
}
