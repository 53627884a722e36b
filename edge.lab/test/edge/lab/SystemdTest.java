// SPDX-License-Identifier: Apache-2.0
package edge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import edge.test.support.GatewayProcess;
import edge.test.support.Until;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands and the unit of docs/tasks/install.md, taken from that page, on a machine with systemd. */
@Timeout(1800)
class SystemdTest {
    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration COMMAND = Duration.ofMinutes(2);

    @TempDir
    static Path folder;

    @Test
    void the_unit_as_documented_starts_the_gateway_has_it_back_after_any_kill_and_stops_it() throws Exception {
        Lab.need(folder.resolve("build.log"));
        String page = Files.readString(Path.of(System.getProperty("edge.workspace"), "docs/tasks/install.md"));
        Path exchange = Files.createDirectories(folder.resolve("exchange"));
        Path share = Files.createDirectories(folder.resolve("share"));
        String version = Files.readString(GatewayProcess.distribution().resolve("VERSION")).strip();
        Path archive = GatewayProcess.distribution().resolveSibling("edge-" + version + ".tar.gz");
        Files.copy(archive, share.resolve(archive.getFileName()));
        Files.writeString(share.resolve("edge-gateway.service"), block(page, "ini", 0));
        Files.writeString(share.resolve("install"), "set -e\n" + block(page, "sh", 0).replace("VERSION", version));
        Files.writeString(share.resolve("enable"), "set -e\n" + block(page, "sh", 1));

        GatewayProcess gateway = new GatewayProcess(exchange.resolve("data"));
        // Inside the machine the loopback is another one.
        gateway.configure("edge.web", "{\"host\": \"0.0.0.0\", \"port\": " + gateway.webPort() + "}");
        try (Machine machine = Machine.boot(exchange, List.of("--systemd", "--share", share.toString(), "--forward",
            gateway.webPort() + ":" + gateway.webPort()))) {
            machine.run(COMMAND, "cd /share && sh ./install && cp edge-gateway.service /etc/systemd/system");
            machine.run("systemd-analyze verify edge-gateway.service");
            // An emulated processor is slow to start; the page's unit itself stays as it is.
            machine.run("mkdir -p /etc/systemd/system/edge-gateway.service.d; printf '[Service]\\nEnvironment=EDGE_START_PATIENCE=600\\n'"
                + " > /etc/systemd/system/edge-gateway.service.d/slow.conf; systemctl daemon-reload");
            machine.run("cp -r /lab/data/. /var/lib/edge-gateway && chown -R edge:edge /var/lib/edge-gateway");
            machine.run(COMMAND, "sh /share/enable");

            String first = answers(gateway, machine, "");
            assertThat(machine.run("ps -o user= -p " + first)).isEqualTo("edge");
            assertThat(machine.run("systemctl show -p NRestarts --value edge-gateway")).isEqualTo("0");

            machine.run("kill -KILL " + first);
            String second = answers(gateway, machine, first);
            assertThat(gateway.items("/api/v1/events").toString()).contains("killed from outside");
            assertThat(machine.run("systemctl show -p NRestarts --value edge-gateway")).as("the script did it").isEqualTo("0");

            machine.run("kill -KILL $(systemctl show -p MainPID --value edge-gateway)");
            answers(gateway, machine, second);
            assertThat(machine.run("systemctl show -p NRestarts --value edge-gateway")).as("systemd did it").isEqualTo("1");

            machine.run(COMMAND, "systemctl stop edge-gateway");
            assertThat(machine.run("systemctl show -p Result,ActiveState edge-gateway")).contains("Result=success",
                "ActiveState=inactive");
            assertThat(machine.run("pgrep -u edge || true")).as("processes that are left").isEmpty();
        }
    }

    /** Waits until another process than that one answers, and gives its id. */
    private static String answers(GatewayProcess gateway, Machine machine, String before) {
        String[] pid = new String[1];
        Until.holds(START, "the gateway", () -> log(machine), () -> {
            pid[0] = machine.run("pgrep -u edge -x java || true");
            return !pid[0].isEmpty() && !pid[0].equals(before) && gateway.get("/api/v1/gateway").statusCode() == 200;
        });
        return pid[0];
    }

    private static String log(Machine machine) {
        return machine.run("systemctl status edge-gateway; journalctl -u edge-gateway --no-pager | tail -50; true");
    }

    /** The n-th block of code of that language on the page. */
    private static String block(String page, String language, int n) throws IOException {
        Matcher matcher = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
        for (int i = 0; matcher.find(); i++) {
            if (i == n) {
                return matcher.group(1);
            }
        }
        throw new IOException("the page has no block " + n + " of " + language);
    }
}
