// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality.Reason;
import edge.drivers.modbus.Await;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Modbus in datagrams with a device that answers, answers wrongly, keeps silent and is not there. */
class DatagramTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int ANSWER = 11;
    private static final Duration SHORT = Duration.ofMillis(100);

    private final AtomicReference<LinkState> state = new AtomicReference<>();
    private DatagramSocket device;
    private ModbusClient client;
    private Link link;

    @BeforeEach
    void start() throws Exception {
        device = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        device.setSoTimeout(10_000);
        client = new ModbusClient();
        link = client.open(new Endpoint.Udp("127.0.0.1", device.getLocalPort()),
            new LinkSettings(Duration.ofSeconds(1), 4, 64, Duration.ofMillis(20), Duration.ofMillis(40)), state::set);
    }

    @AfterEach
    void stop() {
        client.close();
        device.close();
    }

    private CompletableFuture<Outcome> ask(int address, Duration timeout) {
        return Outcome.of(link, Request.read(1, Table.HOLDING, address, 1), timeout);
    }

    private DatagramPacket take() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
        device.receive(packet);
        return packet;
    }

    /** The address that a request reads is the value of its answer. */
    private static byte[] answer(DatagramPacket request) {
        ByteBuffer in = ByteBuffer.wrap(request.getData());
        return ByteBuffer.allocate(ANSWER).putShort(in.getShort(0)).putShort((short) 0).putShort((short) 5).put((byte) 1).put((byte) 3)
            .put((byte) 2).putShort(in.getShort(8)).array();
    }

    private void send(byte[] bytes, DatagramPacket to) throws IOException {
        device.send(new DatagramPacket(bytes, bytes.length, to.getSocketAddress()));
    }

    @Test
    void each_request_is_a_datagram_and_answers_may_come_in_any_order() throws Exception {
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            outcomes.add(ask(70 + i, LONG));
        }
        List<DatagramPacket> requests = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            requests.add(take());
            assertThat(requests.get(i).getLength()).isEqualTo(12);
        }
        for (int i = 3; i >= 0; i--) {
            send(answer(requests.get(i)), requests.get(i));
        }
        for (int i = 0; i < 4; i++) {
            assertThat(Outcome.get(outcomes.get(i)).first()).isEqualTo(70 + i);
        }
    }

    @Test
    void a_lost_datagram_costs_its_own_request_and_a_late_one_is_dropped() throws Exception {
        CompletableFuture<Outcome> lost = ask(5, SHORT);
        DatagramPacket request = take();
        assertThat(Outcome.get(lost).failure().reason()).isEqualTo(Reason.TIMEOUT);
        for (int i = 0; i < 3; i++) {
            assertThat(Outcome.get(ask(6, SHORT)).failure().reason()).isEqualTo(Reason.TIMEOUT);
            take();
        }
        assertThat(state.get().phase()).as("there is no connection that could be lost").isEqualTo(Phase.CONNECTED);

        CompletableFuture<Outcome> next = ask(7, LONG);
        DatagramPacket second = take();
        assertThat(second.getSocketAddress()).as("the same socket").isEqualTo(request.getSocketAddress());
        send(answer(request), request);
        send(answer(second), second);
        assertThat(Outcome.get(next).first()).isEqualTo(7);
    }

    /** The device answers each request, with so many bytes of the right answer. */
    private void answerWith(AtomicInteger bytes) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    DatagramPacket request = take();
                    send(Arrays.copyOf(answer(request), bytes.get()), request);
                }
            } catch (IOException e) {
                // The socket is closed: that is how this ends.
            }
        }, "datagram-device");
        thread.setDaemon(true);
        thread.start();
    }

    private void recovers(int address) throws Exception {
        Await.until("it is read again", () -> {
            Outcome outcome = Outcome.get(ask(address, LONG));
            assertThat(outcome.failure() == null || outcome.failure().reason() == Reason.NOT_CONNECTED).as("%s", outcome).isTrue();
            return outcome.first() == address;
        });
    }

    @Test
    void a_datagram_that_is_no_whole_frame_is_malformed_and_never_completed_by_the_next() throws Exception {
        AtomicInteger bytes = new AtomicInteger(ANSWER);
        answerWith(bytes);
        for (int length : new int[] {0, 3, 8, 10}) {
            bytes.set(length);
            assertThat(Outcome.get(ask(9, LONG)).failure().reason()).as("%d bytes", length).isEqualTo(Reason.MALFORMED);
            bytes.set(ANSWER);
            recovers(10);
        }
        bytes.set(ANSWER + 1);
        assertThat(Outcome.get(ask(11, LONG)).first()).as("with a byte behind").isEqualTo(11);
        bytes.set(ANSWER);
        recovers(12);
    }

    @Test
    void nobody_but_the_device_is_heard() throws Exception {
        CompletableFuture<Outcome> outcome = ask(11, LONG);
        DatagramPacket request = take();
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            byte[] forged = answer(request);
            forged[10] = 99;
            other.send(new DatagramPacket(forged, forged.length, request.getSocketAddress()));
        }
        send(answer(request), request);
        assertThat(Outcome.get(outcome).first()).isEqualTo(11);
    }

    @Test
    void a_port_on_which_nobody_listens_is_told_and_tried_again() throws Exception {
        int port = device.getLocalPort();
        device.close();
        Await.until("it says so", () -> {
            Outcome.get(ask(1, SHORT));
            return state.get().detail().contains("nothing listens there");
        });
        device = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        answerWith(new AtomicInteger(ANSWER));
        recovers(3);
    }
}
