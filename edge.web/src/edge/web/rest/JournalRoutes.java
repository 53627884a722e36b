// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.journal.History;
import edge.api.journal.HistoryQuery;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalRecord.Gap;
import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import edge.json.JsonWriter;
import edge.web.http.Access;
import edge.web.http.Call;
import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.parts.GatewayJson;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The journal, and what its ledger tells lost. */
final class JournalRoutes {
    private static final int BATCH = 500;
    private static final int MOST_HOURS = 24 * 366;
    /** A journal with very many entries is not read to its end while somebody waits. */
    private static final long MOST_NANOS = Duration.ofSeconds(5).toNanos();

    private final Parts parts;
    /** Reading the ledger reads the disk: one at a time. */
    private final Semaphore reading = new Semaphore(1);

    JournalRoutes(Parts parts) {
        this.parts = parts;
    }

    List<Route> routes() {
        return List.of(
            Route.get("/journal", Access.VIEWER, call -> journal()),
            Route.get("/journal/losses", Access.VIEWER, this::losses));
    }

    private Reply journal() throws HttpProblem {
        var status = parts.need(Part.JOURNAL).status();
        return Reply.json(out -> GatewayJson.journal(out, status));
    }

    /**
     * @param older how many entries of the time are not among the newest
     * @param complete false if the time was not read to its end
     */
    private record Found(List<Gap> newest, long older, boolean complete) {
    }

    private Reply losses(Call call) throws HttpProblem {
        Journal journal = parts.need(Part.JOURNAL);
        int limit = call.query("limit", 100, 1, 1000);
        Instant since = now().minus(Duration.ofHours(call.query("hours", 24, 1, MOST_HOURS)));
        if (!reading.tryAcquire()) {
            throw new HttpProblem(429, "too-many", "Somebody else is reading the ledger just now. Try again in a moment.");
        }
        try {
            Found found = read(journal, since, limit);
            return Reply.json(out -> {
                out.writeStartObject();
                out.writeArrayFieldStart("items");
                for (Gap gap : found.newest()) {
                    gap(out, gap);
                }
                out.writeEndArray();
                out.writeNumberField("older", found.older());
                out.writeBooleanField("complete", found.complete());
                out.writeEndObject();
            });
        } catch (JournalException e) {
            throw new HttpProblem(503, "journal", e.getMessage());
        } finally {
            reading.release();
        }
    }

    private Instant now() {
        return parts.find(Part.CLOCK).map(clock -> clock.now().wall()).orElseGet(Instant::now);
    }

    private static Found read(Journal journal, Instant since, int limit) throws JournalException {
        long deadline = System.nanoTime() + MOST_NANOS;
        Deque<Gap> newest = new ArrayDeque<>();
        long older = 0;
        boolean complete = true;
        HistoryQuery query = new HistoryQuery(StreamSelection.ALL, since, Instant.MAX, 0, 0, 0, true);
        try (History history = journal.history(query)) {
            for (List<JournalRecord> batch = history.read(BATCH); !batch.isEmpty(); batch = history.read(BATCH)) {
                for (JournalRecord record : batch) {
                    if (record instanceof Gap gap) {
                        newest.addFirst(gap);
                        if (newest.size() > limit) {
                            newest.removeLast();
                            older++;
                        }
                    }
                }
                if (System.nanoTime() - deadline > 0) {
                    complete = false;
                    break;
                }
            }
        }
        return new Found(new ArrayList<>(newest), older, complete);
    }

    private static void gap(JsonGenerator out, Gap gap) throws IOException {
        out.writeStartObject();
        JsonWriter.time(out, "time", gap.at().wall());
        out.writeStringField("stream", gap.key().stream().label());
        if (!gap.uplink().isEmpty()) {
            out.writeStringField("uplink", gap.uplink());
        }
        out.writeStringField("epoch", RecordKey.epochText(gap.lostEpoch()));
        out.writeNumberField("from", gap.from());
        out.writeNumberField("to", gap.to());
        out.writeStringField("reason", JsonWriter.lower(gap.reason()));
        out.writeStringField("detail", gap.detail());
        out.writeBooleanField("revoked", gap.revoked());
        out.writeEndObject();
    }
}
