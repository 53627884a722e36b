// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.Quality.Reason;
import edge.drivers.modbus.Await;
import edge.drivers.modbus.codec.Framing;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Gateways to serial lines: one that tells that a unit is silent, and one that passes frames on without headers. */
class GatewayTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    /** For units that answer: a busy machine must not pass it. */
    private static final Duration LONG = Duration.ofSeconds(8);
    private static final LinkSettings SETTINGS =
        new LinkSettings(Duration.ofSeconds(1), 1, 64, Duration.ofMillis(20), Duration.ofMillis(100));

    private static CompletableFuture<Outcome> ask(Link link, int unit, int address, Duration timeout) {
        return Outcome.of(link, Request.read(unit, Table.HOLDING, address, 1), timeout);
    }

    @Test
    void a_unit_that_the_gateway_itself_waits_for_in_vain_is_spared() throws Exception {
        try (RawServer server = new RawServer((wires, number) -> {
            while (true) {
                ByteBuffer request = wires.request();
                if (request.get(6) == 4) {
                    // As long as this gateway waits for the unit, nobody else is answered.
                    TimeUnit.MILLISECONDS.sleep(200);
                    wires.send(request, "TTTT 0000 0003 UU 83 0b");
                } else {
                    wires.answer(request);
                }
            }
        }); ModbusClient client = new ModbusClient()) {
            List<Link> links = new ArrayList<>();
            for (int unit = 1; unit <= 10; unit++) {
                links.add(client.open(Endpoint.Tcp.plain("127.0.0.1", server.port()), SETTINGS, state -> { }));
            }
            for (int round = 0; round < 40; round++) {
                List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
                for (int unit = 1; unit <= 10; unit++) {
                    outcomes.add(ask(links.get(unit - 1), unit, 100 + unit, unit == 4 ? TIMEOUT : LONG));
                }
                for (int unit = 1; unit <= 10; unit++) {
                    Outcome outcome = Outcome.get(outcomes.get(unit - 1));
                    if (unit == 4) {
                        assertThat(outcome.failure().reason()).isIn(Reason.REJECTED, Reason.TIMEOUT);
                    } else {
                        assertThat(outcome.first()).isEqualTo(100 + unit);
                    }
                }
            }
            assertThat(links.get(3).traffic().skipped()).isGreaterThan(30);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void a_silent_unit_whose_device_is_replaced_while_it_is_probed_is_asked_again() throws Exception {
        try (RawServer server = new RawServer((wires, number) -> {
            while (true) {
                ByteBuffer request = wires.request();
                if (request.get(6) == 1) {
                    // So slow that a probe of the other unit lasts for a while.
                    TimeUnit.MILLISECONDS.sleep(30);
                    wires.answer(request);
                }
            }
        }); ModbusClient client = new ModbusClient()) {
            Endpoint endpoint = Endpoint.Tcp.plain("127.0.0.1", server.port());
            Link live = client.open(endpoint, SETTINGS, state -> { });
            assertThat(Outcome.get(ask(live, 1, 5, LONG)).first()).isEqualTo(5);
            try (Link silent = client.open(endpoint, SETTINGS, state -> { })) {
                assertThat(Outcome.get(ask(silent, 4, 1, TIMEOUT)).failure().reason()).isEqualTo(Reason.TIMEOUT);
            }
            for (int round = 0; round < 3; round++) {
                try (Link silent = client.open(endpoint, SETTINGS, state -> { })) {
                    Await.until("it is asked", () -> {
                        ask(silent, 4, 1, TIMEOUT);
                        return silent.traffic().requests() > 0;
                    });
                }
            }
            assertThat(Outcome.get(ask(live, 1, 6, LONG)).first()).isEqualTo(6);
        }
    }

    // ------------------------------------------------------------------------------------- frames without a header

    private static Link rtu(ModbusClient client, int port) {
        return client.open(new Endpoint.Tcp("127.0.0.1", port, Framing.RTU, Optional.empty()), SETTINGS, state -> { });
    }

    /** A request of eight bytes, and the right answer to it: the address. */
    private static byte[] answer(RawServer.Wires wires) throws Exception {
        byte[] request = wires.bytes(8);
        return RtuSlaves.withCrc(new byte[] {request[0], request[1], 2, request[2], request[3]});
    }

    @Test
    void answers_in_fragments_are_put_together() throws Exception {
        try (RawServer server = new RawServer((wires, number) -> {
            while (true) {
                for (byte octet : answer(wires)) {
                    wires.send(new byte[] {octet});
                    TimeUnit.MILLISECONDS.sleep(2);
                }
            }
        }); ModbusClient client = new ModbusClient()) {
            Link link = rtu(client, server.port());
            for (int i = 0; i < 5; i++) {
                assertThat(Outcome.get(ask(link, 1, 700 + i, LONG)).first()).isEqualTo(700 + i);
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void an_answer_that_is_damaged_or_of_nobody_is_never_believed_and_the_next_connection_is_clean() throws Exception {
        List<byte[]> lies = List.of(new byte[] {1, 3, 2, 0, 7, 0, 0}, RtuSlaves.withCrc(new byte[] {2, 3, 2, 0, 7}),
            RtuSlaves.withCrc(new byte[] {1, 4, 2, 0, 7}), RtuSlaves.withCrc(new byte[] {1, 3, 4, 0, 7, 0, 8}),
            RtuSlaves.withCrc(new byte[] {1, 99, 2, 0, 7}), RtuSlaves.withCrc(new byte[] {1, (byte) 0x83, 0}));
        try (RawServer server = new RawServer((wires, number) -> {
            byte[] right = answer(wires);
            wires.send(number <= lies.size() ? lies.get(number - 1) : right);
            wires.silence();
        }); ModbusClient client = new ModbusClient()) {
            Link link = rtu(client, server.port());
            for (int i = 0; i < lies.size(); i++) {
                Outcome outcome = Outcome.get(ask(link, 1, 7 + 256, TIMEOUT));
                assertThat(outcome.failure()).as(Arrays.toString(lies.get(i))).isNotNull();
                assertThat(outcome.failure().reason()).isIn(Reason.MALFORMED, Reason.TIMEOUT, Reason.NOT_CONNECTED);
                int connections = i + 2;
                Await.until("a new connection", () -> server.accepted() >= connections);
            }
            Await.until("a right answer", () -> Outcome.get(ask(link, 1, 9, LONG)).first() == 9);
            assertThat(server.accepted()).isGreaterThan(lies.size());
        }
    }

    @Test
    void a_late_answer_does_not_become_the_value_of_the_next_request() throws Exception {
        CountDownLatch givenUp = new CountDownLatch(1);
        try (RawServer server = new RawServer((wires, number) -> {
            byte[] right = answer(wires);
            if (number == 1) {
                assertThat(givenUp.await(10, TimeUnit.SECONDS)).isTrue();
            }
            wires.send(right);
            while (true) {
                wires.send(answer(wires));
            }
        }); ModbusClient client = new ModbusClient()) {
            Link link = rtu(client, server.port());
            CompletableFuture<Outcome> late = ask(link, 1, 5, TIMEOUT);
            CompletableFuture<Outcome> next = ask(link, 1, 6, LONG);

            assertThat(Outcome.get(late).failure()).isNotNull();
            givenUp.countDown();
            Outcome outcome = Outcome.get(next);
            assertThat(outcome.failure() != null || outcome.first() == 6).isTrue();
            Await.until("it is read on a new connection", () -> Outcome.get(ask(link, 1, 8, LONG)).first() == 8);
            assertThat(server.accepted()).isGreaterThan(1);
        }
    }
}
