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
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one uplink has put aside, and what of it is to be sent again, in a file that is replaced with each change. The records
 * themselves stay in the journal. Safe for several threads.
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
            (int) letter.integer("attempts", 0, Integer.MAX_VALUE), Instant.parse(letter.text("at")),
            letter.bool("replaying", false));
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
        change(next -> next.put(letter.key(), letter));
    }

    /** @return false if it is not there */
    boolean remove(RecordKey key) throws IOException {
        if (get(key).isEmpty()) {
            return false;
        }
        change(next -> next.remove(key));
        return true;
    }

    /**
     * Somebody wants one sent again. On disk when this returns: a restart does not forget it.
     *
     * @return false if it is not there, or is wanted already
     */
    synchronized boolean ask(RecordKey key) throws IOException {
        if (get(key).filter(letter -> !letter.replaying()).isEmpty()) {
            return false;
        }
        change(next -> next.computeIfPresent(key, (same, old) -> with(old, old.reason(), old.attempts(), true)));
        return true;
    }

    /** Whether one is to be sent again, and nobody has forgotten it meanwhile. */
    boolean isAsked(RecordKey key) {
        return get(key).filter(DeadLetter::replaying).isPresent();
    }

    /** Those that are to be sent again, in their order. */
    synchronized List<RecordKey> asked() {
        return letters.values().stream().filter(DeadLetter::replaying).map(DeadLetter::key).toList();
    }

    /** It was sent again, and is not taken. */
    void refused(RecordKey key, String reason) {
        note(key, old -> with(old, reason, old.attempts() + 1, false));
    }

    /** It is not to be sent again: that cannot be, or it was and nobody can tell. */
    void notSent(RecordKey key, String reason) {
        note(key, old -> with(old, reason, old.attempts(), false));
    }

    /** It was sent again, and taken. */
    void taken(RecordKey key) {
        note(key, old -> null);
    }

    private static DeadLetter with(DeadLetter old, String reason, int attempts, boolean replaying) {
        return new DeadLetter(old.key(), old.position(), reason, attempts, old.at(), replaying);
    }

    /** On disk first: what cannot be kept is not changed. */
    private synchronized void change(Consumer<Map<RecordKey, DeadLetter>> what) throws IOException {
        Map<RecordKey, DeadLetter> next = new LinkedHashMap<>(letters);
        what.accept(next);
        SafeFile.replace(file, json(next.values()));
        letters.clear();
        letters.putAll(next);
    }

    /**
     * What the target has said counts, whether it can be kept or not.
     *
     * @param what what becomes of it; null if it is none any more
     */
    private synchronized void note(RecordKey key, UnaryOperator<DeadLetter> what) {
        if (!letters.containsKey(key)) {
            return;
        }
        letters.computeIfPresent(key, (same, old) -> what.apply(old));
        try {
            SafeFile.replace(file, json(letters.values()));
        } catch (IOException e) {
            LOG.warn("{} cannot be written; after a restart a dead letter is sent again once more: {}", file, e.toString());
        }
    }

    private static byte[] json(Collection<DeadLetter> all) {
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
                out.writeBooleanField("replaying", letter.replaying());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }
}
