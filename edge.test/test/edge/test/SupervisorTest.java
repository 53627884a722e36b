// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.json.JsonParser;
import edge.test.support.Deployments;
import edge.test.support.DriverJar;
import edge.test.support.GatewayProcess;
import edge.test.support.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends the gateway's process, and how it comes back. */
class SupervisorTest {

    private static final Duration PATIENCE = Duration.ofSeconds(180);

    @TempDir
    static Path folder;
    private static GatewayProcess gateway;
    private static Deployments deployments;

    @BeforeAll
    static void start() throws Exception {
        gateway = new GatewayProcess(folder.resolve("data"));
        gateway.configure("edge.runtime.deploy", "{\"probation\": 1}");
        gateway.start();
        deployments = new Deployments(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static void signal(String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(gateway.pid())).start().waitFor()).isZero();
    }

    private static void isBack(long before, String cause) {
        Until.holds(PATIENCE, "another process that names the cause", gateway::log, () -> gateway.pid() != before
            && gateway.items("/api/v1/events").toString().contains(cause));
    }

    @Test
    void a_process_that_is_killed_is_started_again_and_names_the_cause() throws Exception {
        long pid = gateway.pid();
        signal("KILL");
        isBack(pid, "killed from outside");
    }

    @Test
    void a_process_that_shows_no_sign_of_life_is_ended_and_started_again() throws Exception {
        long pid = gateway.pid();
        signal("STOP");
        isBack(pid, "no sign of life");
    }

    @Test
    void a_bundle_with_native_code_is_replaced_by_a_restart_and_goes_back_if_it_does_not_work() throws Exception {
        DriverJar first = new DriverJar("acme.wired", "1.0.0").entry("lib/libwire.so", new byte[] {1});
        assertThat(deployments.install(0, first.bytes()).text("outcome")).isEqualTo("done");
        long pid = gateway.pid();

        restartsInto(new DriverJar("acme.wired", "2.0.0").entry("lib/libwire.so", new byte[] {2}), "done", pid);
        assertThat(deployments.version("acme.wired")).isEqualTo("2.0.0");
        Until.holds(PATIENCE, "its values", gateway::log, () -> deployments.isGood("wired"));

        long second = gateway.pid();
        restartsInto(new DriverJar("acme.wired", "3.0.0").mode("throw").entry("lib/libwire.so", new byte[] {3}), "rolled-back",
            second);
        Until.holds(PATIENCE, "the old version's values", gateway::log,
            () -> deployments.version("acme.wired").equals("2.0.0") && deployments.isGood("wired"));
    }

    @Test
    void a_bundle_that_ends_every_start_is_taken_back_after_the_third() throws Exception {
        assertThat(deployments.install(0, new DriverJar("acme.mortal", "1.0.0").bytes()).text("outcome")).isEqualTo("done");
        gateway.stop(); // the supervisor counts anew: other tests have killed it
        gateway.start();
        Until.holds(PATIENCE, "this set to have lived for a while", gateway::log, SupervisorTest::isProven);

        Path now = folder.resolve("now");
        assertThat(deployments.install(0, new DriverJar("acme.mortal", "2.0.0").mode("halt-when-told")
            .header("X-Told-By", now.toString()).bytes()).text("outcome")).isEqualTo("done");
        Files.createFile(now);
        Until.holds(PATIENCE, "the fall-back", gateway::log, () -> {
            Json.Obj newest = deployments.history().get(0).asObject();
            return newest.text("summary").contains("fall back")
                && newest.text("detail").contains("3 starts did not reach health")
                && newest.text("detail").contains("exit code 42");
        });
        Until.holds(PATIENCE, "the old version's values", gateway::log,
            () -> deployments.version("acme.mortal").equals("1.0.0") && deployments.isGood("mortal"));
    }

    private static boolean isProven() throws Exception {
        Json.Obj pointer = JsonParser.parse(Files.readString(gateway.data().resolve("generations/current.json"))).asObject();
        long current = pointer.integer("current", 0, Long.MAX_VALUE);
        for (Json number : pointer.get("proven").asArray()) {
            if (number.asInteger(0, Long.MAX_VALUE) == current) {
                return true;
            }
        }
        return false;
    }

    private static void restartsInto(DriverJar jar, String outcome, long pid) throws Exception {
        try {
            deployments.install(1, jar.bytes());
        } catch (IOException e) {
            assertThat(e).as("the answer is lost with the process").isNotNull();
        }
        Until.holds(PATIENCE, "the report after the restart", gateway::log, () -> {
            if (gateway.pid() == pid) {
                return false;
            }
            Json.Obj newest = deployments.history().get(0).asObject();
            return newest.text("outcome").equals(outcome) && newest.get("findings").asArray().toString().contains("restarted");
        });
    }
}
