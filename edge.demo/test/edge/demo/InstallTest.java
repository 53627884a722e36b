// SPDX-License-Identifier: Apache-2.0
package edge.demo;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.config.ConfigurationCheck;
import edge.drivers.gpio.GpioConfigurationCheck;
import edge.drivers.modbus.ModbusConfigurationCheck;
import edge.json.Json;
import edge.json.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallTest {

    private static final Path PROJECT = Path.of(System.getProperty("edge.workspace", ".."), "edge.demo");

    @TempDir
    Path folder;

    private void install(Path data) throws Exception {
        Path jar = folder.resolve("any.jar");
        Files.writeString(jar, "a jar");
        Peer.run(PROJECT.resolve("install").toString(), jar.toString(), data.toString());
    }

    private static String password(Path data, String file) throws Exception {
        Json.Obj config = JsonParser.parse(Files.readString(data.resolve("etc").resolve(file))).asObject();
        return config.text(".password");
    }

    private static List<String> files(Path data) throws Exception {
        try (Stream<Path> files = Files.list(data.resolve("etc"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void each_gateway_gets_its_own_password_that_nobody_else_can_read() throws Exception {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        install(one);
        install(two);

        assertThat(files(one)).containsExactly("edge.cloudconnector.mqtt~demo.cfg.json", "edge.demo.cloud.cfg.json",
            "edge.demo.plant.cfg.json", "edge.drivers.gpio~panel.cfg.json", "edge.drivers.modbus~plant-1.cfg.json",
            "edge.drivers.modbus~plant-2.cfg.json");
        String password = password(one, "edge.demo.cloud.cfg.json");
        assertThat(password).matches("[0-9a-f]{48}").isEqualTo(password(one, "edge.cloudconnector.mqtt~demo.cfg.json"))
            .isNotEqualTo(password(two, "edge.demo.cloud.cfg.json"));
        assertThat(Files.getPosixFilePermissions(one.resolve("etc/edge.demo.cloud.cfg.json")))
            .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        assertThat(Files.getPosixFilePermissions(one)).as("the data directory").hasSize(3);
        assertThat(one.resolve("deploy/edge.demo.jar")).hasContent("a jar");
    }

    @Test
    void a_second_time_changes_no_configuration() throws Exception {
        Path data = folder.resolve("data");
        install(data);
        String password = password(data, "edge.demo.cloud.cfg.json");
        Path plant = data.resolve("etc/edge.demo.plant.cfg.json");
        Files.writeString(plant, "{\"port\": 15021}");
        install(data);

        assertThat(password(data, "edge.demo.cloud.cfg.json")).isEqualTo(password);
        assertThat(password(data, "edge.cloudconnector.mqtt~demo.cfg.json")).isEqualTo(password);
        assertThat(plant).hasContent("{\"port\": 15021}");
    }

    @Test
    void the_drivers_own_checks_find_nothing_wrong() throws Exception {
        List<String> checked = new ArrayList<>();
        try (Stream<Path> files = Files.list(PROJECT.resolve("etc"))) {
            for (Path file : files.toList()) {
                String[] pid = file.getFileName().toString().replace(".cfg.json", "").split("~");
                ConfigurationCheck check = switch (pid[0]) {
                    case "edge.drivers.modbus" -> new ModbusConfigurationCheck();
                    case "edge.drivers.gpio" -> new GpioConfigurationCheck();
                    default -> (name, text) -> List.of();
                };
                assertThat(check.check(pid.length > 1 ? pid[1] : "", Files.readString(file))).as(file.toString()).isEmpty();
                checked.add(pid[0]);
            }
        }
        assertThat(checked).contains("edge.drivers.modbus", "edge.drivers.gpio");
    }
}
