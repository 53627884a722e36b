// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.device.DeviceException;
import edge.api.device.LinkState;
import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.health.HealthReport;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.drivers.modbus.client.ModbusClient;
import edge.drivers.modbus.codec.ExceptionCode;
import edge.drivers.modbus.codec.ExceptionResponse;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.server.ArrayMemory;
import edge.drivers.modbus.server.Memory;
import edge.drivers.modbus.server.ModbusServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModbusDeviceTest {
    private final Plant plant = new Plant();
    private ModbusServer server;
    private ModbusClient client;

    /** A memory with holes that writes down what it is asked, and can be made to hang. */
    private static final class Plant implements Memory {
        final ArrayMemory cells = new ArrayMemory(200);
        final Set<Integer> holes = new ConcurrentSkipListSet<>();
        final List<String> requests = new CopyOnWriteArrayList<>();
        volatile CountDownLatch open = new CountDownLatch(0);
        /** Writes to this address are confirmed and forgotten. */
        volatile int ignored = -1;

        @Override
        public void read(int unit, Table table, int address, int count, int[] into) throws ExceptionResponse {
            requests.add(table + " " + address + "+" + count);
            try {
                assertThat(open.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            for (int i = address; i < address + count; i++) {
                if (holes.contains(i)) {
                    throw new ExceptionResponse(ExceptionCode.ILLEGAL_DATA_ADDRESS);
                }
            }
            cells.read(unit, table, address, count, into);
        }

        @Override
        public void write(int unit, Table table, int address, int count, int[] values) throws ExceptionResponse {
            if (address != ignored) {
                cells.write(unit, table, address, count, values);
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = new ModbusServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), plant, 8);
        client = new ModbusClient();
    }

    @AfterEach
    void stop() throws Exception {
        plant.open.countDown();
        client.close();
        server.close();
        Await.until("no thread is left", () -> Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
            .noneMatch(name -> name.equals("edge-modbus") || name.startsWith("edge-modbus-server")));
    }

    private ModbusDevice device(String tags, String... scalars) throws Exception {
        String more = scalars.length == 0 ? "" : ", " + String.join(", ", scalars);
        return Devices.open(client, "boiler-1", "{\"host\": \"127.0.0.1\", \"port\": " + server.port()
            + ", \"timeout\": 30000, \"connectTimeout\": 30000" + more + ", \"tags\": [" + tags + "]}");
    }

    private static String holding(int... addresses) {
        List<String> tags = new ArrayList<>();
        for (int address : addresses) {
            tags.add("{\"name\": \"t" + address + "\", \"table\": \"holding\", \"address\": " + address + "}");
        }
        return String.join(", ", tags);
    }

    @Test
    void each_tag_has_its_value_in_the_order_of_the_list_and_neighbours_share_a_request() throws Exception {
        plant.cells.set(Table.HOLDING, 10, 0xfff6, 0x4148, 0, 0b100);
        plant.cells.set(Table.INPUT, 3, 7);
        plant.cells.set(Table.COIL, 5, 1);
        plant.cells.set(Table.DISCRETE, 17, 1);
        ModbusDevice device = device("""
            {"name": "level", "table": "input", "address": 3},
            {"name": "temperature", "table": "holding", "address": 10, "type": "int16", "scale": 0.1, "unit": "°C"},
            {"name": "alarm", "table": "holding", "address": 13, "bit": 2},
            {"name": "flow", "reference": "40012", "type": "float32"},
            {"name": "pump", "table": "coil", "address": 5, "access": "read-write"},
            {"name": "door", "table": "discrete", "address": 17, "type": "bool"}
            """);

        List<Reading> readings = Devices.run(Devices.scan(device));

        assertThat(readings).extracting(reading -> reading.tag().name())
            .containsExactly("level", "temperature", "alarm", "flow", "pump", "door");
        assertThat(readings).extracting(Reading::value).containsExactly(Value.unsigned(7), Value.real(-1.0), Value.TRUE,
            Value.real(12.5), Value.TRUE, Value.TRUE);
        assertThat(readings).extracting(Reading::quality).containsOnly(Quality.GOOD);
        assertThat(readings.get(1).tag().type()).isEqualTo(DataType.FLOAT64);
        assertThat(plant.requests).containsExactlyInAnyOrder("COIL 5+1", "DISCRETE 17+1", "INPUT 3+1", "HOLDING 10+4");
        assertThat(device.link().phase()).isEqualTo(LinkState.Phase.CONNECTED);
        assertThat(device.check().status()).isEqualTo(HealthReport.Status.OK);
    }

    @Test
    void an_address_base_of_one_counts_from_one() throws Exception {
        plant.cells.set(Table.HOLDING, 0, 42);
        ModbusDevice device = device(holding(1), "\"addressBase\": 1");

        assertThat(Devices.run(Devices.scan(device))).extracting(Reading::value).containsExactly(Value.unsigned(42));
    }

    @Test
    void references_of_manuals_mean_their_table_and_count_from_one_whatever_the_base() throws Exception {
        plant.cells.set(Table.COIL, 0, 1);
        plant.cells.set(Table.DISCRETE, 3, 1);
        plant.cells.set(Table.INPUT, 7, 77);
        plant.cells.set(Table.HOLDING, 9, 0b1_0000);
        ModbusDevice device = device("""
            {"name": "coil", "reference": "00001"},
            {"name": "discrete", "reference": "100004"},
            {"name": "input", "reference": "30008"},
            {"name": "bit", "reference": "400010.4"}
            """, "\"addressBase\": 1");

        assertThat(Devices.run(Devices.scan(device))).extracting(Reading::value)
            .containsExactly(Value.TRUE, Value.TRUE, Value.unsigned(77), Value.TRUE);
        assertThat(plant.requests).containsExactlyInAnyOrder("COIL 0+1", "DISCRETE 3+1", "INPUT 7+1", "HOLDING 9+1");
    }

    @Test
    void a_tag_whose_address_does_not_exist_is_bad_and_its_neighbours_are_good_in_the_same_scan() throws Exception {
        plant.holes.add(14);
        ModbusDevice device = device(holding(10, 11, 12, 13, 14, 15, 16, 17), "\"addressBase\": 1");
        Scan scan = Devices.scan(device);

        List<Reading> first = Devices.run(scan);
        plant.requests.clear();
        List<Reading> second = Devices.run(scan);

        for (List<Reading> readings : List.of(first, second)) {
            assertThat(readings).filteredOn(reading -> reading.quality().isGood()).extracting(reading -> reading.tag().name())
                .containsExactly("t10", "t11", "t12", "t13", "t14", "t16", "t17");
            Reading bad = readings.get(5);
            assertThat(bad.value()).isEqualTo(Value.NONE);
            assertThat(bad.quality().reason()).isEqualTo(Quality.Reason.REJECTED);
            assertThat(bad.quality().detail()).isEqualTo("boiler-1 (modbus-tcp://127.0.0.1:" + server.port()
                + " unit 1), holding 15: exception 02 (illegal data address): the device has no such address; check table,"
                + " address and addressBase");
        }
        assertThat(plant.requests).containsExactly("HOLDING 9+5", "HOLDING 15+2");
        assertThat(device.check().reason()).isEqualTo("the device refuses 1 of its tags: t15");
    }

    @Test
    void a_hole_between_tags_is_read_around_from_then_on() throws Exception {
        plant.holes.add(13);
        ModbusDevice device = device(holding(10, 11, 12, 15, 16));
        Scan scan = Devices.scan(device);

        List<Reading> first = Devices.run(scan);
        Devices.run(scan);
        plant.requests.clear();
        List<Reading> later = Devices.run(scan);

        assertThat(first).allMatch(reading -> reading.quality().isGood());
        assertThat(later).allMatch(reading -> reading.quality().isGood());
        assertThat(plant.requests).containsExactly("HOLDING 10+3", "HOLDING 15+2");
    }

    @Test
    void a_float_that_is_no_number_is_bad() throws Exception {
        plant.cells.set(Table.HOLDING, 0, 0x7fc0, 0);
        ModbusDevice device = device("{\"name\": \"t\", \"table\": \"holding\", \"address\": 0, \"type\": \"float32\"}");

        Quality quality = Devices.run(Devices.scan(device)).get(0).quality();

        assertThat(quality.reason()).isEqualTo(Quality.Reason.OUT_OF_RANGE);
    }

    @Test
    void a_writable_coil_and_register_are_switched_and_what_is_outside_of_the_limits_is_not() throws Exception {
        ModbusDevice device = device("""
            {"name": "pump", "table": "coil", "address": 5, "access": "read-write"},
            {"name": "speed", "table": "holding", "address": 7, "type": "int16", "scale": 0.1, "access": "write", "max": 50},
            {"name": "total", "table": "holding", "address": 8, "type": "uint32", "wordOrder": "little",
             "access": "read-write"},
            {"name": "level", "table": "holding", "address": 20}
            """);

        write(device, "pump", Value.TRUE);
        write(device, "speed", Value.real(-12.3));
        write(device, "total", Value.unsigned(0x12345678));

        assertThat(plant.cells.get(Table.COIL, 5)).isEqualTo(1);
        assertThat(plant.cells.get(Table.HOLDING, 7)).isEqualTo(-123 & 0xffff);
        assertThat(plant.cells.get(Table.HOLDING, 8)).isEqualTo(0x5678);
        assertThat(plant.cells.get(Table.HOLDING, 9)).isEqualTo(0x1234);
        assertThat(refusal(device, "speed", Value.real(50.1))).hasMessage(
            "device boiler-1, tag speed: 50.1 is above 50.0, the limit of what may be written");
        assertThat(refusal(device, "pump", Value.unsigned(1)).reason()).isEqualTo(Quality.Reason.OUT_OF_RANGE);
        assertThat(refusal(device, "level", Value.unsigned(1)).reason()).isEqualTo(Quality.Reason.REJECTED);
        assertThat(plant.cells.get(Table.HOLDING, 20)).isZero();
    }

    @Test
    void single_bits_and_halves_of_a_register_are_written_without_touching_the_rest() throws Exception {
        plant.cells.set(Table.HOLDING, 3, 0xa5f0);
        ModbusDevice device = device("""
            {"name": "bit", "reference": "40004.1", "access": "read-write", "verify": true},
            {"name": "half", "reference": "40004", "type": "uint8", "half": "high", "access": "read-write", "verify": true}
            """);

        write(device, "bit", Value.TRUE);
        assertThat(plant.cells.get(Table.HOLDING, 3)).isEqualTo(0xa5f2);
        write(device, "half", Value.unsigned(0x5a));
        assertThat(plant.cells.get(Table.HOLDING, 3)).isEqualTo(0x5af2);
    }

    @Test
    void a_verified_write_fails_if_the_device_holds_something_else() throws Exception {
        for (String how : List.of("\"readWrite\": false", "\"readWrite\": true", "\"writeMultiple\": true")) {
            ModbusDevice device = device("""
                {"name": "kept", "table": "holding", "address": 3, "type": "int32", "access": "write", "verify": true},
                {"name": "lost", "table": "holding", "address": 8, "access": "write", "verify": true}
                """, how, "\"unit\": 9");
            write(device, "kept", Value.signed(-5));
            plant.ignored = 8;

            assertThatThrownBy(() -> write(device, "lost", Value.unsigned(77))).hasRootCauseInstanceOf(DeviceException.class)
                .rootCause().hasMessageContaining("has confirmed the write of 77 to lost, but holds 0 now");
            device.close();
        }
    }

    @Test
    void numbers_become_texts_and_are_kept_within_their_bounds() throws Exception {
        plant.cells.set(Table.HOLDING, 0, 1, 9, 120, 0x12ff);
        ModbusDevice device = device("""
            {"name": "state", "reference": "40001", "texts": {"0": "off", "1": "on"}, "access": "read-write"},
            {"name": "other", "reference": "40002", "texts": {"0": "off", "1": "on"}},
            {"name": "level", "reference": "40003", "clamp": [0, 100]},
            {"name": "digits", "reference": "40004", "type": "bcd16"}
            """);

        List<Reading> readings = Devices.run(Devices.scan(device));
        assertThat(readings).extracting(Reading::value).containsExactly(Value.text("on"), Value.text("9"),
            Value.unsigned(100), Value.NONE);
        assertThat(readings).extracting(reading -> reading.quality().level()).containsExactly(Quality.Level.GOOD,
            Quality.Level.UNCERTAIN, Quality.Level.UNCERTAIN, Quality.Level.BAD);
        assertThat(readings.get(2).quality().detail()).contains("the device's value is 120");

        write(device, "state", Value.text("off"));
        assertThat(plant.cells.get(Table.HOLDING, 0)).isZero();
        assertThatThrownBy(() -> write(device, "state", Value.text("maybe"))).rootCause()
            .hasMessageContaining("none of the texts");
    }

    private static void write(ModbusDevice device, String tag, Value value) throws Exception {
        device.write(Devices.tag(device, tag), value).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static DeviceException refusal(ModbusDevice device, String tag, Value value) {
        return (DeviceException) assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(() -> write(device, tag, value)).actual().getCause();
    }

    @Test
    void a_write_that_the_device_refuses_fails_with_its_exception() throws Exception {
        ModbusDevice device = device(
            "{\"name\": \"far\", \"table\": \"holding\", \"address\": 5000, \"access\": \"write\"}");

        DeviceException refusal = refusal(device, "far", Value.unsigned(1));

        assertThat(refusal.reason()).isEqualTo(Quality.Reason.REJECTED);
        assertThat(refusal).hasMessageContaining("boiler-1").hasMessageContaining("exception 02");
    }

    @Test
    void a_device_that_ends_completes_what_is_outstanding_as_paused() throws Exception {
        plant.open = new CountDownLatch(1);
        ModbusDevice device = device(holding(10, 100));
        Scan scan = Devices.scan(device);
        CompletableFuture<List<Reading>> outstanding = scan.run().toCompletableFuture();
        Await.until("the request arrives", () -> !plant.requests.isEmpty());

        device.close();

        assertThat(outstanding).isCompleted();
        assertThat(outstanding.get()).extracting(reading -> reading.quality().reason())
            .containsExactly(Quality.Reason.PAUSED, Quality.Reason.PAUSED);
        assertThat(Devices.run(scan)).extracting(reading -> reading.quality().reason())
            .containsExactly(Quality.Reason.PAUSED, Quality.Reason.PAUSED);
    }

    @Test
    void devices_behind_one_gateway_share_a_connection() throws Exception {
        ModbusDevice first = device(holding(10));
        ModbusDevice second = device(holding(20), "\"unit\": 7");
        Scan scan = Devices.scan(second);
        Devices.run(Devices.scan(first));
        Devices.run(scan);

        assertThat(server.connections()).isEqualTo(1);
        first.close();
        assertThat(Devices.run(scan)).allMatch(reading -> reading.quality().isGood());
        second.close();
        Await.until("the connection is closed", () -> server.connections() == 0);
    }

    @Test
    void a_device_that_is_off_is_told_once_and_comes_back_by_itself() throws Exception {
        int port = server.port();
        ModbusDevice device = device(holding(10), "\"reconnectMin\": 20", "\"reconnectMax\": 50");
        Scan scan = Devices.scan(device);
        Devices.run(scan);

        server.close();
        ClosedPort closed = new ClosedPort(port);
        Await.until("the device is lost", () -> device.check().status() == HealthReport.Status.WARN);

        Quality quality = Devices.run(scan).get(0).quality();
        assertThat(quality.reason()).isEqualTo(Quality.Reason.NOT_CONNECTED);
        assertThat(quality.detail()).startsWith("boiler-1 (modbus-tcp://127.0.0.1:" + port + " unit 1), holding 10: ");
        Await.until("the refusal is seen", () -> device.link().detail().matches("nothing listens there .*; attempt .* at 20.*Z"));

        closed.close();
        server = new ModbusServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), plant, 8);
        Await.until("values are back", () -> Devices.run(scan).get(0).quality().isGood());
        assertThat(device.check().status()).isEqualTo(HealthReport.Status.OK);
    }

    @Test
    void the_line_of_a_device_is_counted() throws Exception {
        ModbusDevice device = device(holding(1, 2, 100));
        Devices.run(Devices.scan(device));
        // The identification, which this server does not know, is asked for in its two categories.
        Await.until("all is answered", () -> device.traffic().exceptions() == 2);

        assertThat(device.facts()).extracting(fact -> fact.name() + " " + fact.value()).contains("line.requests 4",
            "line.answers 4", "line.exceptions 2", "line.timeouts 0", "line.skipped 0");
    }

    @Test
    void a_configuration_without_its_text_is_refused_with_the_remedy() {
        assertThatThrownBy(() -> new ModbusDevice(client, Gateways.of(java.nio.file.Path.of("/")), Devices.config("{\"host\": \"127.0.0.1\"}"),
            java.util.Map.of("service.pid", "edge.drivers.modbus~boiler-1")))
            .hasMessageContaining("etc/edge.drivers.modbus~boiler-1.cfg.json");
    }
}
