// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import edge.json.Json;
import edge.test.support.GatewayProcess;
import edge.test.support.NumberedPublisher;
import edge.test.support.Plc;
import edge.test.support.Program;
import edge.test.support.Until;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory that is full or cannot be written, on a small file system in memory; needs root to mount it. */
class DataDirectoryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final Duration SILENCE = Duration.ofSeconds(2);

    @TempDir
    private Path folder;
    private Path data;
    private Plc plc;
    private GatewayProcess gateway;

    @BeforeEach
    void start() throws Exception {
        data = Files.createDirectories(folder.resolve("data"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=24m", "edge-test", data.toString()) == 0,
            "mounting a file system needs root");
        plc = new Plc(folder);
        gateway = new GatewayProcess(data);
        gateway.readPlc("plc", plc.port());
        gateway.configure("edge.broker.ingest~events", "{\"topics\": [\"line/+/events\"]}");
        gateway.configure("edge.journal", "{\"segmentMegabytes\": 1, \"quotaMegabytes\": 1000}");
        gateway.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (gateway != null) {
            gateway.stop();
            plc.close();
            run("umount", data.toString());
        }
    }

    private int run(String... command) {
        return Program.start(folder.resolve("mount.log"), Map.of(), List.of(command)).exitCode(PATIENCE);
    }

    private String journalTrouble() throws Exception {
        for (Json part : gateway.json("/api/v1/health").asObject().get("items").asArray()) {
            if (part.asObject().text("subject").equals("journal") && !part.asObject().text("status").equals("ok")) {
                return part.asObject().text("status") + ": " + part.asObject().text("reason");
            }
        }
        return "";
    }

    @Test
    void a_full_disk_is_named_nothing_is_acknowledged_and_it_heals_by_itself() throws Exception {
        try (NumberedPublisher publisher = new NumberedPublisher(gateway.mqttPort(), "line/1/events")) {
            Until.holds(PATIENCE, "acknowledgements", gateway::log, () -> publisher.acknowledged().size() > 10);

            Path filler = data.resolve("filler");
            try (OutputStream out = Files.newOutputStream(filler)) {
                while (true) {
                    out.write(new byte[64 * 1024]);
                }
            } catch (java.io.IOException e) {
                assertThat(e).hasMessageContaining("No space left");
            }
            Until.holds(PATIENCE, "the full disk to be named", gateway::log, () -> journalTrouble().startsWith("critical"));
            assertThat(journalTrouble()).contains("full");
            int acknowledged = isSilent(publisher);
            // The field is still seen.
            Until.holds(PATIENCE, "live values", gateway::log, () -> gateway
                .json("/api/v1/devices/plc/tags/temperature").asObject().text("quality", "good").equals("good"));
            assertThat(publisher.acknowledged().size()).isEqualTo(acknowledged);

            Files.delete(filler);
            Until.holds(PATIENCE, "acknowledgements again", gateway::log,
                () -> publisher.acknowledged().size() > acknowledged + 10);
            Until.holds(PATIENCE, "a healthy journal", gateway::log, () -> journalTrouble().isEmpty());
        }
    }

    /** Waits until what was under way has come to its end. */
    private int isSilent(NumberedPublisher publisher) {
        int[] seen = {-1, 0};
        long[] since = {0};
        Until.holds(PATIENCE, "the acknowledgements to end", gateway::log, () -> {
            seen[1] = publisher.acknowledged().size();
            if (seen[0] != seen[1]) {
                seen[0] = seen[1];
                since[0] = System.nanoTime();
            }
            return System.nanoTime() - since[0] > SILENCE.toNanos();
        });
        return seen[0];
    }

    @Test
    void with_a_read_only_data_directory_it_starts_and_says_that_nothing_can_be_stored() throws Exception {
        gateway.stop();
        assertThat(run("mount", "-o", "remount,ro", data.toString())).isZero();

        gateway.start();
        Until.holds(PATIENCE, "it to be named", gateway::log, () -> journalTrouble().startsWith("critical"));
        assertThat(gateway.log()).contains("is read-only or full; nothing can be stored until that is repaired");
        Until.holds(PATIENCE, "live values", gateway::log, () -> gateway
            .json("/api/v1/devices/plc/tags/temperature").asObject().number("value", 0) == 21.5);

        assertThat(run("mount", "-o", "remount,rw", data.toString())).isZero();
        Until.holds(PATIENCE, "it to heal", gateway::log, () -> journalTrouble().isEmpty());
    }
}
