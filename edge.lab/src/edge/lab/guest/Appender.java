// SPDX-License-Identifier: Apache-2.0
package edge.lab.guest;

import edge.api.access.Caller;
import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.journal.Cursor;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.StreamSelection;
import edge.api.message.RawMessage;
import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.journal.SegmentedJournal;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Appends numbered records to the product's journal until somebody cuts the power, and looks afterwards what is there.
 *
 * <p>{@code check FOLDER n}: opens the journal, prints {@code FOUND m}, the number of records there in unbroken order, each
 * with its own bytes, and fails if that is less than n. {@code write FOLDER n}: the same, and then goes on behind the last
 * record and prints {@code ACK n} for each whose append has completed.
 */
public final class Appender {

    private static final UUID GATEWAY = new UUID(1, 2);
    private static final StreamId STREAM = StreamId.ingest("power");
    private static final String CURSOR = "check";
    /** As many as clients would have under way: the journal writes them in groups. */
    private static final int UNDER_WAY = 16;
    private static final int LARGEST = 2000;
    private static final int BATCH = 256;
    private static final Duration OPENING = Duration.ofMinutes(10);

    private Appender() {
    }

    private record Waiting(int number, CompletableFuture<RecordKey> appended) {
    }

    /** A clock that nobody has set, as on a gateway without a battery. */
    private static final class Clock implements GatewayClock {
        private final UUID boot = UUID.randomUUID();

        @Override
        public Moment now() {
            return new Moment(System.nanoTime(), Instant.now(), ClockConfidence.UNSET);
        }

        @Override
        public UUID bootId() {
            return boot;
        }
    }

    public static void main(String[] arguments) throws Exception {
        Clock clock = new Clock();
        try (SegmentedJournal journal = SegmentedJournal.synced(Path.of(arguments[1]), GATEWAY, clock)) {
            int found = found(journal);
            System.out.println("FOUND " + found);
            if (found < Integer.parseInt(arguments[2])) {
                System.exit(1);
            }
            if (arguments[0].equals("write")) {
                write(journal, clock, found + 1, System.out);
            }
        }
    }

    private static void write(SegmentedJournal journal, Clock clock, int first, PrintStream out) throws Exception {
        Caller caller = Caller.system("lab");
        Queue<Waiting> waiting = new ArrayDeque<>();
        for (int number = first; true; number++) {
            RawMessage message = new RawMessage("power/cut", payload(number), 1, false, clock.now(), caller);
            waiting.add(new Waiting(number, journal.append(STREAM, message).toCompletableFuture()));
            while (waiting.size() >= UNDER_WAY || !waiting.isEmpty() && waiting.element().appended().isDone()) {
                Waiting oldest = waiting.remove();
                oldest.appended().get();
                out.println("ACK " + oldest.number());
            }
        }
    }

    /** Bytes that no other number has. */
    private static byte[] payload(int number) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (1 + number * 31 % (LARGEST / Integer.BYTES)));
        while (bytes.hasRemaining()) {
            bytes.putInt(number);
        }
        return bytes.array();
    }

    /** The journal gives up waiting for itself after some seconds, which an emulated processor may need. */
    private static Cursor open(SegmentedJournal journal) throws Exception {
        long end = System.nanoTime() + OPENING.toNanos();
        while (true) {
            try {
                return journal.open(CURSOR, StreamSelection.ALL);
            } catch (JournalException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
        }
    }

    private static int found(SegmentedJournal journal) throws Exception {
        int found = 0;
        boolean unbroken = true;
        // Nothing is ever acknowledged: each run reads from the beginning.
        try (Cursor cursor = open(journal)) {
            for (List<JournalRecord> records = cursor.read(BATCH); unbroken && !records.isEmpty();
                records = cursor.read(BATCH)) {
                for (JournalRecord record : records) {
                    if (record instanceof JournalRecord.Stored stored && stored.message() instanceof RawMessage message) {
                        unbroken &= Arrays.equals(message.payload(), payload(found + 1));
                        found += unbroken ? 1 : 0;
                    } else if (!(record instanceof JournalRecord.Gap gap && gap.to() < gap.from())) {
                        // An empty gap says that the journal was not closed.
                        System.out.println("not a record of ours: " + record);
                        unbroken = false;
                    }
                }
            }
        }
        return found;
    }
}
