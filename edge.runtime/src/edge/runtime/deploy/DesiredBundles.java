// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import edge.runtime.base.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which bundles this gateway is meant to have beside those of its image: {@code bundles/bundles.json}. A power cut leaves the
 * old set or the new one. Immutable.
 *
 * @param deployed by symbolic name
 * @param stopped symbolic names of the bundles that are not to run
 */
record DesiredBundles(Map<String, Deployed> deployed, Set<String> stopped) {
    static final String FILE = "bundles.json";
    private static final int VERSION = 1;

    /**
     * A deployed bundle.
     *
     * @param file name of the jar in {@code bundles}
     * @param source where it came from
     */
    record Deployed(String symbolicName, String version, String file, String sha256, String source) {
    }

    static DesiredBundles none() {
        return new DesiredBundles(Map.of(), Set.of());
    }

    static DesiredBundles read(Path folder) throws IOException, JsonException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return none();
        }
        Json.Obj root = JsonParser.parse(Files.readString(file)).asObject();
        root.integer("version", VERSION, VERSION);
        Map<String, Deployed> deployed = new TreeMap<>();
        for (Json item : root.get("deployed").asArray()) {
            Json.Obj bundle = item.asObject();
            Deployed one = new Deployed(bundle.text("symbolicName"), bundle.text("version"), bundle.text("file"),
                bundle.text("sha256"), bundle.text("source"));
            if (!one.file().matches("[A-Za-z0-9_][A-Za-z0-9_.-]*\\.jar")) {
                throw bundle.get("file").place().problem("must be the name of a jar in this folder");
            }
            deployed.put(one.symbolicName(), one);
        }
        Set<String> stopped = new TreeSet<>();
        for (Json item : root.get("stopped").asArray()) {
            stopped.add(item.asText());
        }
        return new DesiredBundles(deployed, stopped);
    }

    void write(Path folder) throws IOException {
        AtomicFiles.write(folder.resolve(FILE), JsonWriter.bytes(out -> {
            out.useDefaultPrettyPrinter();
            out.writeStartObject();
            out.writeNumberField("version", VERSION);
            out.writeArrayFieldStart("deployed");
            for (Deployed bundle : deployed.values()) {
                out.writeStartObject();
                out.writeStringField("symbolicName", bundle.symbolicName());
                out.writeStringField("version", bundle.version());
                out.writeStringField("file", bundle.file());
                out.writeStringField("sha256", bundle.sha256());
                out.writeStringField("source", bundle.source());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeArrayFieldStart("stopped");
            for (String name : stopped) {
                out.writeString(name);
            }
            out.writeEndArray();
            out.writeEndObject();
        }));
    }

    Optional<Deployed> find(String symbolicName) {
        return Optional.ofNullable(deployed.get(symbolicName));
    }

    DesiredBundles with(Deployed bundle) {
        Map<String, Deployed> changed = new TreeMap<>(deployed);
        changed.put(bundle.symbolicName(), bundle);
        return new DesiredBundles(changed, stopped);
    }

    DesiredBundles without(String symbolicName) {
        Map<String, Deployed> changed = new TreeMap<>(deployed);
        changed.remove(symbolicName);
        return new DesiredBundles(changed, stopped);
    }

    DesiredBundles stopped(String symbolicName, boolean stop) {
        Set<String> changed = new TreeSet<>(stopped);
        if (stop) {
            changed.add(symbolicName);
        } else {
            changed.remove(symbolicName);
        }
        return new DesiredBundles(deployed, changed);
    }
}
