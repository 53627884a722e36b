// SPDX-License-Identifier: Apache-2.0
package edge.lab;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.test.support.GatewayProcess;
import edge.test.support.Until;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The distribution inside a virtual machine, on the GPIO character device and the I2C bus of a real kernel. The chips are
 * simulated below the kernel: gpio-sim and i2c-stub.
 */
@Timeout(480)
class FieldSideTest {

    private static final Duration GATEWAY_START = Duration.ofSeconds(300);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int EDGES = Integer.getInteger("edge.lab.edges", 100_000);

    @TempDir
    static Path folder;

    private static Machine machine;
    private static GatewayProcess gateway;
    private static final Map<String, String> BOARD = new HashMap<>();

    @BeforeAll
    static void boot() throws Exception {
        Lab.need(folder.resolve("build.log"));
        Path exchange = Files.createDirectories(folder.resolve("exchange"));
        gateway = new GatewayProcess(exchange.resolve("data"));
        int web = gateway.webPort();
        // Inside the machine the loopback is another one.
        gateway.configure("edge.web", "{\"host\": \"0.0.0.0\", \"port\": " + web + "}");
        gateway.configure("edge.drivers.gpio~panel", """
            {"chip": "lab-bank", "lines": [
              {"name": "door", "line": "DOOR", "direction": "in"},
              {"name": "lamp", "line": "LAMP", "direction": "out", "initial": true, "access": "read-write"},
              {"name": "button", "line": 2, "direction": "in", "pull": "up", "activeLow": true, "debounce": 50},
              {"name": "pulses", "line": 3, "direction": "counter", "edge": "both", "period": 200,
               "rate": {"name": "speed"}},
              {"name": "bell", "line": 4, "direction": "out", "pulse": 500, "access": "read-write"}
            ]}""");
        gateway.configure("edge.drivers.gpio.i2c~sensor", """
            {"bus": 0, "address": 72, "registers": [
              {"name": "status", "register": 16, "type": "uint8", "period": 100},
              {"name": "temperature", "register": 0, "type": "int16", "order": "little", "scale": 0.5, "period": 100},
              {"name": "total", "register": 32, "type": "uint32", "period": 100, "access": "read-write"},
              {"name": "alarm", "register": 17, "type": "bool", "bit": 3, "period": 100, "access": "read-write"}
            ]}""");
        gateway.configure("edge.drivers.gpio.i2c~nobody", """
            {"bus": 0, "address": 73, "registers": [{"name": "status", "register": 16, "type": "uint8", "period": 100}]}""");
        machine = Machine.boot(exchange, List.of("--share", GatewayProcess.distribution().toString(), "--forward",
            web + ":" + web));
        for (String line : machine.run("sh /lab/board").split("\n")) {
            BOARD.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        machine.run("cp -r /lab/data /tmp/data; sed -i 's/\"bus\": 0/\"bus\": " + BOARD.get("bus")
            + "/' /tmp/data/etc/*.i2c~*; EDGE_START_PATIENCE=" + GATEWAY_START.toSeconds()
            + " /share/bin/edge-gateway --data /tmp/data > /lab/gateway.log 2>&1 &");
        Until.holds(GATEWAY_START, "the gateway in the machine", () -> gatewayLog(exchange), () ->
            gateway.get("/api/v1/gateway").statusCode() == 200);
        Until.holds(SOON, "the lines to be claimed", () -> gatewayLog(exchange), () -> link("panel").equals("connected"));
    }

    private static String gatewayLog(Path exchange) {
        try {
            return Files.readString(exchange.resolve("gateway.log"));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    @AfterAll
    static void end() {
        if (machine != null) {
            machine.close();
        }
    }

    private static Json.Obj device(String name) throws Exception {
        return gateway.json("/api/v1/devices/" + name).asObject();
    }

    private static String link(String name) throws Exception {
        return device(name).get("link").asObject().text("phase");
    }

    private static Json.Obj tag(String name) throws Exception {
        return tag("panel", name);
    }

    private static Json.Obj tag(String device, String name) throws Exception {
        return gateway.json("/api/v1/devices/" + device + "/tags/" + name).asObject();
    }

    private static void awaitTag(String name, String value) {
        awaitTag("panel", name, value);
    }

    private static void awaitTag(String device, String name, String value) {
        Until.holds(SOON, name + " to be " + value, () -> state(device, name), () ->
            tag(device, name).get("value").describe().equals(value));
    }

    private static String state(String name) {
        return state("panel", name);
    }

    private static String state(String device, String name) {
        try {
            return gateway.get("/api/v1/devices/" + device + "/tags/" + name).body();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static void pull(int line, String direction) {
        machine.run("echo pull-" + direction + " > " + file(line, "pull"));
    }

    private static String file(int line, String name) {
        return BOARD.get("lines") + "/sim_gpio" + line + "/" + name;
    }

    private static String level(int line) {
        return machine.run("cat " + file(line, "value"));
    }

    private static void write(String tag, boolean value) throws Exception {
        write("panel", tag, Boolean.toString(value));
    }

    private static void write(String device, String tag, String value) throws Exception {
        HttpResponse<String> answer = gateway.send("PUT", "/api/v1/devices/" + device + "/tags/" + tag + "/value",
            BodyPublishers.ofString("{\"value\": " + value + "}"), Map.of("Content-Type", "application/json"));
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    }

    @Test
    void an_input_that_is_found_by_its_name_follows_its_line_and_bears_the_kernels_time() throws Exception {
        pull(0, "up");
        awaitTag("door", "true");
        Instant up = Instant.parse(tag("door").text("time"));
        Instant now = Instant.ofEpochSecond(Long.parseLong(machine.run("date +%s")));
        assertThat(Duration.between(up, now).abs()).isLessThan(SOON);
        pull(0, "down");
        awaitTag("door", "false");
        assertThat(Instant.parse(tag("door").text("time"))).isAfter(up);
    }

    @Test
    void a_pulled_up_input_that_is_active_low_is_false_until_its_line_falls() {
        // gpio-sim does what the line request asks for: the bias pulls the line.
        awaitTag("button", "false");
        pull(2, "down");
        awaitTag("button", "true");
        pull(2, "up");
        awaitTag("button", "false");
    }

    @Test
    void an_output_takes_its_initial_level_and_is_driven() throws Exception {
        assertThat(level(1)).isEqualTo("1");
        write("lamp", false);
        assertThat(level(1)).isEqualTo("0");
        write("lamp", true);
        assertThat(level(1)).isEqualTo("1");
    }

    @Test
    void a_pulse_ends_by_itself() throws Exception {
        write("bell", true);
        awaitTag("bell", "true");
        Until.holds(SOON, "the pulse to end", () -> level(4).equals("0"));
        awaitTag("bell", "false");
    }

    @Test
    void a_hundred_thousand_edges_are_counted_without_losing_one() throws Exception {
        awaitTag("pulses", "0");
        String seconds = machine.run(Duration.ofMinutes(3), """
            a=$(cut -d' ' -f1 /proc/uptime); n=0
            while [ $n -lt %d ]; do echo pull-up > %s; echo pull-down > %2$s; n=$((n + 1)); done
            echo "$a $(cut -d' ' -f1 /proc/uptime)"
            """.formatted(EDGES / 2, file(3, "pull")));
        String[] times = seconds.split(" ");
        double took = Double.parseDouble(times[1]) - Double.parseDouble(times[0]);
        awaitTag("pulses", Integer.toString(EDGES));
        System.out.printf("%d edges in %.1f s of the machine: %.0f a second, none lost%n", EDGES, took, EDGES / took);
        assertThat(device("panel").get("link").asObject().text("phase")).isEqualTo("connected");
    }

    @Test
    void registers_are_read_and_written_over_i2c() throws Exception {
        // The kernel's names of the sizes: b a byte, w a word with its low byte first, i a block.
        i2c("i2cset -y %s 0x48 0x10 0x5a b");
        i2c("i2cset -y %s 0x48 0x00 0xfff6 w");
        i2c("i2cset -y %s 0x48 0x11 0x55 b");
        awaitTag("sensor", "status", "90");
        awaitTag("sensor", "temperature", "-5.0");
        awaitTag("sensor", "alarm", "false");

        write("sensor", "total", "3735928559");
        assertThat(i2c("i2cget -y %s 0x48 0x20 i 4")).isEqualTo("0xde 0xad 0xbe 0xef");
        awaitTag("sensor", "total", "3735928559");
        write("sensor", "alarm", "true");
        assertThat(i2c("i2cget -y %s 0x48 0x11 b")).isEqualTo("0x5d");
        assertThat(link("sensor")).isEqualTo("connected");
    }

    @Test
    void an_address_where_nobody_answers_is_bad_with_a_reason_and_costs_its_neighbour_nothing() throws Exception {
        Until.holds(SOON, "the silence to be noticed", () -> state("nobody", "status"), () ->
            tag("nobody", "status").text("quality", "good").equals("bad"));
        assertThat(tag("nobody", "status").text("detail")).contains("0x49 on i2c-").contains("does not answer");
        assertThat(link("sensor")).isEqualTo("connected");
    }

    private static String i2c(String command) {
        return machine.run(command.formatted(BOARD.get("bus")));
    }

    @Test
    void a_chip_that_is_taken_away_makes_its_tags_bad_and_is_claimed_again_when_it_is_back() throws Exception {
        machine.run("echo 0 > " + BOARD.get("live"));
        Until.holds(SOON, "the loss to be noticed", () -> state("door"), () ->
            tag("door").text("quality", "good").equals("bad"));
        assertThat(device("panel").get("link").asObject().text("detail")).contains("gone");
        machine.run("echo 1 > " + BOARD.get("live"));
        // The kernel may give it another number.
        BOARD.put("lines", BOARD.get("lines").replaceFirst("gpiochip[0-9]+$",
            machine.run("cat " + BOARD.get("bank") + "/chip_name")));
        Until.holds(SOON, "the chip to be claimed again", () -> state("door"), () -> link("panel").equals("connected"));
        pull(0, "up");
        awaitTag("door", "true");
        pull(0, "down");
        awaitTag("door", "false");
    }
}
