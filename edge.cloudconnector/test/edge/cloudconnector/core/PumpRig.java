// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.health.Events;
import edge.api.message.StreamId;
import edge.api.uplink.Encoder;
import edge.cloudconnector.support.MemoryJournal;
import edge.cloudconnector.support.TestGateway;
import edge.cloudconnector.support.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/** A pump between a journal in memory and a target that does what a test tells it, with little patience. */
final class PumpRig {

    static final Duration PATIENCE = Duration.ofSeconds(15);
    static final StreamId BOILER = StreamId.device("boiler");
    static final Limits QUICK = new Limits(Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofMillis(20),
        Duration.ofMillis(400), Duration.ofMillis(800), Duration.ofMillis(200), Duration.ofSeconds(5), 512 * 1024,
        4 * 1024 * 1024);

    final TestGateway gateway = new TestGateway(Path.of("."));
    final Events events = gateway.events();
    final MemoryJournal journal = new MemoryJournal(gateway.id(), gateway.bootId());
    final Map<String, Encoder> encoders = new ConcurrentHashMap<>(
        Map.of("json", new JsonEncoder(), "json-tag", new TagEncoder(), "raw", new RawEncoder()));
    final ScriptedUplink cloud = new ScriptedUplink();
    private final Path folder;
    Pump pump;

    PumpRig(Path folder) {
        this.folder = folder;
    }

    void start(DeliveryPolicy policy) {
        cloud.handOver();
        pump = new Pump(cloud, journal, gateway, name -> Optional.ofNullable(encoders.get(name)),
            new Announcer(cloud.name(), cloud.address(), () -> Optional.of(events)), QUICK, policy, folder, false);
        pump.start();
    }

    void start() {
        start(policy(Map.of()));
    }

    /** Three rejections, and what a test wants. */
    static DeliveryPolicy policy(Map<String, Object> values) {
        Map<String, Object> all = new ConcurrentHashMap<>(Map.of("rejections", 3));
        all.putAll(values);
        return DeliveryPolicy.of((DeliveryConfig) java.lang.reflect.Proxy.newProxyInstance(
            DeliveryConfig.class.getClassLoader(), new Class<?>[] {DeliveryConfig.class},
            (proxy, method, arguments) -> all.getOrDefault(method.getName(), method.getDefaultValue())));
    }

    void append(int count) {
        for (int i = 0; i < count; i++) {
            journal.append(BOILER, gateway.scan("boiler", i, gateway.now()));
        }
    }

    void until(Callable<Boolean> condition) throws Exception {
        Until.holds(PATIENCE, () -> pump.status() + ", " + pump.check() + ", sent " + cloud.sequences(), condition);
    }

    void end() {
        if (pump != null) {
            pump.tellToStop();
            pump.awaitEnd();
        }
        assertThat(cloud.violations).isEmpty();
    }

    /** The different sequences that the target accepted. */
    List<Long> distinct() {
        return cloud.sequences().stream().distinct().sorted().toList();
    }
}
