// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport.Status;
import edge.api.message.StreamId;
import edge.api.uplink.UplinkStatus.Phase;
import edge.api.uplink.Uplinks;
import edge.cloudconnector.support.Collector;
import edge.cloudconnector.support.CuttingProxy;
import edge.cloudconnector.support.MemoryJournal;
import edge.cloudconnector.support.Mosquitto;
import edge.cloudconnector.support.OsgiGateway;
import edge.cloudconnector.support.TestGateway;
import edge.cloudconnector.support.Until;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both bundles as they ship, in a framework, configured through ConfigurationAdmin, with mosquitto as the cloud. */
class DeliveryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WINDOW = 400;
    private static final int RECORDS = 10_000;
    private static final StreamId BOILER = StreamId.device("boiler");

    @TempDir
    private Path folder;
    private TestGateway gateway;
    private MemoryJournal journal;
    private Mosquitto cloud;
    private Collector collector;
    private OsgiGateway osgi;

    @BeforeEach
    void start() throws Exception {
        gateway = new TestGateway(folder);
        journal = new MemoryJournal(gateway.id(), gateway.bootId());
        cloud = new Mosquitto(folder);
        collector = new Collector(cloud);
        osgi = new OsgiGateway(folder, gateway, journal);
    }

    @AfterEach
    void end() throws Exception {
        if (osgi != null) {
            osgi.close();
            collector.close();
            cloud.close();
        }
        Until.holds(PATIENCE, DeliveryTest::threads, () -> threads().isEmpty());
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
            .filter(name -> name.startsWith("edge-uplink-") || name.startsWith("edge-mqtt-")
                || name.contains("gateway-client")).toList();
    }

    private Map<String, Object> configuration(int port) {
        return new HashMap<>(Map.of("host", "127.0.0.1", "port", port, "tls", false, "user", Mosquitto.USER, ".password",
            Mosquitto.PASSWORD, "window", WINDOW, "clientId", "gateway-client"));
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            journal.append(BOILER, gateway.scan("boiler", i, gateway.now()));
        }
    }

    private void until(Callable<Boolean> condition) throws Exception {
        Until.holds(PATIENCE, () -> osgi.service(Uplinks.class).list() + ", arrived " + collector.sequences()
            + ", first missing " + collector.firstMissing(), condition);
    }

    private HealthCheck health() throws Exception {
        return osgi.service(HealthCheck.class);
    }

    @Test
    void with_the_connection_cut_again_and_again_every_sequence_arrives_and_duplicates_stay_within_the_window()
        throws Exception {
        int cuts = 5;
        append(RECORDS);
        try (CuttingProxy cable = new CuttingProxy(cloud.port())) {
            cable.cutEvery(300_000, cuts);
            osgi.uplink("cloud", configuration(cable.port()));
            until(() -> cable.accepted() > cuts && osgi.status("cloud").phase() == Phase.CONNECTED);
            append(100);
            until(() -> collector.sequences() == RECORDS + 100 && osgi.status("cloud").backlog().records() == 0);
        }

        assertThat(collector.firstMissing()).isEqualTo(RECORDS + 101);
        assertThat(collector.duplicates()).isLessThanOrEqualTo((long) cuts * WINDOW);
        assertThat(collector.topics()).containsExactly("edge/acme/hall-1/gw-7/device/boiler");
    }

    @Test
    void with_the_cloud_stopped_and_started_again_every_sequence_arrives() throws Exception {
        append(RECORDS);
        osgi.uplink("cloud", configuration(cloud.port()));
        until(() -> osgi.status("cloud").delivered() > 1000);
        cloud.stop();
        until(() -> osgi.status("cloud").detail().contains("Next attempt at "));
        append(100);
        assertThat(osgi.status("cloud").backlog().records()).isPositive();
        assertThat(osgi.status("cloud").detail()).contains("mqtt://127.0.0.1:" + cloud.port());
        cloud.start();
        collector.reconnect();
        until(() -> collector.sequences() == RECORDS + 100);
        assertThat(health().check().status()).isEqualTo(Status.OK);
    }

    @Test
    void of_two_uplinks_side_by_side_neither_waits_for_the_other_and_each_delivers_everything() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        try (Mosquitto second = new Mosquitto(elsewhere); Collector seconds = new Collector(second);
            CuttingProxy cable = new CuttingProxy(second.port())) {
            Callable<Boolean> secondHasAll = () -> seconds.sequences() == RECORDS + 200
                && osgi.status("second").backlog().records() == 0;
            cable.mode(CuttingProxy.Mode.CUT);
            append(RECORDS);
            osgi.uplink("second", configuration(cable.port()));
            osgi.uplink("cloud", configuration(cloud.port()));
            until(() -> collector.sequences() == RECORDS && osgi.status("cloud").backlog().records() == 0);
            assertThat(seconds.sequences()).isZero();
            assertThat(osgi.status("second").backlog().records()).isEqualTo(RECORDS);

            // Half-open and half-way: the second hangs, and the first has no more than its own to do.
            cable.mode(CuttingProxy.Mode.PASS);
            until(() -> seconds.sequences() > 100);
            cable.mode(CuttingProxy.Mode.STALL);
            append(100);
            until(() -> collector.sequences() == RECORDS + 100 && osgi.status("cloud").backlog().records() == 0);
            assertThat(osgi.status("second").backlog().records()).isPositive();

            // Slow, and cut again.
            cable.mode(CuttingProxy.Mode.CUT);
            cable.mode(CuttingProxy.Mode.PASS);
            cable.delay(Duration.ofMillis(5));
            cable.cutEvery(200_000, 1);
            append(100);
            until(() -> collector.sequences() == RECORDS + 200 && osgi.status("cloud").backlog().records() == 0);
            cable.delay(Duration.ZERO);
            Until.holds(PATIENCE, () -> osgi.service(Uplinks.class).list() + ", arrived " + seconds.sequences(), secondHasAll);
            assertThat(collector.firstMissing()).isEqualTo(RECORDS + 201);
            assertThat(collector.duplicates()).isZero();
            assertThat(seconds.firstMissing()).isEqualTo(RECORDS + 201);
            assertThat(seconds.duplicates()).isLessThanOrEqualTo(3L * WINDOW);
        }
    }

    @Test
    void a_refused_login_is_shown_and_a_corrected_configuration_helps() throws Exception {
        append(10);
        Map<String, Object> wrong = configuration(cloud.port());
        wrong.put(".password", "wrong");
        osgi.uplink("cloud", wrong);
        until(() -> osgi.status("cloud").phase() == Phase.BACKING_OFF);
        assertThat(osgi.status("cloud").detail()).contains("refuses the login of user 'plant-7'");
        assertThat(health().subject()).isEqualTo("uplink cloud");
        assertThat(health().check().status()).isEqualTo(Status.CRITICAL);
        assertThat(gateway.events().recent(9)).hasSize(1);

        osgi.uplink("cloud", configuration(cloud.port()));
        until(() -> collector.sequences() == 10 && osgi.services(Uplinks.class).size() == 1);
        assertThat(health().check().status()).isEqualTo(Status.OK);
    }

    @Test
    void an_operator_may_pause_an_uplink_and_a_viewer_may_not_and_both_are_audited() throws Exception {
        Caller viewer = new Caller(Caller.Kind.PERSON, "vera", Role.VIEWER, "test");
        Caller operator = new Caller(Caller.Kind.PERSON, "otto", Role.OPERATOR, "test");
        osgi.uplink("cloud", configuration(cloud.port()));
        until(() -> osgi.status("cloud").phase() == Phase.CONNECTED);
        Uplinks uplinks = osgi.service(Uplinks.class);

        assertThatThrownBy(() -> uplinks.pause("cloud", true, viewer)).isInstanceOf(AccessDeniedException.class);
        assertThat(uplinks.pause("nowhere", true, operator)).isFalse();
        assertThat(uplinks.pause("cloud", true, operator)).isTrue();
        until(() -> osgi.status("cloud").phase() == Phase.PAUSED);
        append(10);
        Map<String, Object> anew = configuration(cloud.port());
        anew.put("host", "localhost");
        osgi.uplink("cloud", anew);
        until(() -> osgi.status("cloud").address().contains("localhost") && osgi.status("cloud").phase() == Phase.PAUSED);
        assertThat(uplinks.pause("cloud", false, operator)).isTrue();
        until(() -> collector.sequences() == 10);

        assertThat(gateway.audit().recent(9)).extracting(entry -> entry.caller() + ": " + entry.action() + " " + entry.subject()
            + ": " + entry.outcome()).containsExactly(
                "vera: pause an uplink cloud: refused: needs the role operator",
                "otto: pause an uplink nowhere: refused: there is no such uplink",
                "otto: pause an uplink cloud: done",
                "otto: resume an uplink cloud: done");
    }

    @Test
    void the_place_of_an_uplink_is_given_up_only_when_it_is_configured_no_more() throws Exception {
        Caller engineer = new Caller(Caller.Kind.PERSON, "emma", Role.ENGINEER, "test");
        append(10);
        org.osgi.service.cm.Configuration configuration = osgi.uplink("cloud", configuration(cloud.port()));
        until(() -> collector.sequences() == 10 && osgi.status("cloud").inFlight() == 0);
        Uplinks uplinks = osgi.service(Uplinks.class);
        assertThatThrownBy(() -> uplinks.forget("cloud", engineer)).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("delete its configuration first");
        configuration.delete();
        Until.holds(PATIENCE, uplinks::list, () -> uplinks.list().isEmpty() && !journal.isOpen("cloud"));
        assertThat(uplinks.forget("cloud", engineer)).isTrue();
        assertThat(uplinks.forget("cloud", engineer)).isFalse();
    }

    @Test
    void when_a_configuration_or_a_bundle_goes_its_threads_go_and_the_mark_stays() throws Exception {
        append(500);
        osgi.uplink("other", configuration(Mosquitto.freePort()));
        osgi.uplink("cloud", configuration(cloud.port())).delete();
        osgi.uplink("cloud", configuration(cloud.port()));
        until(() -> collector.sequences() == 500 && osgi.status("cloud").inFlight() == 0);
        assertThat(osgi.services(HealthCheck.class)).hasSize(2);

        osgi.bundle("edge.cloudconnector.mqtt").stop();
        Until.holds(PATIENCE, DeliveryTest::threads, () -> threads().isEmpty());
        assertThat(osgi.services(HealthCheck.class)).isEmpty();
        append(500);
        osgi.bundle("edge.cloudconnector.mqtt").start();
        until(() -> collector.sequences() == 1000 && osgi.status("cloud").inFlight() == 0);
        osgi.bundle("edge.cloudconnector.core").stop();
        Until.holds(PATIENCE, DeliveryTest::threads, () -> threads().isEmpty());
        append(500);
        osgi.bundle("edge.cloudconnector.core").start();
        until(() -> collector.sequences() == 1500);
        assertThat(collector.duplicates()).isZero();
    }
}
