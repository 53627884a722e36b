// SPDX-License-Identifier: Apache-2.0
package edge.runtime.generation;

import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A deployment that is under way, written down before anything is touched: what it takes to undo it after a power cut.
 *
 * @param id the deployment's
 * @param generation the number it will have when it is kept
 * @param trial whether the gateway is restarted with it: it is then tried once
 * @param wanted the bundles that it wants
 * @param files the configuration files that it changes
 */
public record Attempt(String id, long generation, Kept.Origin origin, boolean trial, BundleSet wanted, List<File> files) {
    private static final int VERSION = 1;

    public Attempt {
        files = List.copyOf(files);
    }

    /**
     * @param name of the file in {@code etc}
     * @param before its text before; empty if there was no such file
     * @param after its text to be; empty if it is deleted
     */
    public record File(String name, Optional<String> before, Optional<String> after) {
    }

    Attempt tried() {
        return new Attempt(id, generation, origin, false, wanted, files);
    }

    static Attempt parse(String text) throws JsonException {
        Json.Obj root = JsonParser.parse(text).asObject();
        root.integer("version", VERSION, VERSION);
        List<File> files = new ArrayList<>();
        for (Json item : root.get("configurations").asArray()) {
            Json.Obj file = item.asObject();
            files.add(new File(file.text("name"), optional(file, "before"), optional(file, "after")));
        }
        try {
            return new Attempt(root.text("id"), root.integer("generation", 1, Long.MAX_VALUE),
                new Kept.Origin(Instant.parse(root.text("time")), root.text("caller"), root.text("summary"), root.text("why")),
                root.bool("trial", false), BundleSet.read(root), files);
        } catch (DateTimeParseException e) {
            throw root.get("time").place().problem("must be a time");
        }
    }

    private static Optional<String> optional(Json.Obj object, String name) throws JsonException {
        return object.has(name) ? Optional.of(object.text(name)) : Optional.empty();
    }

    byte[] bytes() {
        return JsonWriter.bytes(out -> {
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            out.writeNumberField("version", VERSION);
            out.writeStringField("id", id);
            out.writeNumberField("generation", generation);
            JsonWriter.time(out, "time", origin.time());
            out.writeStringField("caller", origin.caller());
            out.writeStringField("summary", origin.summary());
            out.writeStringField("why", origin.why());
            out.writeBooleanField("trial", trial);
            wanted.write(out);
            out.writeArrayFieldStart("configurations");
            for (File file : files) {
                out.writeStartObject();
                out.writeStringField("name", file.name());
                if (file.before().isPresent()) {
                    out.writeStringField("before", file.before().get());
                }
                if (file.after().isPresent()) {
                    out.writeStringField("after", file.after().get());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }
}
