// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.broker.Broker;
import edge.broker.Settings;
import edge.broker.access.TopicRules;
import edge.broker.net.ListenerSettings;
import edge.broker.net.TlsSettings;
import edge.journal.SegmentedJournal;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The product's broker with its journal, which syncs each record, in a process of its own. */
final class EdgeBroker {

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

    private EdgeBroker() {
    }

    /**
     * Arguments: folder, port, most messages a second of one client (0: any). A line on standard input asks for the bytes of live
     * objects; its end ends the process.
     */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        GatewayClock clock = new Clock();
        Settings.Limits d = Settings.Limits.DEFAULTS;
        Settings settings = new Settings(List.of(ListenerSettings.plain("127.0.0.1", Integer.parseInt(arguments[1]), true)),
            new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), folder),
            folder.resolve("broker"), new Settings.Limits(d.maxPacketBytes(), 10_000, 10_000, Integer.parseInt(arguments[2]),
                d.inFlight(), d.queueMessages(), d.queueBytes(), 1_000_000), Duration.ofSeconds(10), Duration.ofSeconds(30),
            Duration.ofDays(7));
        try (SegmentedJournal journal = SegmentedJournal.synced(folder.resolve("journal"), new UUID(1, 2), clock)) {
            Broker broker = new Broker(settings, new Broker.Services(Optional::empty, () -> Optional.of(journal),
                Optional::empty, Optional::empty, List::of, () -> TopicRules.OPEN, Optional::empty, clock));
            broker.start();
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (in.readLine() != null) {
                System.gc();
                System.gc();
                System.out.println(Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
            }
            broker.close();
        }
    }
}
