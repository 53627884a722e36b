// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.health.Events;
import edge.api.message.StreamId;
import edge.api.uplink.Encoder;
import edge.api.uplink.Uplink;
import edge.cloudconnector.support.MemoryJournal;
import edge.cloudconnector.support.TestGateway;
import edge.cloudconnector.support.Until;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * What tests of a pump share: one between a journal in memory and a target that does what the test tells it. It tries again
 * quickly, and has more patience with an answer than any machine needs.
 */
abstract class PumpRig {

    static final StreamId BOILER = StreamId.device("boiler");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int POSITIONS_APART = 7;

    @TempDir
    Path folder;
    final TestGateway gateway = new TestGateway(Path.of("."));
    final Events events = gateway.events();
    final MemoryJournal journal = new MemoryJournal(gateway.id(), gateway.bootId());
    final Map<String, Encoder> encoders = new ConcurrentHashMap<>(
        Map.of("json", new JsonEncoder(), "json-tag", new TagEncoder(), "raw", new RawEncoder()));
    final ScriptedUplink cloud = new ScriptedUplink();
    Pump pump;

    static Limits limits(Duration opening, Duration answer, Duration draining) {
        return new Limits(Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofMillis(20), opening, answer, draining,
            Duration.ofSeconds(30), 512 * 1024, 4 * 1024 * 1024);
    }

    static Limits quick() {
        return limits(Duration.ofMinutes(2), Duration.ofMinutes(2), Duration.ofMillis(100));
    }

    /** Three rejections, and what a test wants. */
    static DeliveryPolicy policy(Map<String, Object> values) {
        Map<String, Object> all = new ConcurrentHashMap<>(Map.of("rejections", 3));
        all.putAll(values);
        return DeliveryPolicy.of((DeliveryConfig) Proxy.newProxyInstance(DeliveryConfig.class.getClassLoader(),
            new Class<?>[] {DeliveryConfig.class},
            (proxy, method, arguments) -> all.getOrDefault(method.getName(), method.getDefaultValue())));
    }

    Pump pump(Uplink uplink, Limits limits, DeliveryPolicy policy, boolean paused) {
        return new Pump(uplink, journal, gateway, name -> Optional.ofNullable(encoders.get(name)),
            new Announcer(uplink.name(), uplink.address(), () -> Optional.of(events)), limits, policy, folder, paused);
    }

    void start(Limits limits, DeliveryPolicy policy) {
        cloud.handOver();
        pump = pump(cloud, limits, policy, false);
        pump.start();
    }

    void start(DeliveryPolicy policy) {
        start(quick(), policy);
    }

    void start() {
        start(policy(Map.of()));
    }

    @AfterEach
    void nothing_is_left_behind_and_the_contract_was_kept() throws Exception {
        end();
        assertThat(cloud.violations).isEmpty();
        Until.holds(PATIENCE, PumpRig::threads, () -> threads().isEmpty());
        assertThat(journal.isOpen("cloud")).isFalse();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
            .filter(name -> name.startsWith("edge-uplink-")).toList();
    }

    void end() {
        if (pump != null) {
            pump.tellToStop();
            pump.awaitEnd();
        }
    }

    /** A kill -9: the next pump finds the files as they are now, and nothing of what this one writes at its end. */
    void kill() throws IOException {
        Path left = Files.createTempDirectory(folder, "left-by-a-kill-");
        // But for those that are being written, cloud.*.new: nobody reads them.
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "cloud.*{json,traffic}")) {
            for (Path file : files) {
                Files.copy(file, left.resolve(file.getFileName()));
            }
        }
        end();
        folder = left;
    }

    void append(int count) {
        for (int i = 0; i < count; i++) {
            journal.append(BOILER, gateway.scan("boiler", i, gateway.now()));
        }
    }

    void until(Callable<Boolean> condition) throws Exception {
        until(pump, condition);
    }

    void until(Pump of, Callable<Boolean> condition) throws Exception {
        Until.holds(PATIENCE, () -> of.status() + ", " + of.check() + ", sent " + cloud.sequences() + ", told "
            + events.recent(99), condition);
    }

    /** Whether an event tells that. A state may be over before anybody looks. */
    boolean isTold(String text) {
        return events.recent(99).stream().anyMatch(event -> event.text().contains(text));
    }

    /** The different sequences that the target was sent. */
    List<Long> distinct() {
        return cloud.sequences().stream().distinct().sorted().toList();
    }

    static List<Long> fromTo(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    static List<Long> oneTo(long last) {
        return fromTo(1, last);
    }

    /** Where in the journal the how manieth record lies. */
    static long position(long record) {
        return POSITIONS_APART * record;
    }
}
