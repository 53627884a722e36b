// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LifecycleTest {

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).collect(Collectors.toSet());
    }

    private static Settings onPort(String host, int port) {
        Settings d = Rig.DEFAULTS;
        return Rig.plain(host, port, false, 50, d.connectTimeout(), d.acknowledgeTimeout());
    }

    @Test
    void twenty_starts_and_stops_on_one_port_leave_no_thread_socket_or_broker_behind() throws IOException {
        Rig.listening().close();
        int port = freePort();
        Set<Thread> before = threads();
        List<WeakReference<Broker>> brokers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            try (Rig rig = Rig.listening(onPort("127.0.0.1", port)); RawClient client = RawClient.accepted(port, "c");
                 RawClient subscriber = RawClient.accepted(port, "s")) {
                subscriber.send(RawClient.subscribe(1, "wanted/#", 1));
                subscriber.read();
                client.send(RawClient.publish("wanted/a", 1, 1));
                assertThat(client.ids(RawClient.PUBACK, 1)).containsExactly(1);
                assertThat(subscriber.read().topic()).isEqualTo("wanted/a");
                brokers.add(new WeakReference<>(rig.broker));
                rig.broker.close();
                assertThat(client.isClosedByPeer()).isTrue();
            }
        }
        Rig.awaitTrue(() -> {
            Set<Thread> left = threads();
            left.removeAll(before);
            return left.stream().allMatch(t -> t.getName().startsWith("globalEventExecutor"));
        }, "no thread of the broker is left");
        Rig.awaitTrue(() -> {
            System.gc();
            return brokers.stream().allMatch(b -> b.get() == null);
        }, "every broker can be collected");
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    @Test
    void a_port_in_use_is_named_with_its_remedy_and_taken_when_it_is_free_again() throws Exception {
        ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        try (Rig rig = new Rig(onPort("127.0.0.1", occupied.getLocalPort()))) {
            String port = Integer.toString(occupied.getLocalPort());
            rig.await(() -> !rig.events.isEmpty(), "it is told");
            assertThat(rig.broker.alarms().check().status()).isEqualTo(Status.CRITICAL);
            HealthReport report = rig.broker.alarms().check();
            assertThat(report.reason()).contains("port " + port, "in use");
            assertThat(report.remedy()).contains("edge.broker.cfg.json");
            assertThat(rig.events).singleElement().satisfies(e -> assertThat(e.text()).contains(port));
            assertThat(rig.broker.status().listeners().get(0).problem()).contains(port);
            assertThat(rig.broker.status().listeners().get(0).listening()).isFalse();
            assertThat(rig.broker.bus().publish(rig.tags.scan("boiler", TestTags.reading("t", 1))))
                .as("the rest goes on").succeedsWithin(java.time.Duration.ofSeconds(30));
            occupied.close();
            rig.await(() -> rig.broker.port().isPresent(), "it listens");
            rig.await(() -> rig.broker.alarms().check().status() == Status.OK, "health is well");
            rig.await(() -> rig.events.size() == 2, "the recovery is told");
        } finally {
            occupied.close();
        }
    }

    @Test
    void an_address_of_another_machine_and_an_unknown_host_are_named() {
        // A label of 64 characters is no name: no name server is asked, which might not answer here.
        for (String host : List.of("192.0.2.1", "x".repeat(64) + ".invalid")) {
            try (Rig rig = new Rig(onPort(host, 0))) {
                rig.await(() -> rig.broker.alarms().check().status() == Status.CRITICAL, "health is critical");
                assertThat(rig.broker.alarms().check().reason()).contains(host);
            }
        }
    }

    @Test
    void clients_cannot_connect_before_the_ingest_rules_are_in_force() throws Exception {
        int port = freePort();
        Optional<String> reason = Optional.of("the ingest rule alarms is not in force yet");
        try (Rig rig = new Rig(onPort("127.0.0.1", port), reason)) {
            rig.await(() -> rig.broker.status().listeners().stream().anyMatch(l -> l.problem().contains("alarms")),
                "the status says what it waits for");
            assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(java.net.ConnectException.class);
            rig.waitsFor = Optional.empty();
            rig.await(() -> rig.broker.port().isPresent(), "it listens");
            RawClient.accepted(port, "c").close();
        }
    }

    @Test
    void a_broker_that_is_closed_before_it_has_opened_leaves_nothing() {
        Set<Thread> before = threads();
        for (int i = 0; i < 5; i++) {
            new Rig().close();
        }
        Rig.awaitTrue(() -> {
            Set<Thread> left = threads();
            left.removeAll(before);
            return left.stream().allMatch(t -> t.getName().startsWith("globalEventExecutor"));
        }, "no thread is left");
    }
}
