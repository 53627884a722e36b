// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.journal.JournalRecord;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.api.uplink.Delivery;
import edge.api.uplink.Lane;
import edge.api.uplink.OutboundMessage;
import edge.api.uplink.UplinkException;
import edge.api.uplink.UplinkException.Kind;
import edge.cloudconnector.support.Certificates;
import edge.cloudconnector.support.CuttingProxy;
import edge.cloudconnector.support.Mosquitto;
import edge.cloudconnector.support.RabbitMq;
import edge.cloudconnector.support.TestGateway;
import edge.cloudconnector.support.Until;
import edge.cloudconnector.support.Watcher;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One uplink alone, against Debian's mosquitto and against what networks do. */
@TestMethodOrder(OrderAnnotation.class)
class MqttUplinkTest {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** It takes its time to start, while the other tests mostly wait. */
    private static CompletableFuture<RabbitMq> rabbit;

    @TempDir
    private Path folder;
    private final CompletableFuture<UplinkException> broken = new CompletableFuture<>();
    private MqttUplink uplink;

    @BeforeAll
    static void start_rabbitmq(@TempDir Path place) {
        rabbit = new CompletableFuture<>();
        Thread starter = new Thread(() -> {
            try {
                rabbit.complete(new RabbitMq(place));
            } catch (Throwable e) {
                rabbit.completeExceptionally(e);
            }
        }, "rabbitmq-starter");
        starter.setDaemon(true);
        starter.start();
    }

    @AfterAll
    static void stop_rabbitmq() throws Exception {
        Until.holds(RabbitMq.PATIENCE, () -> "RabbitMQ is still starting", rabbit::isDone);
        if (!rabbit.isCompletedExceptionally()) {
            rabbit.join().close();
        }
    }

    private static RabbitMq rabbit() throws Throwable {
        try {
            return rabbit.get(RabbitMq.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            // Among others: it is not installed, and the test is to be skipped.
            throw e.getCause();
        }
    }

    private MqttUplink uplink(String host, int port, Map<String, Object> more) {
        if (uplink != null) {
            uplink.close();
        }
        Map<String, Object> values = new HashMap<>(Map.of("host", host, "port", port, "tls", false, "user",
            Mosquitto.USER, "_password", Mosquitto.PASSWORD, "clientId", "client-under-test", "connectTimeout", 5));
        values.putAll(more);
        uplink = new MqttUplink(new TestGateway(folder), "cloud", Configs.of(values));
        return uplink;
    }

    private void open() throws Exception {
        uplink.open(broken::complete).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Opens, which must fail, and tells why. */
    private UplinkException refused() throws Exception {
        try {
            open();
        } catch (ExecutionException e) {
            return (UplinkException) e.getCause();
        }
        throw new AssertionError("it opened");
    }

    private UplinkException lost() throws Exception {
        return broken.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private CompletableFuture<List<Delivery>> send(int count, int bytes) {
        TestGateway gateway = new TestGateway(folder);
        List<OutboundMessage> batch = LongStream.rangeClosed(1, count).mapToObj(sequence -> {
            RecordKey key = new RecordKey(gateway.id(), StreamId.device("boiler"), 1, sequence);
            JournalRecord record = new JournalRecord.Stored(sequence, key, gateway.bootId(),
                gateway.scan("boiler", 1, gateway.now()));
            return new OutboundMessage(record, Lane.LIVE, new byte[bytes]);
        }).toList();
        return uplink.send(batch).toCompletableFuture();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).map(Thread::getName)
            .filter(name -> name.startsWith("edge-mqtt-") || name.contains("client-under-test")).toList();
    }

    /** A thread is still listed for an instant after it was waited for. */
    private static void assertNoThreads() throws Exception {
        Until.holds(PATIENCE, MqttUplinkTest::threads, () -> threads().isEmpty());
    }

    @AfterEach
    void no_thread_is_left() throws Exception {
        if (uplink != null) {
            long begin = System.nanoTime();
            uplink.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
            assertNoThreads();
        }
    }

    @Test
    void messages_are_accepted_when_the_cloud_has_acknowledged_them() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of());
            open();
            assertThat(threads()).isNotEmpty();
            assertThat(send(125, 100).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasSize(125)
                .containsOnly(Delivery.ACCEPTED);
            assertThat(broken).isNotDone();
        }
    }

    @Test
    void a_whole_window_at_once_is_never_too_much_for_paho() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of("window", 400));
            open();
            assertThat(uplink.window().batches() * uplink.window().messages()).isEqualTo(400);
            CompletableFuture<?> done = CompletableFuture.completedFuture(null);
            for (int round = 0; round < 20; round++) {
                List<CompletableFuture<List<Delivery>>> answers = new java.util.ArrayList<>();
                for (int batch = 0; batch < uplink.window().batches(); batch++) {
                    answers.add(send(uplink.window().messages(), 20));
                }
                done = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
                done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(broken).isNotDone();
        }
    }

    @Test
    void a_refused_login_names_the_user_and_never_the_password() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of("_password", "wrong-one"));
            assertThat(refused()).satisfies(why -> {
                assertThat(why.kind()).isEqualTo(Kind.REFUSED);
                assertThat(why.reason()).isEqualTo(
                    "mqtt://127.0.0.1:" + cloud.port() + " refuses the login of user 'plant-7' (MQTT return code 5)");
                assertThat(why.remedy()).contains("'user' and '.password'");
                assertThat(why.toString()).doesNotContain("wrong-one");
            });
            assertThat(broken).isNotDone();
        }
    }

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
    void tls_is_trusted_by_the_ca_file_and_the_host_name() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "localhost", 1);
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            open();
            assertThat(send(50, 1000).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).containsOnly(Delivery.ACCEPTED);
            assertThat(uplink.address()).isEqualTo("mqtts://localhost:" + cloud.port());
        }
    }

    @Test
    void a_certificate_for_another_host_is_refused() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "cloud.example", 1);
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertRefused("The certificate of mqtts://localhost:" + cloud.port() + " is for another host");
            uplink("127.0.0.1", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertRefused("The certificate of mqtts://127.0.0.1:" + cloud.port() + " is for another host");
        }
    }

    @Test
    void a_self_signed_certificate_and_one_of_an_unknown_ca_are_refused() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.selfSigned("server", "localhost");
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertRefused("The certificate of mqtts://localhost:" + cloud.port() + " is not trusted");
            uplink("localhost", cloud.port(), Map.of("tls", true));
            assertRefused("Name the PEM file of the CA that signed it in 'caFile'");
        }
    }

    @Test
    void an_expired_certificate_is_refused() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "localhost", -1);
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertRefused("The certificate of mqtts://localhost:" + cloud.port() + " has expired");
        }
    }

    @Test
    void a_revoked_certificate_is_refused_and_so_is_one_of_which_nobody_tells() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "localhost", 1);
        certificates.revocationList("20480101000000Z");
        Map<String, Object> checking = Map.of("tls", true, "caFile", "ca.pem", "crlFile", "ca.crl");
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), checking);
            open();
            uplink.close();
            certificates.revoke("server");
            certificates.revocationList("20480101000000Z");
            uplink("localhost", cloud.port(), checking);
            assertRefused("The certificate of mqtts://localhost:" + cloud.port() + " is revoked");
            certificates.revocationList("20240102000000Z");
            uplink("localhost", cloud.port(), checking);
            assertRefused("Nobody tells whether the certificate of mqtts://localhost:" + cloud.port() + " is revoked");
        }
    }

    @Test
    void a_clock_before_the_certificates_time_is_told_as_a_clock_that_is_wrong() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signedBetween("server", "localhost", "20480101000000Z", "20490101000000Z");
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertThat(refused()).satisfies(why -> {
                assertThat(why.reason()).startsWith("This gateway's clock is wrong, or the certificate of mqtts://localhost:");
                assertThat(why.remedy()).contains("Set the clock");
                // It heals by itself when the clock is set.
                assertThat(why.kind()).isEqualTo(Kind.UNREACHABLE);
            });
        }
    }

    @Test
    void a_probe_comes_back_from_a_broker_that_passes_messages_on() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of("probeTopic", "edge/{gatewayId}/probe"));
            open();
            for (int i = 0; i < 3; i++) {
                assertThat(uplink.probe().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            uplink("127.0.0.1", cloud.port(), Map.of());
            open();
            assertThat(uplink.probe().toCompletableFuture()).isCompletedWithValue(false);
        }
    }

    @Test
    void a_broker_that_accepts_and_forgets_is_found_by_the_probe() throws Exception {
        Path rules = Files.writeString(folder.resolve("acl"), "user " + Mosquitto.USER + "\ntopic write #\n");
        try (Mosquitto cloud = new Mosquitto(folder, "acl_file " + rules)) {
            uplink("127.0.0.1", cloud.port(), Map.of("probeTopic", "edge/probe", "ackTimeout", 1));
            open();
            assertThat(send(3, 10).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("it says that it has them")
                .containsOnly(Delivery.ACCEPTED);
            assertThatThrownBy(() -> uplink.probe().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasMessageContaining("accepts messages and does not pass them on");
        }
    }

    @Test
    void a_topic_that_the_targets_rules_forbid_is_acknowledged_as_if_it_were_taken_and_the_connection_stays() throws Exception {
        Path rules = Files.writeString(folder.resolve("acl"), "user " + Mosquitto.USER
            + "\ntopic readwrite edge/probe\ntopic read #\n");
        // With 0, which elsewhere means no limit, mosquitto closes the connection at a message that it does not take.
        try (Mosquitto cloud = new Mosquitto(folder, "acl_file " + rules, "max_queued_messages 100000");
            Watcher watcher = new Watcher(cloud.port(), "#")) {
            uplink("127.0.0.1", cloud.port(), Map.of("probeTopic", "edge/probe"));
            open();
            for (int round = 0; round < 20; round++) {
                assertThat(send(125, 300).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).containsOnly(Delivery.ACCEPTED);
                assertThat(uplink.probe().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            Until.holds(PATIENCE, watcher::count, () -> watcher.count() == 20);
            assertThat(broken).isNotDone();
            // A probe under the same rule finds it.
            uplink("127.0.0.1", cloud.port(), Map.of("probeTopic", "edge/{site}/probe", "ackTimeout", 1));
            open();
            assertThatThrownBy(() -> uplink.probe().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasMessageContaining("accepts messages and does not pass them on");
        }
    }

    @Test
    void whether_it_is_connected_is_told_by_itself_and_by_the_last_will() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder); CuttingProxy cable = new CuttingProxy(cloud.port());
            Watcher watcher = new Watcher(cloud.port(), "status/#")) {
            uplink("127.0.0.1", cable.port(), Map.of("statusTopic", "status/{gateway}"));
            open();
            watcher.awaits("status/gw-7", "\"online\":true");
            uplink.close();
            watcher.awaits("status/gw-7", "\"online\":false");
            uplink("127.0.0.1", cable.port(), Map.of("statusTopic", "status/{gateway}"));
            open();
            watcher.awaits("status/gw-7", "\"online\":true");
            cable.mode(CuttingProxy.Mode.CUT);
            watcher.awaits("status/gw-7", "\"online\":false");
        }
    }

    @Test
    void a_session_that_is_kept_is_resumed() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            for (int round = 0; round < 2; round++) {
                uplink("127.0.0.1", cloud.port(), Map.of("cleanSession", false));
                open();
                send(5, 5).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                uplink.close();
            }
            assertThat(Files.readString(folder.resolve("mosquitto.log")).lines()
                .filter(line -> line.contains("connected") && line.contains("client-under-test") && line.contains("c0")))
                .hasSize(2);
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void rabbitmq_takes_everything_in_order() throws Throwable {
        RabbitMq cloud = rabbit();
        try (Watcher watcher = new Watcher(cloud.port(), "edge/#")) {
            uplink("127.0.0.1", cloud.port(), Map.of("probeTopic", "probe/{gatewayId}"));
            open();
            assertThat(uplink.probe().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            for (int round = 0; round < 8; round++) {
                assertThat(send(125, 100).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasSize(125)
                    .containsOnly(Delivery.ACCEPTED);
            }
            Until.holds(PATIENCE, watcher::count, () -> watcher.count() == 1000);
            uplink("127.0.0.1", cloud.port(), Map.of("_password", "wrong-one"));
            assertThat(refused()).hasMessageContaining("refuses the login of user 'plant-7'");
        }
    }

    @Test
    void a_cloud_that_wants_a_client_certificate_gets_it_from_the_key_store() throws Exception {
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "localhost", 1);
        certificates.signed("gateway", "gw-7", 1);
        certificates.keyStore("gateway", "store-password");
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server")[0],
            certificates.listener("server")[1], "cafile " + certificates.ca(), "require_certificate true")) {
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem", "keyStore", "gateway.p12",
                "_keyStorePassword", "store-password"));
            open();
            assertThat(send(5, 10).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).hasSize(5);
            uplink.close();
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem"));
            assertRefused("refuses the TLS handshake");
            uplink("localhost", cloud.port(), Map.of("tls", true, "caFile", "ca.pem", "keyStore", "gateway.p12",
                "_keyStorePassword", "another"));
            assertRefused("gateway.p12 cannot be opened");
        }
    }

    private void assertRefused(String text) throws Exception {
        assertThat(refused()).hasMessageContaining(text).extracting(UplinkException::kind).isEqualTo(Kind.REFUSED);
        uplink.close();
    }

    @Test
    void tls_to_a_plain_port_and_plain_to_a_tls_port_are_told_apart() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder)) {
            uplink("127.0.0.1", cloud.port(), Map.of("tls", true));
            assertThat(refused()).hasMessageContaining("mqtts://127.0.0.1:" + cloud.port()).hasMessageContaining("TLS");
        }
        Certificates certificates = new Certificates(folder);
        certificates.signed("server", "localhost", 1);
        try (Mosquitto cloud = new Mosquitto(folder, certificates.listener("server"))) {
            uplink("127.0.0.1", cloud.port(), Map.of());
            assertThat(refused()).hasMessageContaining("mqtt://127.0.0.1:" + cloud.port()).hasMessageContaining("TLS");
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
            assertThatThrownBy(() -> under.get(1, TimeUnit.SECONDS)).hasCauseInstanceOf(UplinkException.class);
            assertThatThrownBy(() -> send(1, 1).get(1, TimeUnit.SECONDS)).hasCauseInstanceOf(UplinkException.class);
        }
    }

    @Test
    void a_half_open_connection_is_found_by_the_acknowledgement_that_does_not_come() throws Exception {
        try (Mosquitto cloud = new Mosquitto(folder); CuttingProxy cable = new CuttingProxy(cloud.port())) {
            uplink("127.0.0.1", cable.port(), Map.of("ackTimeout", 1, "keepAlive", 60));
            open();
            send(10, 10).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            cable.mode(CuttingProxy.Mode.STALL);
            long begin = System.nanoTime();
            CompletableFuture<List<Delivery>> under = send(10, 10);
            assertThat(lost()).hasMessageContaining("has acknowledged nothing for 1 s, with 10 messages under way");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(900),
                Duration.ofSeconds(4));
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
            uplink("127.0.0.1", cable.port(), Map.of("ackTimeout", 1));
            open();
            cable.delay(Duration.ofMillis(100));
            long begin = System.nanoTime();
            // 16 KiB are passed on every 100 ms: more than two seconds in all.
            send(125, 4000).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(1));
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
            Until.holds(PATIENCE, MqttUplinkTest::threads, () -> Thread.getAllStackTraces().entrySet().stream()
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
            Until.holds(PATIENCE, MqttUplinkTest::threads,
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
                send(3, 3).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                uplink.close();
                uplink.close();
                assertNoThreads();
            }
            assertThat(broken).isNotDone();
        }
    }

    @Test
    void settings_out_of_their_range_are_refused_by_name() {
        assertThatThrownBy(() -> uplink("h", 70_000, Map.of())).hasMessage("port must be 0 to 65535, not 70000");
        assertThatThrownBy(() -> uplink("h", 1, Map.of("window", 0))).hasMessageContaining("window must be 1 to 10000");
        assertThatThrownBy(() -> uplink("", 1, Map.of())).hasMessageContaining("host is missing");
        assertThatThrownBy(() -> MqttUplink.name("edge.cloudconnector.mqtt")).hasMessageContaining("what follows the ~");
        uplink = null;
    }
}
