// SPDX-License-Identifier: Apache-2.0
package edge.runtime.generation;

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
import java.util.List;

/**
 * One generation: a folder {@code generations/NUMBER} with {@code generation.json} and a copy of the configurations in
 * {@code etc}. It gets its name when it is complete and is never changed afterwards.
 *
 * @param number from 1; 0 is what the product image alone gives
 * @param origin who made it and why
 * @param bundles its deployed bundles
 * @param files names of its configuration files
 */
public record Kept(long number, Origin origin, BundleSet bundles, List<String> files) {
    static final String FILE = "generation.json";
    static final String ETC = "etc";
    /** What made the generation of what a new gateway finds. */
    public static final String FIRST = "the first configurations";
    private static final int VERSION = 1;

    public Kept {
        files = List.copyOf(files);
    }

    /** Who made it, when, how and what for. */
    public record Origin(Instant time, String caller, String summary, String why) {
    }

    static Kept image() {
        return new Kept(0, new Origin(Instant.EPOCH, "", "the product image", ""), BundleSet.NONE, List.of());
    }

    static Kept read(Path folder) throws IOException, JsonException {
        Json.Obj root = JsonParser.parse(Files.readString(folder.resolve(FILE))).asObject();
        root.integer("version", VERSION, VERSION);
        List<String> files = new ArrayList<>();
        for (Json file : root.get("configurations").asArray()) {
            files.add(file.asText());
        }
        try {
            return new Kept(root.integer("number", 1, Long.MAX_VALUE), new Origin(Instant.parse(root.text("time")),
                root.text("caller"), root.text("summary"), root.text("why")), BundleSet.read(root), files);
        } catch (DateTimeParseException e) {
            throw root.get("time").place().problem("must be a time");
        }
    }

    byte[] bytes() {
        return JsonWriter.bytes(out -> {
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            out.writeNumberField("version", VERSION);
            out.writeNumberField("number", number);
            JsonWriter.time(out, "time", origin.time());
            out.writeStringField("caller", origin.caller());
            out.writeStringField("summary", origin.summary());
            out.writeStringField("why", origin.why());
            bundles.write(out);
            BundleSet.texts(out, "configurations", files);
            out.writeEndObject();
        });
    }
}
