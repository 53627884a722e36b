// SPDX-License-Identifier: Apache-2.0
package edge.web.support;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.Moment;
import edge.api.journal.Cursor.Backlog;
import edge.api.journal.Cursor;
import edge.api.journal.History;
import edge.api.journal.HistoryQuery;
import edge.api.journal.Journal;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalStatus;
import edge.api.journal.StreamSelection;
import edge.api.message.BrokerFigures;
import edge.api.message.BrokerInfo;
import edge.api.message.BrokerStatus;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.api.uplink.DeadLetter;
import edge.api.uplink.UplinkStatus;
import edge.api.uplink.UplinkStatus.Phase;
import edge.api.uplink.Uplinks;
import edge.test.support.NoJournal;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The rooms behind the scan engine, as far as the console sees them. */
public final class FakeRooms implements Uplinks, BrokerInfo {
    public final Map<String, UplinkStatus> uplinks = new ConcurrentSkipListMap<>();
    public final List<BrokerStatus.Client> clients = new CopyOnWriteArrayList<>();
    public final AtomicLong messages = new AtomicLong();
    public final AtomicLong appended = new AtomicLong();
    public final List<JournalRecord.Gap> ledger = new CopyOnWriteArrayList<>();

    /** An entry of the ledger, newer than those before it. */
    public void lost(Duration ago, StreamId stream, String uplink, long from, long to, JournalRecord.Loss reason, String detail) {
        Moment at = new Moment(System.nanoTime(), Instant.now().minus(ago), ClockConfidence.SYNCHRONISED);
        ledger.add(new JournalRecord.Gap(ledger.size() + 1, new RecordKey(new UUID(1, 2), stream, 0xabcL, to + 1), new UUID(3, 4),
            at, uplink, 0xabcL, from, to, reason, detail, false));
    }

    public void uplink(String name, String address, Phase phase, Instant since, String detail, long backlog,
        long delivered) {
        uplinks.put(name, new UplinkStatus(name, address, phase, since, detail, new Backlog(backlog, backlog * 212),
            new Backlog(0, 0), phase == Phase.CONNECTED ? 12 : 0, delivered, 0, 0, Optional.of(since), Optional.empty(),
            new UplinkStatus.Traffic(0, 0, 0), Optional.empty()));
    }

    @Override
    public List<UplinkStatus> list() {
        return List.copyOf(uplinks.values());
    }

    @Override
    public boolean pause(String name, boolean paused, Caller caller) {
        if (!caller.may(Role.OPERATOR)) {
            throw new AccessDeniedException(caller, "pause uplinks", Role.OPERATOR);
        }
        UplinkStatus old = uplinks.get(name);
        if (old == null) {
            return false;
        }
        uplink(name, old.address(), paused ? Phase.PAUSED : Phase.CONNECTED, Instant.now(),
            paused ? "Paused by " + caller.name() + "; what is published meanwhile waits in the journal." : "",
            old.backlog().records(), old.delivered());
        return true;
    }

    public final List<DeadLetter> letters = new CopyOnWriteArrayList<>();
    public final List<String> replays = new CopyOnWriteArrayList<>();

    @Override
    public boolean forget(String name, Caller caller) {
        if (uplinks.containsKey(name)) {
            throw new IllegalStateException("The uplink " + name + " is configured.");
        }
        return name.equals("gone");
    }

    @Override
    public List<DeadLetter> deadLetters(String name) {
        return uplinks.containsKey(name) ? List.copyOf(letters) : List.of();
    }

    @Override
    public Optional<byte[]> payload(String name, RecordKey key) {
        return letters.stream().filter(letter -> letter.key().equals(key)).findFirst()
            .map(letter -> "{\"schema\":\"edge.raw/1\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    public boolean replayDeadLetter(String name, RecordKey key, Caller caller) {
        replays.add(name + " " + key);
        return deleteDeadLetter(name, key, caller);
    }

    @Override
    public boolean deleteDeadLetter(String name, RecordKey key, Caller caller) {
        if (!caller.may(Role.OPERATOR)) {
            throw new AccessDeniedException(caller, "delete dead letters", Role.OPERATOR);
        }
        return letters.removeIf(letter -> letter.key().equals(key));
    }

    @Override
    public boolean replay(String name, StreamSelection streams, Instant from, Instant until, Caller caller) {
        replays.add(name + " " + streams.patterns() + " " + from + " " + until);
        return uplinks.containsKey(name);
    }

    @Override
    public boolean stopReplay(String name, Caller caller) {
        return !replays.isEmpty();
    }

    @Override
    public BrokerStatus status() {
        return new BrokerStatus(List.of(new BrokerStatus.Listener("127.0.0.1:1883", true, "")), clients,
            clients.size() + 2, messages.get(), messages.get() * 3, 4, 1, 0);
    }

    @Override
    public BrokerFigures figures() {
        return new BrokerFigures(clients.size(), clients.size() + 2, 31, 12, 4_211, messages.get(), messages.get() * 3,
            messages.get() * 212, messages.get() * 640, 41.5, 124.2, 17, Map.of("credentials", 3L, "publish", 1L,
                "too many connections of one address", 212L), 140, 900, clients.stream().map(FakeRooms::figures).toList());
    }

    private static BrokerFigures.ClientFigures figures(BrokerStatus.Client client) {
        int number = Math.floorMod(client.id().hashCode(), 7);
        return new BrokerFigures.ClientFigures(client.id(), client.user(), client.address(), "mqtts", client.since(),
            number % 2 == 0 ? "3.1.1" : "5", 812L * number, 12_400L * number, 98_000L * number, 2_400_000L * number,
            number == 3 ? 1_000 : 0, number == 3 ? 17 : 0);
    }

    @Override
    public boolean disconnect(String clientId, Caller by) {
        return clients.removeIf(client -> client.id().equals(clientId));
    }

    /** The journal, apart because it is asked for its {@code status()} too. */
    public Journal journal() {
        return new NoJournal() {
            @Override
            public JournalStatus status() {
                return new JournalStatus(734_003_200L, 2_147_483_648L, 44, appended.get(), 0, appended.get() / 90, "",
                    "every 10 ms or 1000 records", List.of(
                        new JournalStatus.Stream(StreamId.device("boiler-1"), 0x1234_5678_9abc_def0L, 482_113, 700_000_000L),
                        new JournalStatus.Stream(StreamId.ingest("third-party"), 0x0fed_cba9_8765_4321L, 991, 34_000_000L)),
                    Map.of(JournalRecord.Loss.FULL, 1_204L, JournalRecord.Loss.REJECTED, 1L), JournalStatus.LastStop.UNCLEAN);
            }

            @Override
            public History history(HistoryQuery query) {
                List<JournalRecord> found = ledger.stream().filter(gap -> query.ledgerOnly()
                    && !gap.at().wall().isBefore(query.from())).map(JournalRecord.class::cast).toList();
                Iterator<JournalRecord> rest = found.iterator();
                return new History() {
                    @Override
                    public List<JournalRecord> read(int max) {
                        return rest.hasNext() ? List.of(rest.next()) : List.of();
                    }

                    @Override
                    public void close() {
                        // nothing is open
                    }
                };
            }
        };
    }
}
