// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.json.JsonParser;
import edge.test.support.Cloud;
import edge.test.support.CutProxy;
import edge.test.support.GatewayProcess;
import edge.test.support.NumberedPublisher;
import edge.test.support.Peers;
import edge.test.support.Plc;
import edge.test.support.SyncFault;
import edge.test.support.Until;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the machine below the gateway does to it: it sleeps, its disk fails or is slow, its clock jumps, it has no more files.
 * Whatever was acknowledged meanwhile arrives, the process stays, and it heals by itself.
 */
class MachineFaultsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int ASLEEP_SECONDS = Integer.getInteger("edge.asleep.seconds", 8);
    private static final int KEEP_ALIVE_SECONDS = 3;
    private static final int LEFT_HANDLES = 10;

    @TempDir
    private Path folder;
    private Cloud cloud;
    private CutProxy cable;
    private Plc plc;
    private GatewayProcess gateway;
    private NumberedPublisher publisher;
    private long pid;

    @BeforeEach
    void prepare() throws Exception {
        cloud = new Cloud(folder);
        cable = new CutProxy(cloud.port());
        plc = new Plc(folder);
        gateway = new GatewayProcess(folder.resolve("data"));
        gateway.readPlc("plc", plc.port());
        gateway.configure("edge.cloudconnector.mqtt~cloud", """
            {"host": "127.0.0.1", "port": %d, "tls": false, "user": "%s", ".password": "%s", "keepAlive": %d}
            """.formatted(cable.port(), Cloud.USER, Cloud.PASSWORD, KEEP_ALIVE_SECONDS));
        gateway.configure("edge.broker.ingest~events", "{\"topics\": [\"line/+/events\"]}");
        publisher = new NumberedPublisher(gateway.mqttPort(), "line/1/events");
    }

    private void start() {
        gateway.start();
        pid = gateway.pid();
        Until.holds(PATIENCE, "events in the cloud", gateway::log, () -> cloud.count("ingest/events") > 10);
    }

    @AfterEach
    void stop() throws Exception {
        publisher.close();
        gateway.close();
        plc.close();
        cable.close();
        cloud.close();
    }

    /** As many more events are acknowledged. */
    private void goesOn(int events) {
        int before = publisher.acknowledged().size();
        Until.holds(PATIENCE, "more acknowledgements", gateway::log, () -> publisher.acknowledged().size() >= before + events);
    }

    private void theSameProcessLosesNothing() throws Exception {
        publisher.close();
        Until.holds(PATIENCE, "all that was acknowledged", () -> cloud.report() + "\n" + gateway.log(),
            () -> missing().isEmpty() && cloud.holes().isEmpty());
        assertThat(gateway.pid()).as(gateway.log()).isEqualTo(pid);
    }

    private Set<Integer> missing() throws Exception {
        Set<Integer> missing = new HashSet<>(publisher.acknowledged());
        for (Json.Obj record : events()) {
            missing.remove(Integer.parseInt(record.text("text")));
        }
        return missing;
    }

    private List<Json.Obj> events() throws Exception {
        List<Json.Obj> events = new ArrayList<>();
        for (String payload : cloud.payloads("ingest/events")) {
            Json.Obj record = JsonParser.parse(payload).asObject();
            if (!record.text("schema").equals("edge.clock/1")) {
                events.add(record);
            }
        }
        return events;
    }

    private String trouble(String subject) throws Exception {
        for (Json part : gateway.items("/api/v1/health")) {
            if (part.asObject().text("subject").equals(subject) && !part.asObject().text("status").equals("ok")) {
                return part.asObject().text("status") + ": " + part.asObject().text("reason");
            }
        }
        return "";
    }

    @Test
    void a_machine_that_slept_goes_on_where_it_was() throws Exception {
        start();
        gateway.program().signal("STOP");
        // Longer than the cloud waits for a sign of life, so that it ends the connection.
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(ASLEEP_SECONDS));
        gateway.program().signal("CONT");
        goesOn(20);
        theSameProcessLosesNothing();
    }

    @Test
    void while_the_disk_fails_to_sync_nothing_is_acknowledged() throws Exception {
        start();
        try (SyncFault fault = SyncFault.failing(pid, folder)) {
            Until.holds(PATIENCE, "the failing disk to be named", gateway::log, () -> trouble("journal").startsWith("critical"));
            int acknowledged = publisher.acknowledged().size();
            long failed = fault.count();
            Until.holds(PATIENCE, "more syncs that fail", gateway::log, () -> fault.count() > failed + 2);
            assertThat(publisher.acknowledged()).hasSize(acknowledged);
        }
        Until.holds(PATIENCE, "a healthy journal", gateway::log, () -> trouble("journal").isEmpty());
        goesOn(20);
        theSameProcessLosesNothing();
    }

    @Test
    void a_slow_disk_makes_publishers_wait_and_the_field_side_goes_on() throws Exception {
        start();
        try (SyncFault fault = SyncFault.slow(pid, folder, Duration.ofMillis(500))) {
            Until.holds(PATIENCE, "syncs that are slow", gateway::log, () -> fault.count() > 3);
            goesOn(3);
        }
        goesOn(20);
        plc.stop();
        theSameProcessLosesNothing();
    }

    @Test
    void records_of_a_clock_that_jumped_are_kept_and_get_their_true_time() throws Exception {
        Path time = Files.writeString(folder.resolve("time"), "+0d\n");
        gateway.environment("LD_PRELOAD", Peers.library("faketime/libfaketimeMT.so.1").toString());
        gateway.environment("FAKETIME_TIMESTAMP_FILE", time.toString());
        gateway.environment("FAKETIME_CACHE_DURATION", "1");
        gateway.environment("DONT_FAKE_MONOTONIC", "1");
        gateway.environment("NO_FAKE_STAT", "1");
        gateway.configure("edge.journal", "{\"maxAgeHours\": 24}");
        Instant begin = Instant.now();
        start();
        cable.cut();
        clockSays(time, "+40d", () -> clockSteps() == 1);
        clockSays(time, "-" + Duration.between(Instant.EPOCH, begin).toDays() + "d", () -> trouble("clock").startsWith("warn"));
        clockSays(time, "+0d", () -> clockSteps() == 2);
        cable.mend();
        theSameProcessLosesNothing();
        for (Json.Obj event : events()) {
            assertThat(Instant.parse(event.text("time"))).as(event.toString())
                .isBetween(begin.minusSeconds(60), Instant.now().plusSeconds(60));
        }
    }

    private void clockSays(Path time, String shift, Until.Condition noticed) throws IOException {
        Files.writeString(time, shift + "\n");
        Until.holds(PATIENCE, "the clock's jump to be noticed, " + shift, gateway::log, noticed);
        goesOn(20);
    }

    private long clockSteps() throws Exception {
        return gateway.items("/api/v1/events").stream().filter(event -> event.toString().contains("the clock was set")).count();
    }

    @Test
    void without_a_file_handle_left_it_goes_on_and_says_so() throws Exception {
        start();
        limitHandles(openHandles() + LEFT_HANDLES);
        List<Socket> crowd = new ArrayList<>();
        try {
            for (int i = 0; i < 10 * LEFT_HANDLES; i++) {
                crowd.add(new Socket(InetAddress.getLoopbackAddress(), gateway.mqttPort()));
            }
            Until.holds(PATIENCE, "it to be named", gateway::log, () -> trouble("open files").startsWith("critical"));
            goesOn(20);
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
        Until.holds(PATIENCE, "handles again", gateway::log, () -> !trouble("open files").startsWith("critical"));
        theSameProcessLosesNothing();
    }

    private long openHandles() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return open.count();
        }
    }

    private void limitHandles(long most) throws Exception {
        assertThat(new ProcessBuilder(Peers.need("prlimit").toString(), "--pid", Long.toString(pid), "--nofile=" + most + ":")
            .inheritIO().start().waitFor()).isZero();
    }
}
