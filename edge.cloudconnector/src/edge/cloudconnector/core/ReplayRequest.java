// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.StreamSelection;
import edge.api.uplink.UplinkStatus;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time that an uplink was asked to send again, and how far it is: kept in a file, so that it goes on after a restart. At
 * most what was sent in the last second before an unclean stop is sent once more. Safe for several threads.
 */
final class ReplayRequest {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayRequest.class);
    private static final long SAVE_EVERY = Duration.ofSeconds(1).toNanos();

    /** What was asked for. Each request is another one, though it asks for the same. */
    static final class Range {

        final StreamSelection streams;
        final Instant from;
        final Instant until;

        Range(StreamSelection streams, Instant from, Instant until) {
            this.streams = streams;
            this.from = from;
            this.until = until;
        }
    }

    private final Path file;
    // All guarded by this.
    private Optional<Range> range = Optional.empty();
    /** Everything up to this place in the journal was taken. */
    private long position;
    private long sent;
    private long savedAt;
    private boolean dirty;

    ReplayRequest(Path file) {
        this.file = file;
        try {
            Json.Obj kept = JsonParser.parse(Files.readString(file)).asObject();
            List<String> streams = new ArrayList<>();
            for (Json pattern : kept.get("streams").asArray()) {
                streams.add(pattern.asText());
            }
            position = Long.parseLong(kept.text("position"));
            sent = kept.integer("sent", 0, Long.MAX_VALUE);
            range = Optional.of(new Range(new StreamSelection(streams), Instant.parse(kept.text("from")),
                Instant.parse(kept.text("until"))));
        } catch (NoSuchFileException e) {
            LOG.debug("nothing is to be sent again by {}", file);
        } catch (IOException | JsonException | IllegalArgumentException | DateTimeException e) {
            LOG.error("the request in {} to send a time again cannot be read and is put beside it as .damaged; ask for it"
                + " once more: {}", file, e.toString());
            SafeFile.putAside(file);
        }
    }

    /** Takes the place of the one before. On disk when this returns. */
    synchronized void begin(Range next) throws IOException {
        SafeFile.replace(file, json(next, 0, 0));
        range = Optional.of(next);
        position = 0;
        sent = 0;
        dirty = false;
    }

    synchronized Optional<Range> range() {
        return range;
    }

    /** Everything up to this place was taken; 0 at the beginning. */
    synchronized long position() {
        return position;
    }

    synchronized Optional<UplinkStatus.Replay> status() {
        return range.map(now -> new UplinkStatus.Replay(now.from, now.until, sent));
    }

    /** One more record was taken, if that is still the request. */
    synchronized void taken(Range of, long at) {
        if (!is(of)) {
            return;
        }
        position = at;
        sent++;
        dirty = true;
        if (System.nanoTime() - savedAt > SAVE_EVERY) {
            save();
        }
    }

    boolean is(Range of) {
        return range().filter(now -> now == of).isPresent();
    }

    /** Keeps how far it is. If that cannot be kept, more is sent twice after a restart. */
    synchronized void save() {
        savedAt = System.nanoTime();
        if (!dirty || range.isEmpty()) {
            return;
        }
        dirty = false;
        try {
            SafeFile.replace(file, json(range.get(), position, sent));
        } catch (IOException e) {
            LOG.warn("{} cannot be written; after a restart more is sent again than is needed: {}", file, e.toString());
        }
    }

    /** All of that was taken. If something else is asked for by now, that stays. */
    synchronized void done(Range of) {
        if (is(of)) {
            end();
        }
    }

    /**
     * It is not wanted any more.
     *
     * @return false if there was nothing to end
     */
    synchronized boolean end() {
        boolean was = range.isPresent();
        range = Optional.empty();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} cannot be deleted; after a restart that time is sent again: {}", file, e.toString());
        }
        return was;
    }

    private static byte[] json(Range range, long position, long sent) {
        return JsonWriter.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("from", range.from.toString());
            out.writeStringField("until", range.until.toString());
            out.writeArrayFieldStart("streams");
            for (String pattern : range.streams.patterns()) {
                out.writeString(pattern);
            }
            out.writeEndArray();
            // A position may have more digits than a number of JSON keeps.
            out.writeStringField("position", Long.toString(position));
            out.writeNumberField("sent", sent);
            out.writeEndObject();
        });
    }
}
