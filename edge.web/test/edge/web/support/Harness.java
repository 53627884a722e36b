// SPDX-License-Identifier: Apache-2.0
package edge.web.support;

import edge.api.access.Role;
import edge.api.config.ConfigurationFile.Status;
import edge.api.config.Problem;
import edge.api.deploy.BundleState.Origin;
import edge.api.deploy.BundleState.Phase;
import edge.api.device.Access;
import edge.api.device.Quality;
import edge.api.health.HealthReport;
import edge.api.health.LogBook.Level;
import edge.api.message.BrokerStatus;
import edge.api.uplink.UplinkStatus;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Serves the console with a believable gateway behind it, to look at it: 40 devices, long names, a device lost, an uplink
 * in trouble. Arguments: port, and {@code empty} for a gateway with nothing in it or {@code fresh} for one not set up.
 * Sign in as {@code anna} with {@code anna's password}.
 */
public final class Harness {

    private Harness() {
    }

    public static void main(String[] arguments) throws Exception {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 18443;
        String kind = arguments.length > 1 ? arguments[1] : "full";
        Path folder = Files.createTempDirectory("edge-console");
        ConsoleFramework framework = new ConsoleFramework(folder, port, Map.of("maxStreams", 50));
        if (!kind.equals("fresh")) {
            framework.accounts.person("anna", Role.ADMINISTRATOR).person("oskar", Role.OPERATOR)
                .person("viktor", Role.VIEWER).machine("line-3-historian", Role.VIEWER);
        }
        framework.gateway.part("console", HealthReport.Status.OK, Duration.ofHours(53), "", "");
        if (kind.equals("full")) {
            fill(framework);
        }
        framework.untilReachable();
        System.out.println("https://127.0.0.1:" + port + "/");
        long started = System.nanoTime();
        while (true) {
            Thread.sleep(1000);
            double seconds = (System.nanoTime() - started) / 1e9;
            framework.field.move(seconds);
            framework.rooms.messages.addAndGet(41);
            framework.rooms.appended.addAndGet(39);
            if (kind.equals("full")) {
                UplinkStatus old = framework.rooms.uplinks.get("plant-historian");
                framework.rooms.uplink("plant-historian", old.address(), old.phase(), old.since(), old.detail(),
                    old.backlog().records(), old.delivered() + 39);
                UplinkStatus cut = framework.rooms.uplinks.get("azure-west-europe");
                framework.rooms.uplink(cut.name(), cut.address(), cut.phase(), cut.since(), cut.detail(),
                    cut.backlog().records() + 39, cut.delivered());
                if ((int) seconds % 5 == 0) {
                    framework.gateway.line(Level.values()[(int) (seconds / 5) % 4], "edge.drivers.modbus.ModbusDevice",
                        "The device filter-press-07 did not answer within 1000 ms; next attempt in 30 s", "");
                }
            }
        }
    }

    private static void fill(ConsoleFramework framework) {
        FakeField field = framework.field;
        String[] kinds = {"boiler", "filter-press", "pump-station", "heat-exchanger", "compressor"};
        for (int i = 1; i <= 40; i++) {
            String name = kinds[i % 5] + "-" + (i < 10 ? "0" + i : i);
            field.device(name, i % 3 == 0 ? "" : "Hall " + (i % 4 + 1) + ", line " + (i % 7 + 1),
                "modbus-tcp://10.20." + i % 4 + "." + (10 + i) + ":502 unit 1");
            field.tag(name, "temperature.flow", DataType.FLOAT32, "°C", Access.READ, Value.real(71.2f));
            field.tag(name, "temperature.return", DataType.FLOAT32, "°C", Access.READ, Value.real(54.9f));
            field.tag(name, "pressure", DataType.FLOAT64, "bar", Access.READ, Value.real(2.41));
            field.tag(name, "starts_total", DataType.UINT32, "", Access.READ, Value.unsigned(18_221));
            field.tag(name, "running", DataType.BOOL, "", Access.READ, Value.TRUE);
            field.tag(name, "setpoint", DataType.INT16, "°C", Access.READ_WRITE, Value.signed(68));
            field.tag(name, "pump.enable", DataType.BOOL, "", Access.READ_WRITE, Value.TRUE);
        }
        for (int i = 0; i < 60; i++) {
            field.tag("boiler-05", "burner.zone-%02d.lambda-probe.signal".formatted(i), DataType.FLOAT32, "mV",
                Access.READ, Value.real(310 + i));
        }
        String big = "the-very-long-name-of-a-third-party-device-that-somebody-typed-";
        field.device(big, "Ultrasonic flow meter in the valve chamber below the access road, delivered 2019",
            "modbus-tcp://flow-meter-0017.valve-chamber.pumping-station-12.example:502 unit 247");
        for (int i = 0; i < 5000; i++) {
            field.tag(big, "register.%05d".formatted(i), i % 7 == 0 ? DataType.UINT32 : DataType.FLOAT64,
                i % 3 == 0 ? "m³/h" : "", Access.READ, Value.real(i));
        }
        field.lose("filter-press-06", "10.20.2.16:502 refuses connections; next attempt in 24 s", Duration.ofMinutes(17));
        field.set("boiler-10", "temperature.return", Value.real(54.9), Quality.uncertain(Quality.Reason.SENSOR,
            "The device reports a drifting sensor"));
        field.set("boiler-10", "pressure", Value.NONE, Quality.bad(Quality.Reason.REJECTED,
            "The device answered exception 02 (illegal data address) for holding register 4711"));
        FakeGateway gateway = framework.gateway;
        Duration hour = Duration.ofHours(1);
        gateway.part("uplink azure-west-europe", HealthReport.Status.CRITICAL, Duration.ofMinutes(42),
            "The cloud refuses the login (MQTT return code 5, not authorised).",
            "Check user and .password in edge.cloudconnector.mqtt~azure-west-europe.");
        gateway.part("device filter-press-06", HealthReport.Status.CRITICAL, Duration.ofMinutes(17),
            "10.20.2.16:502 refuses connections.", "Is the device switched on, and does it take another connection?");
        gateway.part("clock", HealthReport.Status.WARN, hour, "Nothing confirms that the clock is right.",
            "Configure a time source of the operating system.");
        for (String part : List.of("broker", "journal", "scan engine", "configuration", "uplink plant-historian")) {
            gateway.part(part, HealthReport.Status.OK, Duration.ofHours(53), "", "");
        }
        gateway.event(Duration.ofSeconds(50), HealthReport.Status.OK, "device boiler-10", "answers again after 12 s.");
        gateway.event(Duration.ofMinutes(17), HealthReport.Status.CRITICAL, "device filter-press-06",
            "lost its connection: 10.20.2.16:502 refuses connections.");
        gateway.event(Duration.ofMinutes(42), HealthReport.Status.CRITICAL, "uplink azure-west-europe",
            "was refused by the cloud (MQTT return code 5, not authorised).");
        gateway.event(Duration.ofHours(5), HealthReport.Status.OK, "bundle edge.drivers.modbus",
            "was updated from 0.1.0 to 0.1.1 by anna.");
        gateway.event(Duration.ofHours(28), HealthReport.Status.WARN, "clock", "is not confirmed by any time source.");
        gateway.event(Duration.ofHours(53), HealthReport.Status.OK, "gateway", "started.");
        FakeRooms rooms = framework.rooms;
        rooms.uplink("azure-west-europe", "mqtts://northwind-hub.west-europe.example:8883",
            UplinkStatus.Phase.BACKING_OFF, Instant.now().minus(Duration.ofMinutes(42)),
            "The cloud refuses the login (MQTT return code 5, not authorised); next attempt in 51 s.", 98_431, 4_118_204);
        rooms.uplink("plant-historian", "mqtt://historian.northwind.example:1883", UplinkStatus.Phase.CONNECTED,
            Instant.now().minus(Duration.ofHours(30)), "", 4, 4_216_553);
        rooms.uplink("test-bench", "mqtt://10.20.0.99:1883", UplinkStatus.Phase.PAUSED,
            Instant.now().minus(Duration.ofHours(2)), "Paused by anna; what is published meanwhile waits.", 280_000, 12);
        for (int i = 1; i <= 8; i++) {
            rooms.clients.add(new BrokerStatus.Client("line-" + i + "-panel", "hmi", "10.20.1." + (100 + i) + ":49" + i,
                Instant.now().minus(Duration.ofMinutes(i * 111L))));
        }
        rooms.clients.add(new BrokerStatus.Client("<img src=x onerror=alert(1)>", "guest\"><b>", "10.20.1.7:50001",
            Instant.now()));
        desired(framework.desired);
        gateway.line(Level.INFO, "edge.runtime.Start", "The gateway started in 812 ms", "");
        gateway.line(Level.WARN, "edge.cloudconnector.core.Connector",
            "Uplink azure-west-europe: the cloud refuses the login; next attempt in 60 s", "");
        gateway.line(Level.ERROR, "edge.drivers.demo.Demo", "The driver failed: <script>alert(1)</script>",
            "java.lang.IllegalStateException: register map\n\tat edge.drivers.demo.Demo.scan(Demo.java:88)");
    }

    private static void desired(FakeDesired desired) {
        desired.file("edge.web", "{\n  \"port\": 8443\n}\n", Status.APPLIED);
        desired.file("edge.broker", "{\n  \"host\": \"127.0.0.1\",\n  \"port\": 1883\n}\n", Status.APPLIED);
        desired.file("edge.drivers.modbus~boiler-05", "{\n  \"host\": \"10.20.1.15\",\n  \"port\": 502,\n  \"tags\": [\n"
            + "    {\"name\": \"temperature.flow\", \"table\": \"holding\", \"address\": 1, \"type\": \"float32\","
            + " \"unit\": \"°C\", \"period\": 1000}\n  ]\n}\n", Status.APPLIED);
        desired.file("edge.drivers.modbus~compressor-04", "{\n  \"host\": \"10.20.0.14\",\n  \"prot\": 502\n}\n",
            Status.REFUSED, new Problem(3, 11, "prot", "unknown attribute; known are host, port, tags, timeout, unit"));
        desired.file("edge.drivers.bacnet~hvac", "{}\n", Status.WAITING);
        desired.file("edge.cloudconnector.mqtt~azure-west-europe", "{\n  \"host\": \"northwind-hub.west-europe.example\","
            + "\n  \"user\": \"gw-0042\",\n  \".password\": \"********\"\n}\n", Status.APPLIED);
        for (String name : List.of("edge.broker", "edge.cloudconnector.core", "edge.drivers.gpio", "edge.drivers.modbus",
            "edge.journal", "edge.runtime", "edge.web")) {
            desired.bundle(name, "0.1.0", name.replace("edge.", "Edge "), Phase.ACTIVE, Origin.IMAGE, List.of(),
                List.of(name + ": active"));
        }
        desired.bundle("com.example.drivers.bacnet", "2.4.1.202611181230", "BACnet/IP driver of Example Corporation",
            Phase.INSTALLED, Origin.DEPLOYED, List.of("It needs the package com.example.bacnet.stack 3.0 or newer, which "
                + "no bundle offers. Deploy com.example.bacnet.stack first."), List.of());
        desired.bundle("org.apache.felix.scr", "2.2.18", "Apache Felix Declarative Services", Phase.ACTIVE, Origin.SYSTEM,
            List.of(), List.of());
    }
}
