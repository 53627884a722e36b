// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.LinkState;
import edge.api.device.Quality.Reason;
import edge.drivers.modbus.Await;
import edge.drivers.modbus.ClosedPort;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever the other side does: never a wrong value, always a reason, and the next request goes over a clean connection. */
class MisbehavingServerTest {
    private static final Duration LONG = Duration.ofSeconds(8);
    private static final Duration SHORT = Duration.ofMillis(60);
    /** Long enough for the beginning of an answer to arrive on a busy machine before the rest of it is given up. */
    private static final Duration MEDIUM = Duration.ofSeconds(2);
    private static final Request REQUEST = Request.read(1, Table.HOLDING, 77, 1);

    private final AtomicReference<LinkState> state = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private ModbusClient client;
    private RawServer server;

    @BeforeEach
    void start() throws Exception {
        client = new ModbusClient();
    }

    @AfterEach
    void stop() throws Exception {
        done.countDown();
        client.close();
        if (server != null) {
            server.close();
        }
    }

    private Link link(RawServer.Script script) throws IOException {
        return link(script, 1);
    }

    private Link link(RawServer.Script script, int inFlight) throws IOException {
        server = new RawServer(script);
        return open(server.port(), inFlight);
    }

    private Link open(int port, int inFlight) {
        return client.open(Endpoint.Tcp.plain("127.0.0.1", port), new LinkSettings(Duration.ofSeconds(5), inFlight, 64, Duration.ofMillis(20),
            Duration.ofMillis(40)), state::set);
    }

    private static Outcome ask(Link link, Duration timeout) throws Exception {
        return Outcome.get(Outcome.of(link, REQUEST, timeout));
    }

    /** Asks until there is a value; what comes before must be failures for want of a connection. */
    private static void recovers(Link link) throws Exception {
        Await.until("a value comes over a clean connection", () -> {
            Outcome outcome = ask(link, LONG);
            if (outcome.failure() == null) {
                assertThat(outcome.first()).isEqualTo(77);
                return true;
            }
            assertThat(outcome.failure().reason()).isEqualTo(Reason.NOT_CONNECTED);
            return false;
        });
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        another transaction,       4711 0000 0005 01 03 02 0bad,         transaction id 18193
        another protocol,          TTTT 0001 0005 01 03 02 0bad,         protocol id 1
        another unit,              TTTT 0000 0005 02 03 02 0bad,         answer of unit 2 instead of 1
        another function,          TTTT 0000 0005 01 04 02 0bad,         function code 4 instead of 3
        another exception,         TTTT 0000 0003 01 84 02,              function code 132 instead of 3
        a length of zero,          TTTT 0000 0000 01 03 02 0bad,         length 0
        a length beyond a frame,   TTTT 0000 0100 01 03 02 0bad,         length 256
        a byte count too small,    TTTT 0000 0005 01 03 01 0bad,         byte count 1
        a byte count too great,    TTTT 0000 0005 01 03 04 0bad,         byte count 4
        fewer registers,           TTTT 0000 0003 01 03 00,              byte count 0
        more registers,            TTTT 0000 0007 01 03 04 0bad 0bad,    byte count 4
        text,                      48 54 54 50 2f 31 2e 31 20 34 30 30,  protocol id 21584
        """)
    void a_malformed_answer_fails_with_its_reason_and_the_next_one_is_right(String what, String bytes, String reason)
        throws Exception {
        Link link = link((wires, number) -> {
            if (number == 1) {
                wires.send(wires.request(), bytes);
                wires.silence();
            }
            wires.behave();
        });

        Outcome outcome = ask(link, LONG);

        assertThat(outcome.failure()).as(what).isNotNull();
        assertThat(outcome.failure().reason()).isEqualTo(Reason.MALFORMED);
        assertThat(outcome.failure().text()).contains(reason);
        recovers(link);
        assertThat(server.accepted()).isEqualTo(2);
    }

    @Test
    void an_exception_is_a_refusal_and_the_connection_stays() throws Exception {
        Link link = link((wires, number) -> {
            wires.send(wires.request(), "TTTT 0000 0003 UU 83 04");
            wires.behave();
        });

        Failure failure = ask(link, LONG).failure();

        assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
        assertThat(failure.exceptionCode()).isEqualTo(4);
        assertThat(failure.text()).startsWith("exception 04 (server device failure)");
        assertThat(ask(link, LONG).first()).isEqualTo(77);
        assertThat(server.accepted()).isEqualTo(1);
    }

    @Test
    void an_answer_that_comes_byte_by_byte_is_taken() throws Exception {
        Link link = link((wires, number) -> {
            while (true) {
                ByteBuffer request = wires.request();
                for (byte octet : RawServer.Wires.bytes(request, "TTTT 0000 0005 UU 03 02 004d")) {
                    wires.send(new byte[] {octet});
                    TimeUnit.MILLISECONDS.sleep(2);
                }
            }
        });

        assertThat(ask(link, LONG).first()).isEqualTo(77);
        assertThat(ask(link, LONG).first()).isEqualTo(77);
        assertThat(server.accepted()).isEqualTo(1);
    }

    @Test
    void bytes_behind_an_answer_end_the_connection_but_not_the_answer() throws Exception {
        Link link = link((wires, number) -> {
            if (number == 1) {
                wires.send(wires.request(), "TTTT 0000 0005 UU 03 02 004d ffff");
                wires.silence();
            }
            wires.behave();
        });

        assertThat(ask(link, LONG).first()).isEqualTo(77);
        Await.until("a clean connection is made", () -> server.accepted() == 2);
        recovers(link);
    }

    @Test
    void a_second_answer_to_one_request_is_never_taken_for_the_next() throws Exception {
        Link link = link((wires, number) -> {
            if (number == 1) {
                ByteBuffer request = wires.request();
                wires.send(request, "TTTT 0000 0005 UU 03 02 004d TTTT 0000 0005 UU 03 02 0bad");
                wires.silence();
            }
            wires.behave();
        });

        assertThat(ask(link, LONG).first()).isEqualTo(77);
        recovers(link);
        assertThat(server.accepted()).isEqualTo(2);
    }

    @Test
    void a_late_answer_is_dropped_and_the_connection_stays() throws Exception {
        Link link = link((wires, number) -> {
            ByteBuffer late = wires.request();
            ByteBuffer next = wires.request();
            wires.send(late, "TTTT 0000 0005 UU 03 02 0bad");
            wires.answer(next);
            wires.behave();
        });

        assertThat(ask(link, SHORT).failure().reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(ask(link, LONG).first()).isEqualTo(77);
        assertThat(ask(link, LONG).first()).isEqualTo(77);
        assertThat(server.accepted()).isEqualTo(1);
    }

    @Test
    void silence_is_a_time_out_and_after_two_the_connection_is_taken_for_dead() throws Exception {
        Link link = link((wires, number) -> {
            if (number == 1) {
                wires.silence();
            }
            wires.behave();
        });

        Failure failure = ask(link, SHORT).failure();
        assertThat(failure).isEqualTo(Failure.of(Reason.TIMEOUT, "no answer within 60 ms"));
        assertThat(ask(link, SHORT).failure().reason()).isEqualTo(Reason.TIMEOUT);
        recovers(link);
        assertThat(server.accepted()).isEqualTo(2);
    }

    @Test
    void a_silent_unit_costs_the_others_on_the_connection_nothing_but_its_time_outs() throws Exception {
        Link link = link((wires, number) -> {
            while (true) {
                ByteBuffer request = wires.request();
                if (request.get(6) != 9) {
                    wires.answer(request);
                }
            }
        });

        for (int i = 0; i < 5; i++) {
            assertThat(ask(link, LONG).first()).isEqualTo(77);
            CompletableFuture<Outcome> silent = Outcome.of(link, Request.read(9, Table.HOLDING, 77, 1), SHORT);
            assertThat(Outcome.get(silent).failure().reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(Outcome.get(Outcome.of(link, Request.read(9, Table.HOLDING, 77, 1), SHORT)).failure().reason())
                .isEqualTo(Reason.TIMEOUT);
        }
        assertThat(server.accepted()).isEqualTo(1);
    }

    @Test
    void an_answer_that_stops_in_the_middle_is_a_time_out_and_ends_the_connection() throws Exception {
        Link link = link((wires, number) -> {
            if (number == 1) {
                wires.send(wires.request(), "TTTT 0000 0005 UU 03");
                wires.silence();
            }
            wires.behave();
        });

        assertThat(ask(link, MEDIUM).failure().reason()).isEqualTo(Reason.TIMEOUT);
        recovers(link);
        assertThat(server.accepted()).isEqualTo(2);
    }

    @Test
    void a_connection_that_is_closed_in_the_middle_of_an_answer_fails_and_is_made_anew() throws Exception {
        Link link = link((wires, number) -> {
            ByteBuffer request = wires.request();
            if (number == 1) {
                wires.send(request, "TTTT 0000 0005 UU 03");
                return;
            }
            wires.answer(request);
            wires.behave();
        });

        Failure failure = ask(link, LONG).failure();
        assertThat(failure.reason()).isEqualTo(Reason.NOT_CONNECTED);
        assertThat(failure.text()).contains("the device has closed the connection");
        recovers(link);
    }

    @Test
    void a_connection_that_the_device_closes_when_idle_is_renewed_before_the_next_request() throws Exception {
        Link link = link((wires, number) -> wires.answer(wires.request()));

        for (int i = 1; i <= 5; i++) {
            assertThat(ask(link, LONG).first()).isEqualTo(77);
            int next = i + 1;
            Await.until("the connection is made anew", () -> server.accepted() == next);
        }
    }

    @Test
    void a_refused_connection_is_told_and_tried_again_until_somebody_listens() throws Exception {
        ClosedPort port = new ClosedPort(0);
        Link link = open(port.port(), 1);
        Await.until("the refusal is seen", () -> state.get() != null
            && state.get().phase() == LinkState.Phase.DISCONNECTED);

        Failure failure = ask(link, LONG).failure();
        assertThat(failure.reason()).isEqualTo(Reason.NOT_CONNECTED);
        assertThat(failure.text()).contains("connection refused").containsPattern("; attempt [0-9]+ at 20.*Z");

        port.close();
        server = new RawServer(port.port(), (wires, number) -> wires.behave());
        recovers(link);
        assertThat(state.get().phase()).isEqualTo(LinkState.Phase.CONNECTED);
        assertThat(state.get().detail()).isEmpty();
    }

    @Test
    void an_unknown_host_is_told() throws Exception {
        Link link = client.open(Endpoint.Tcp.plain("no-such-host.invalid", 502), new LinkSettings(Duration.ofMillis(500), 1, 64,
            Duration.ofMillis(20), Duration.ofMillis(40)), state::set);

        Failure failure = ask(link, LONG).failure();

        assertThat(failure.reason()).isEqualTo(Reason.NOT_CONNECTED);
        assertThat(failure.text()).containsAnyOf("the host name 'no-such-host.invalid' is unknown",
            "the name server has not told the address of 'no-such-host.invalid' within 500 ms");
    }

    @Test
    void a_device_that_talks_rubbish_forever_is_asked_less_and_less() throws Exception {
        Link link = link((wires, number) -> {
            wires.send(wires.request(), "ffff ffff ffff ffff ffff");
            wires.silence();
        });

        Await.until("it waits between attempts", () -> {
            ask(link, LONG);
            return state.get().phase() == LinkState.Phase.DISCONNECTED && state.get().detail().contains("malformed");
        });
    }

    @Test
    void with_many_in_flight_answers_in_another_order_find_their_requests() throws Exception {
        Link link = link((wires, number) -> {
            while (true) {
                List<ByteBuffer> requests = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    requests.add(wires.request());
                }
                for (int i = 7; i >= 0; i--) {
                    wires.answer(requests.get(i));
                }
            }
        }, 8);

        for (int round = 0; round < 20; round++) {
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                outcomes.add(Outcome.of(link, Request.read(1, Table.HOLDING, 100 + i, 1), LONG));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(Outcome.get(outcomes.get(i)).first()).isEqualTo(100 + i);
            }
        }
    }

    @Test
    void never_more_than_allowed_are_in_flight_and_too_many_waiting_fail_at_once() throws Exception {
        Link link = link((wires, number) -> {
            ByteBuffer first = wires.request();
            assertThat(done.await(8, TimeUnit.SECONDS)).isTrue();
            wires.answer(first);
            wires.behave();
        });
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        outcomes.add(Outcome.of(link, REQUEST, LONG));
        Await.until("the first is sent", () -> state.get() != null && state.get().phase() == LinkState.Phase.CONNECTED);
        for (int i = 0; i < 100; i++) {
            outcomes.add(Outcome.of(link, REQUEST, LONG));
        }
        Failure failure = Outcome.get(outcomes.get(100)).failure();
        done.countDown();

        assertThat(failure.reason()).isEqualTo(Reason.TIMEOUT);
        assertThat(failure.text()).contains("64 requests are waiting already");
        int answered = 0;
        for (CompletableFuture<Outcome> outcome : outcomes) {
            answered += Outcome.get(outcome).failure() == null ? 1 : 0;
        }
        assertThat(answered).isBetween(64, 65);
    }

    @Test
    void closing_a_link_fails_what_is_outstanding_and_leaves_the_others_alone() throws Exception {
        Link one = link((wires, number) -> {
            ByteBuffer first = wires.request();
            done.countDown();
            ByteBuffer second = wires.request();
            wires.send(first, "TTTT 0000 0005 UU 03 02 0bad");
            wires.answer(second);
            wires.behave();
        });
        Link other = open(server.port(), 1);
        CompletableFuture<Outcome> inFlight = Outcome.of(one, REQUEST, LONG);
        CompletableFuture<Outcome> queued = Outcome.of(one, REQUEST, LONG);
        CompletableFuture<Outcome> others = Outcome.of(other, REQUEST, LONG);
        assertThat(done.await(8, TimeUnit.SECONDS)).isTrue();

        one.close();

        assertThat(inFlight.getNow(null).failure()).isEqualTo(Failure.PAUSED);
        assertThat(queued.getNow(null).failure()).isEqualTo(Failure.PAUSED);
        assertThat(Outcome.get(others).first()).isEqualTo(77);
        assertThat(ask(one, LONG).failure()).isEqualTo(Failure.PAUSED);
        assertThat(ask(other, LONG).first()).isEqualTo(77);
        assertThat(server.accepted()).isEqualTo(1);
    }

    @Test
    void a_closed_client_answers_paused_and_leaves_no_thread() throws Exception {
        Link link = link((wires, number) -> wires.silence());
        CompletableFuture<Outcome> outstanding = Outcome.of(link, REQUEST, LONG);

        client.close();

        assertThat(outstanding.getNow(null).failure()).isEqualTo(Failure.PAUSED);
        assertThat(Outcome.of(link, REQUEST, LONG).getNow(null).failure()).isEqualTo(Failure.PAUSED);
        Await.until("the thread ends", () ->
            Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("edge-modbus")));
    }

    @Test
    void a_handler_that_throws_harms_nobody() throws Exception {
        Link link = link((wires, number) -> wires.behave());
        link.submit(REQUEST, LONG, new ResponseHandler() {
            @Override
            public void answered(Request request, ByteBuffer data, int start) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void failed(Request request, Failure failure) {
                throw new IllegalStateException("on purpose");
            }
        });

        assertThat(ask(link, LONG).first()).isEqualTo(77);
        assertThat(server.accepted()).isEqualTo(1);
    }
}
