// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.journal.Journal;
import edge.broker.Settings.Limits;
import edge.broker.access.TopicRules;
import edge.broker.net.ListenerSettings;
import edge.journal.SegmentedJournal;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A broker with the real journal in a process of its own, so that it can be killed. */
final class BrokerProcess implements AutoCloseable {

    private final Path folder;
    private final int port;
    private Process process;

    BrokerProcess(Path folder) throws IOException {
        this.folder = folder;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** Starts it; clients can connect when this returns. */
    void start() throws IOException {
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx96m", "-cp", classPath(), Child.class.getName(),
            folder.toString(), Integer.toString(port)).redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log.txt").toFile())).start();
        Rig.awaitTrue(() -> {
            try (RawClient client = new RawClient(port)) {
                return process.isAlive();
            } catch (IOException e) {
                if (!process.isAlive()) {
                    throw new AssertionError("the broker has ended with " + process.exitValue() + "; see " + folder, e);
                }
                return false;
            }
        }, "the broker listens");
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** The class path of these tests, wherever the test runner got it from. */
    private static String classPath() {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type : List.of(BrokerProcess.class, Broker.class, Journal.class, SegmentedJournal.class,
            edge.json.Json.class, org.slf4j.Logger.class, com.fasterxml.jackson.core.JsonFactory.class,
            io.moquette.broker.subscriptions.Topic.class, io.netty.buffer.ByteBuf.class, io.netty.channel.Channel.class,
            io.netty.handler.codec.ByteToMessageDecoder.class, io.netty.handler.codec.mqtt.MqttDecoder.class,
            io.netty.handler.codec.http.HttpServerCodec.class, io.netty.handler.ssl.SslHandler.class,
            io.netty.util.Timer.class, io.netty.resolver.AddressResolver.class,
            io.netty.channel.unix.Unix.class, org.osgi.annotation.versioning.Version.class)) {
            places.add(Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString())).toString());
        }
        return String.join(java.io.File.pathSeparator, places);
    }

    private static final class Clock implements GatewayClock {
        private final UUID boot = UUID.randomUUID();

        @Override
        public Moment now() {
            return new Moment(System.nanoTime(), Instant.now(), ClockConfidence.PLAUSIBLE);
        }

        @Override
        public UUID bootId() {
            return boot;
        }
    }

    /** What runs in the process. */
    static final class Child {
        private Child() {
        }

        public static void main(String[] arguments) {
            Path folder = Path.of(arguments[0]);
            GatewayClock clock = new Clock();
            @SuppressWarnings("resource") // It is killed before it could close it.
            SegmentedJournal journal = SegmentedJournal.synced(folder.resolve("journal"), new UUID(1, 2), clock);
            TestAccounts accounts = new TestAccounts();
            Settings settings = Rig.in(Rig.settings(ListenerSettings.plain("127.0.0.1", Integer.parseInt(arguments[1]), true),
                Limits.DEFAULTS), folder.resolve("broker"));
            new Broker(settings, new Broker.Services(() -> Optional.of(accounts), () -> Optional.of(journal), Optional::empty,
                Optional::empty, List::of, () -> TopicRules.OPEN, Optional::empty, clock)).start();
        }
    }
}
