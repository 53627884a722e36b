// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.uplink.Delivery;
import edge.api.uplink.UplinkException;
import edge.api.uplink.UplinkException.Kind;
import edge.cloudconnector.support.Certificates;
import edge.cloudconnector.support.CuttingProxy;
import edge.cloudconnector.support.Mosquitto;
import edge.cloudconnector.support.Until;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What networks do to an uplink, and that it can always be closed. */
class MqttLinkTest extends MqttRig {

    @Test
    void an_unknown_host_is_named() throws Exception {
        uplink("no-such-host.invalid", 1883, Map.of());
        assertThat(refused()).hasMessageContaining("The host no-such-host.invalid is unknown")
            .extracting(UplinkException::kind).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void a_closed_port_is_named() throws Exception {
        int port = Mosquitto.freePort();
        uplink("127.0.0.1", port, Map.of());
        assertThat(refused()).hasMessageContaining("mqtt://127.0.0.1:" + port + " refuses the connection");
    }

    @Test
    void a_port_that_never_answers_is_given_up_within_the_connect_timeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            uplink("127.0.0.1", silent.getLocalPort(), Map.of("connectTimeout", 1));
            assertThat(refused()).hasMessageContaining("did not complete the login within 1 s");
            uplink("127.0.0.1", silent.getLocalPort(), Map.of("connectTimeout", 1, "tls", true));
            assertThat(refused()).extracting(UplinkException::kind).isEqualTo(Kind.UNREACHABLE);
        }
    }

    @Test
    void a_cut_is_told_once_and_fails_what_is_under_way() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder); CuttingProxy cable = new CuttingProxy(cloud.port())) {
            uplink("127.0.0.1", cable.port(), Map.of());
            open();
            cable.mode(CuttingProxy.Mode.STALL);
            CompletableFuture<List<Delivery>> under = send(10, 10);
            cable.mode(CuttingProxy.Mode.CUT);
            assertThat(lost()).hasMessageContaining("The connection to mqtt://127.0.0.1:" + cable.port() + " was lost");
            assertThatThrownBy(() -> await(under)).hasCauseInstanceOf(UplinkException.class);
            assertThatThrownBy(() -> await(send(1, 1))).hasCauseInstanceOf(UplinkException.class);
        }
    }

    @Test
    void a_half_open_connection_is_found_by_the_acknowledgement_that_does_not_come() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder); CuttingProxy cable = new CuttingProxy(cloud.port())) {
            uplink("127.0.0.1", cable.port(), Map.of("ackTimeout", 2, "keepAlive", 60));
            open();
            await(send(10, 10));
            cable.mode(CuttingProxy.Mode.STALL);
            CompletableFuture<List<Delivery>> under = send(10, 10);
            assertThat(lost()).hasMessageContaining("has acknowledged nothing for 2 s, with 10 messages under way");
            assertThat(under).isCompletedExceptionally();
        }
    }

    @Test
    void an_idle_half_open_connection_is_found_by_the_probe() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder); CuttingProxy cable = new CuttingProxy(cloud.port())) {
            uplink("127.0.0.1", cable.port(), Map.of("keepAlive", 1));
            open();
            cable.mode(CuttingProxy.Mode.STALL);
            assertThat(lost()).hasMessageContaining("did not answer the probe within 1 s");
        }
    }

    @Test
    void a_slow_link_that_makes_progress_is_not_taken_for_broken() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder); CuttingProxy cable = new CuttingProxy(cloud.port())) {
            uplink("127.0.0.1", cable.port(), Map.of("ackTimeout", 2));
            open();
            cable.delay(Duration.ofMillis(100));
            long begin = System.nanoTime();
            // 16 KiB are passed on every 100 ms: more than three seconds in all.
            await(send(125, 4000));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(2));
            assertThat(broken).isNotDone();
        }
    }

    @Test
    void it_closes_at_once_even_when_its_writer_is_stuck_in_the_socket() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "localhost", 1);
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"));
            CuttingProxy cable = new CuttingProxy(cloud.port())) {
            uplink("localhost", cable.port(), Map.of("tls", true, "caFile", "ca.pem"));
            open();
            cable.mode(CuttingProxy.Mode.STALL);
            CompletableFuture<List<Delivery>> under = send(125, 200_000);
            Until.holds(PATIENCE, MqttRig::threads, () -> Thread.getAllStackTraces().entrySet().stream()
                .anyMatch(entry -> entry.getKey().getName().contains("client-under-test")
                    && List.of(entry.getValue()).toString().contains("NioSocketImpl.implWrite")));
            uplink.close();
            assertThat(under).isCompletedExceptionally();
            assertNoThreads();
        }
    }

    @Test
    void it_closes_at_once_while_it_is_connecting() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            uplink("127.0.0.1", silent.getLocalPort(), Map.of("connectTimeout", 60));
            CompletableFuture<Void> opening = uplink.open(broken::complete).toCompletableFuture();
            Until.holds(PATIENCE, MqttRig::threads,
                () -> threads().stream().anyMatch(name -> name.startsWith("MQTT Rec")));
            uplink.close();
            assertThat(opening).isCompletedExceptionally();
            assertNoThreads();
        }
    }

    @Test
    void a_peer_that_accepts_and_resets_at_once_leaves_no_thread() throws Exception {
        try (CuttingProxy cable = new CuttingProxy(1)) {
            cable.mode(CuttingProxy.Mode.CUT);
            for (int round = 0; round < 3; round++) {
                uplink("127.0.0.1", cable.port(), Map.of());
                assertThat(refused()).extracting(UplinkException::kind).isEqualTo(Kind.UNREACHABLE);
                uplink.close();
                assertNoThreads();
            }
        }
    }

    @Test
    void it_can_be_opened_again_and_again() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of());
            for (int round = 0; round < 3; round++) {
                open();
                await(send(3, 3));
                uplink.close();
                uplink.close();
                assertNoThreads();
            }
            assertThat(broken).isNotDone();
        }
    }
}
