// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.message.RecordKey;
import edge.api.message.StreamId;
import edge.api.uplink.DeadLetter;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one uplink has put aside, in a file that is replaced with each change. The records themselves stay in the journal. Safe
 * for several threads.
 */
final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int RADIX = 16;

    private final Path file;
    // Guarded by this.
    private final Map<RecordKey, DeadLetter> letters = new LinkedHashMap<>();

    DeadLetters(Path file) {
        this.file = file;
        try {
            if (Files.exists(file)) {
                for (Json letter : JsonParser.parse(Files.readString(file)).asObject().get("letters").asArray()) {
                    DeadLetter read = read(letter.asObject());
                    letters.put(read.key(), read);
                }
            }
        } catch (IOException | JsonException | IllegalArgumentException | DateTimeParseException e) {
            // The list is a convenience; what it held is in the ledger and in the journal.
            LOG.error("the dead letters in {} cannot be read and are put beside it as .damaged; the ledger still tells which"
                + " records they were: {}", file, e.toString());
            SafeFile.putAside(file);
        }
    }

    private static DeadLetter read(Json.Obj letter) throws JsonException {
        String label = letter.text("stream");
        int slash = label.indexOf('/');
        StreamId stream = label.startsWith("ingest/") ? StreamId.ingest(label.substring(slash + 1))
            : StreamId.device(label.substring(slash + 1));
        RecordKey key = new RecordKey(UUID.fromString(letter.text("gateway")), stream,
            Long.parseUnsignedLong(letter.text("epoch"), RADIX), letter.integer("sequence", 1, Long.MAX_VALUE));
        return new DeadLetter(key, Long.parseLong(letter.text("position")), letter.text("reason"),
            (int) letter.integer("attempts", 0, Integer.MAX_VALUE), Instant.parse(letter.text("at")), false);
    }

    synchronized List<DeadLetter> list() {
        return List.copyOf(letters.values());
    }

    synchronized int size() {
        return letters.size();
    }

    synchronized Optional<DeadLetter> get(RecordKey key) {
        return Optional.ofNullable(letters.get(key));
    }

    /** Adds one, or replaces that of the same record. */
    void put(DeadLetter letter) throws IOException {
        change(next -> {
            next.put(letter.key(), letter);
            return next;
        });
    }

    /** Changes one if it is there. */
    void update(RecordKey key, UnaryOperator<DeadLetter> how) throws IOException {
        change(next -> {
            next.computeIfPresent(key, (same, letter) -> how.apply(letter));
            return next;
        });
    }

    /** @return false if it is not there */
    boolean remove(RecordKey key) throws IOException {
        if (get(key).isEmpty()) {
            return false;
        }
        change(next -> {
            next.remove(key);
            return next;
        });
        return true;
    }

    /** On disk first: what cannot be kept is not changed. */
    private synchronized void change(UnaryOperator<Map<RecordKey, DeadLetter>> how) throws IOException {
        Map<RecordKey, DeadLetter> next = how.apply(new LinkedHashMap<>(letters));
        SafeFile.replace(file, json(new ArrayList<>(next.values())));
        letters.clear();
        letters.putAll(next);
    }

    private static byte[] json(List<DeadLetter> all) {
        return JsonWriter.bytes(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("letters");
            for (DeadLetter letter : all) {
                out.writeStartObject();
                out.writeStringField("gateway", letter.key().gateway().toString());
                out.writeStringField("stream", letter.key().stream().label());
                out.writeStringField("epoch", RecordKey.epochText(letter.key().epoch()));
                out.writeNumberField("sequence", letter.key().sequence());
                // A position may have more digits than a number of JSON keeps.
                out.writeStringField("position", Long.toString(letter.position()));
                out.writeStringField("reason", letter.reason());
                out.writeNumberField("attempts", letter.attempts());
                out.writeStringField("at", letter.at().toString());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }
}
