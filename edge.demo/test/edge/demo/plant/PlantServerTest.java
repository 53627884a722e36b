// SPDX-License-Identifier: Apache-2.0
package edge.demo.plant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import edge.api.health.HealthReport.Status;
import edge.demo.Peer;
import edge.demo.Until;
import edge.drivers.modbus.codec.ExceptionCode;
import edge.drivers.modbus.codec.ExceptionResponse;
import edge.drivers.modbus.codec.Table;
import edge.json.Json;
import edge.json.JsonParser;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PlantServerTest {

    private static final Path ETC = Path.of(System.getProperty("edge.workspace", ".."), "edge.demo", "etc");
    private static final Pattern VALUE = Pattern.compile("\\[\\d+]:\\s+(-?[0-9.e+]+)");

    private static PlantConfig config(int port) {
        return new PlantConfig() {
            @Override
            public Class<? extends Annotation> annotationType() {
                return PlantConfig.class;
            }

            @Override
            public int port() {
                return port;
            }
        };
    }

    private static PlantServer started() {
        PlantServer plant = new PlantServer(config(0));
        plant.start();
        Until.holds("it listens", () -> plant.port().isPresent());
        return plant;
    }

    private static double poll(PlantServer plant, int unit, String type, int address) {
        try {
            String output = Peer.run("mbpoll", "-m", "tcp", "-p", String.valueOf(plant.port().orElseThrow()), "-a",
                String.valueOf(unit), "-0", "-t", type, "-r", String.valueOf(address), "-c", "1", "-1", "-o", "10", "-B", "127.0.0.1");
            Matcher matcher = VALUE.matcher(output);
            assertThat(matcher.find()).as(output).isTrue();
            return Double.parseDouble(matcher.group(1));
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(PlantServer plant, String type, int address, int value) throws Exception {
        Peer.run("mbpoll", "-m", "tcp", "-p", String.valueOf(plant.port().orElseThrow()), "-a", "1", "-0", "-t", type, "-r",
            String.valueOf(address), "-1", "-o", "10", "127.0.0.1", "--", String.valueOf(value));
    }

    @Test
    void another_modbus_client_reads_it_and_switches_the_pump() throws Exception {
        Peer.needs("mbpoll");
        PlantServer plant = started();
        try {
            DoubleSupplier flow = () -> poll(plant, 1, "3:float", 4);
            Until.holds("the pump delivers", () -> flow.getAsDouble() > 20);
            assertThat(poll(plant, 1, "3", 0)).as("level in 0.1 %").isBetween(450.0, 750.0);
            assertThat(poll(plant, 1, "1", 0)).as("running").isEqualTo(1);
            assertThat(poll(plant, 2, "3:int", 20)).as("low words of the energy counter").isBetween(184_000_000.0, 185_000_000.0);
            write(plant, "4", 0, 1000);
            assertThat(poll(plant, 1, "4", 0)).as("speed setpoint").isEqualTo(1000);
            write(plant, "0", 0, 0);
            assertThat(poll(plant, 1, "0", 0)).as("pump").isZero();
            Until.holds("the flow falls", () -> flow.getAsDouble() < 2);
        } finally {
            plant.stop();
        }
    }

    @Test
    void each_tag_of_the_ready_configurations_is_there() throws Exception {
        PlantMemory memory = new PlantMemory(1);
        for (String name : List.of("plant-1", "plant-2")) {
            Json.Obj device = JsonParser.parse(Files.readString(ETC.resolve("edge.drivers.modbus~" + name + ".cfg.json"))).asObject();
            int unit = (int) device.integer("unit", 1, 255);
            for (Json node : device.get("tags").asArray()) {
                Json.Obj tag = node.asObject();
                int registers = switch (tag.text("type", "bool")) {
                    case "uint64" -> 4;
                    case "uint32", "float32" -> 2;
                    default -> 1;
                };
                int[] values = new int[registers];
                memory.read(unit, Table.ofLabel(tag.text("table")).orElseThrow(), (int) tag.integer("address", 0, 65535),
                    registers, values);
                assertThat(IntStream.of(values)).as(name + " " + tag.text("name")).allMatch(value -> value >= 0 && value <= 0xffff);
            }
        }
    }

    @Test
    void what_is_not_there_or_not_allowed_is_refused_as_the_standard_says() throws Exception {
        PlantMemory memory = new PlantMemory(1);
        assertThat(refused(() -> memory.read(3, Table.INPUT, 0, 1, new int[1]))).isEqualTo(ExceptionCode.GATEWAY_TARGET_FAILED);
        assertThat(refused(() -> memory.read(1, Table.INPUT, 19, 2, new int[2]))).isEqualTo(ExceptionCode.ILLEGAL_DATA_ADDRESS);
        assertThat(refused(() -> memory.read(2, Table.COIL, 0, 1, new int[1]))).isEqualTo(ExceptionCode.ILLEGAL_FUNCTION);
        assertThat(refused(() -> memory.write(1, Table.HOLDING, 0, 2, new int[] {500, 900})))
            .isEqualTo(ExceptionCode.ILLEGAL_DATA_VALUE);
        int[] setpoint = new int[1];
        memory.read(1, Table.HOLDING, 0, 1, setpoint);
        assertThat(setpoint[0]).as("all or nothing").isEqualTo(800);
    }

    private interface Call {
        void run() throws ExceptionResponse;
    }

    private static ExceptionCode refused(Call call) {
        return assertThatExceptionOfType(ExceptionResponse.class).isThrownBy(call::run).actual().code();
    }

    @Test
    void a_port_in_use_is_told_and_taken_when_it_is_free() throws Exception {
        PlantServer plant;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            plant = new PlantServer(config(other.getLocalPort()));
            plant.start();
            Until.holds("it is told", () -> plant.check().status() == Status.CRITICAL);
            assertThat(plant.check().reason()).contains("127.0.0.1:" + other.getLocalPort());
        }
        Until.holds("it listens", () -> plant.port().isPresent());
        assertThat(plant.check().status()).isEqualTo(Status.OK);
        plant.stop();
    }

    @Test
    void ten_lives_leave_no_thread() {
        for (int i = 0; i < 10; i++) {
            started().stop();
        }
        Until.holds("no thread", () -> Until.noThread("edge-demo-plant") && Until.noThread("edge-modbus-server"));
    }
}
