// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality.Reason;
import edge.drivers.modbus.Await;
import edge.drivers.modbus.codec.Framing;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RTU on a real serial port of the kernel, with units that answer, keep silent, or send what they should not. */
class SerialBusTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    /** For units that answer: a busy machine must not pass it. */
    private static final Duration LONG = Duration.ofSeconds(8);
    private static final SerialLine LINE = new SerialLine(Framing.RTU, 115_200, 8, SerialLine.Parity.EVEN, 1, SerialLine.Rs485.OFF,
        Duration.ofMillis(30), 1);

    @TempDir
    Path folder;

    private Pty pty;
    private RtuSlaves slaves;
    private ModbusClient client;

    @BeforeEach
    void start() throws Exception {
        pty = new Pty(folder);
        slaves = new RtuSlaves(pty.theirs(), Set.of(1, 2, 3));
        client = new ModbusClient();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        pty.close();
        slaves.close();
        Await.until("the port's thread ends", () ->
            Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("edge-modbus-ours")));
    }

    private Link open(SerialLine line, AtomicReference<LinkState> state) {
        return client.open(new Endpoint.Serial(pty.ours(), line),
            new LinkSettings(Duration.ofSeconds(1), 1, 64, Duration.ofMillis(20), Duration.ofMillis(100)), state::set);
    }

    private Link open() {
        return open(LINE, new AtomicReference<>());
    }

    private static CompletableFuture<Outcome> ask(Link link, int unit, int address, Duration timeout) {
        return Outcome.of(link, Request.read(unit, Table.HOLDING, address, 1), timeout);
    }

    private static Outcome read(Link link, int unit, int address) throws Exception {
        return Outcome.get(ask(link, unit, address, LONG));
    }

    private static boolean isRead(Link link, int unit, int address) throws Exception {
        return Outcome.get(ask(link, unit, address, TIMEOUT)).first() == address;
    }

    @Test
    void units_on_one_port_share_a_thread_and_are_asked_one_after_the_other() throws Exception {
        AtomicInteger open = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        slaves.behave((request, right) -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            TimeUnit.MILLISECONDS.sleep(5);
            open.decrementAndGet();
            return List.of(right);
        });
        List<Link> links = List.of(open(), open(), open());
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int round = 0; round < 10; round++) {
            for (int unit = 1; unit <= 3; unit++) {
                outcomes.add(Outcome.of(links.get(unit - 1), Request.read(unit, Table.HOLDING, 100 * unit + round, 125 - round), LONG));
            }
        }
        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(Outcome.get(outcomes.get(i)).first()).isEqualTo(100 * (i % 3 + 1) + i / 3);
        }
        assertThat(most).hasValue(1);
        assertThat(Thread.getAllStackTraces().keySet()).filteredOn(t -> t.getName().equals("edge-modbus-ours")).hasSize(1);
        assertThat(links.get(0).traffic().answers()).isEqualTo(10);
        links.forEach(Link::close);
    }

    @Test
    void a_damaged_answer_is_asked_for_again_and_never_believed() throws Exception {
        AtomicInteger count = new AtomicInteger();
        slaves.behave((request, right) -> {
            right[4] ^= (byte) (count.incrementAndGet() % 2 == 1 ? 0x10 : 0);
            return List.of(right);
        });
        Link link = open();
        for (int i = 0; i < 5; i++) {
            assertThat(read(link, 1, 7 + i).first()).isEqualTo(7 + i);
        }
        assertThat(link.traffic().malformed()).isEqualTo(5);
        assertThat(link.traffic().requests()).isEqualTo(10);

        slaves.behave((request, right) -> {
            right[right.length - 1]++;
            return List.of(right);
        });
        Failure failure = read(link, 1, 7).failure();
        assertThat(failure.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(failure.text()).contains("checksum");
    }

    @Test
    void noise_before_behind_and_inside_answers_is_never_a_value_and_soon_over() throws Exception {
        Link link = open();
        byte[] noise = {0x55, 0, (byte) 0xff, 1, 3, 2};
        List<RtuSlaves.Behaviour> behaviours = List.of((request, right) -> List.of(noise, right),
            (request, right) -> List.of(right, noise), (request, right) -> List.of(noise),
            (request, right) -> List.of(Arrays.copyOf(right, 4)), (request, right) -> List.of(new byte[300]));
        for (RtuSlaves.Behaviour bad : behaviours) {
            slaves.behave(bad);
            Outcome outcome = Outcome.get(ask(link, 1, 9, TIMEOUT));
            assertThat(outcome.failure() != null || outcome.first() == 9).isTrue();
            slaves.behave((request, right) -> List.of(right));
            assertThat(read(link, 1, 11).first()).isEqualTo(11);
        }
    }

    @Test
    void an_answer_that_comes_too_late_is_not_taken_for_the_next_one() throws Exception {
        Link link = open();
        read(link, 2, 1);
        CountDownLatch givenUp = new CountDownLatch(1);
        slaves.behave((request, right) -> {
            if (request[0] == 1) {
                assertThat(givenUp.await(10, TimeUnit.SECONDS)).isTrue();
            }
            return List.of(right);
        });
        // Unit 1 has not answered before: no second try. Its answer arrives while unit 2 is asked.
        CompletableFuture<Outcome> late = ask(link, 1, 5, TIMEOUT);
        CompletableFuture<Outcome> next = ask(link, 2, 6, LONG);

        assertThat(Outcome.get(late).failure().reason()).isEqualTo(Reason.TIMEOUT);
        givenUp.countDown();
        assertThat(Outcome.get(next).first()).isEqualTo(6);
    }

    @Test
    void an_answer_of_another_unit_does_not_count() throws Exception {
        Link link = open();
        slaves.behave((request, right) -> {
            byte[] other = Arrays.copyOf(right, right.length - 2);
            other[0] = 3;
            other[4] = 99;
            return List.of(RtuSlaves.withCrc(other), right);
        });
        assertThat(read(link, 1, 4).first()).isEqualTo(4);
    }

    @Test
    void a_broadcast_is_written_without_an_answer_and_followed_by_a_pause() throws Exception {
        Link link = open();
        long before = System.nanoTime();
        Outcome outcome = Outcome.get(Outcome.of(link, Request.writeRegister(0, 3, 500), LONG));

        assertThat(outcome.failure()).isNull();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(LINE.turnaround());
        assertThat(read(link, 1, 2).first()).isEqualTo(2);
        assertThat(slaves.requests()).containsExactly("0006000301f4", "010300020001");
    }

    @Test
    void a_port_that_is_unplugged_comes_back_by_itself() throws Exception {
        AtomicReference<LinkState> state = new AtomicReference<>();
        Link link = open(LINE, state);
        assertThat(read(link, 1, 2).first()).isEqualTo(2);

        pty.unplug();
        slaves.close();
        Await.until("the loss is noticed", () ->
            Outcome.get(ask(link, 1, 2, TIMEOUT)).failure().reason() == Reason.NOT_CONNECTED);
        Await.until("it says so", () -> state.get().phase() == Phase.DISCONNECTED);
        assertThat(state.get().detail()).contains(pty.ours()).contains("; attempt ");

        pty.plugIn();
        slaves = new RtuSlaves(pty.theirs(), Set.of(1));
        Await.until("it is read again", () -> isRead(link, 1, 2));
        assertThat(state.get().phase()).isEqualTo(Phase.CONNECTED);
    }

    @Test
    void a_device_that_ends_while_it_waits_does_not_keep_its_thread() throws Exception {
        Link link = open();
        slaves.behave((request, right) -> List.of());
        CompletableFuture<Outcome> outcome =
            Outcome.of(link, Request.read(1, Table.HOLDING, 0, 1), Duration.ofSeconds(30));
        Await.until("it is asked", () -> !slaves.requests().isEmpty());

        link.close();

        assertThat(Outcome.get(outcome).failure().reason()).isEqualTo(Reason.PAUSED);
    }

    @Test
    void a_device_with_other_settings_is_told_so_and_gets_the_port_when_it_is_free() throws Exception {
        AtomicReference<LinkState> state = new AtomicReference<>();
        Link first = open();
        assertThat(read(first, 1, 2).first()).isEqualTo(2);
        Link other = open(new SerialLine(Framing.RTU, 9600, 8, SerialLine.Parity.NONE, 2, SerialLine.Rs485.OFF, Duration.ZERO, 0),
            state);

        assertThat(read(other, 2, 3).failure().text()).contains("is in use").contains("same settings");
        assertThat(state.get().phase()).isEqualTo(Phase.DISCONNECTED);
        assertThat(read(first, 1, 2).first()).isEqualTo(2);

        first.close();
        Await.until("the second has the port", () -> isRead(other, 2, 3));
    }
}
