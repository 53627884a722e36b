// SPDX-License-Identifier: Apache-2.0
package edge.runtime.generation;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.json.Json;
import edge.json.JsonException;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which bundles a gateway is meant to have beside those of its image. Immutable.
 *
 * @param deployed by symbolic name
 * @param stopped symbolic names of the bundles that are not to run
 */
public record BundleSet(Map<String, Deployed> deployed, Set<String> stopped) {
    public static final BundleSet NONE = new BundleSet(Map.of(), Set.of());

    public BundleSet {
        deployed = Collections.unmodifiableMap(new TreeMap<>(deployed));
        stopped = Collections.unmodifiableSet(new TreeSet<>(stopped));
    }

    /**
     * A deployed bundle.
     *
     * @param sha256 of its jar, 64 hexadecimal digits; also its name in the {@link GenerationStore}
     * @param source where it came from
     */
    public record Deployed(String symbolicName, String version, String sha256, String source) {
    }

    static BundleSet read(Json.Obj root) throws JsonException {
        Map<String, Deployed> deployed = new TreeMap<>();
        for (Json item : root.get("bundles").asArray()) {
            Json.Obj bundle = item.asObject();
            Deployed one = new Deployed(bundle.text("symbolicName"), bundle.text("version"), bundle.text("sha256"),
                bundle.text("source"));
            if (!one.sha256().matches("[0-9a-f]{64}")) {
                throw bundle.get("sha256").place().problem("must be 64 hexadecimal digits");
            }
            deployed.put(one.symbolicName(), one);
        }
        Set<String> stopped = new TreeSet<>();
        for (Json item : root.get("stopped").asArray()) {
            stopped.add(item.asText());
        }
        return new BundleSet(deployed, stopped);
    }

    void write(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("bundles");
        for (Deployed bundle : deployed.values()) {
            out.writeStartObject();
            out.writeStringField("symbolicName", bundle.symbolicName());
            out.writeStringField("version", bundle.version());
            out.writeStringField("sha256", bundle.sha256());
            out.writeStringField("source", bundle.source());
            out.writeEndObject();
        }
        out.writeEndArray();
        texts(out, "stopped", stopped);
    }

    static void texts(JsonGenerator out, String name, Collection<String> texts) throws IOException {
        out.writeArrayFieldStart(name);
        for (String text : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }

    public Optional<Deployed> find(String symbolicName) {
        return Optional.ofNullable(deployed.get(symbolicName));
    }

    public boolean isStopped(String symbolicName) {
        return stopped.contains(symbolicName);
    }

    public BundleSet with(Deployed bundle) {
        Map<String, Deployed> changed = new TreeMap<>(deployed);
        changed.put(bundle.symbolicName(), bundle);
        return new BundleSet(changed, stopped);
    }

    public BundleSet without(String symbolicName) {
        Map<String, Deployed> changed = new TreeMap<>(deployed);
        changed.remove(symbolicName);
        return new BundleSet(changed, stopped);
    }

    public BundleSet stopped(String symbolicName, boolean stop) {
        Set<String> changed = new TreeSet<>(stopped);
        if (stop) {
            changed.add(symbolicName);
        } else {
            changed.remove(symbolicName);
        }
        return new BundleSet(deployed, changed);
    }
}
