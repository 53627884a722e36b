// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.journal.JournalRecord;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.api.uplink.Delivery;
import edge.api.uplink.Lane;
import edge.api.uplink.OutboundMessage;
import edge.api.uplink.UplinkException;
import edge.api.uplink.UplinkException.Kind;
import edge.cloudconnector.support.Mosquitto;
import edge.cloudconnector.support.TestGateway;
import edge.cloudconnector.support.Until;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of one uplink alone share: the uplink, and that it leaves no thread behind. */
abstract class MqttRig {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    /** It says goodbye, waits for its threads, and then lets go of them. */
    private static final Duration CLOSING = Duration.ofSeconds(8);

    @TempDir
    Path folder;
    final CompletableFuture<UplinkException> broken = new CompletableFuture<>();
    MqttUplink uplink;

    MqttUplink uplink(String host, int port, Map<String, Object> more) {
        if (uplink != null) {
            uplink.close();
        }
        Map<String, Object> values = new HashMap<>(Map.of("host", host, "port", port, "tls", false, "user",
            Mosquitto.USER, "_password", Mosquitto.PASSWORD, "clientId", "client-under-test", "connectTimeout", 20));
        values.putAll(more);
        uplink = new MqttUplink(new TestGateway(folder), "cloud", Configs.of(values));
        return uplink;
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    void open() throws Exception {
        await(uplink.open(broken::complete));
    }

    /** Opens, which must fail, and tells why. */
    UplinkException refused() throws Exception {
        try {
            open();
        } catch (ExecutionException e) {
            return (UplinkException) e.getCause();
        }
        throw new AssertionError("it opened");
    }

    void assertRefused(String text) throws Exception {
        assertThat(refused()).hasMessageContaining(text).extracting(UplinkException::kind).isEqualTo(Kind.REFUSED);
        uplink.close();
    }

    UplinkException lost() throws Exception {
        return await(broken);
    }

    CompletableFuture<List<Delivery>> send(int count, int bytes) {
        TestGateway gateway = new TestGateway(folder);
        List<OutboundMessage> batch = LongStream.rangeClosed(1, count).mapToObj(sequence -> {
            RecordKey key = new RecordKey(gateway.id(), StreamId.device("boiler"), 1, sequence);
            JournalRecord record = new JournalRecord.Stored(sequence, key, gateway.bootId(),
                gateway.scan("boiler", 1, gateway.now()));
            return new OutboundMessage(record, Lane.LIVE, new byte[bytes]);
        }).toList();
        return uplink.send(batch).toCompletableFuture();
    }

    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).map(Thread::getName)
            .filter(name -> name.startsWith("edge-mqtt-") || name.contains("client-under-test")).toList();
    }

    /** A thread is still listed for an instant after it was waited for. */
    static void assertNoThreads() throws Exception {
        Until.holds(PATIENCE, MqttRig::threads, () -> threads().isEmpty());
    }

    @AfterEach
    void no_thread_is_left() throws Exception {
        if (uplink != null) {
            long begin = System.nanoTime();
            uplink.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(CLOSING);
            assertNoThreads();
        }
    }
}
