// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The bill of materials of a gateway: that of its image (CycloneDX 1.6), with the deployed bundles in the place of those of the
 * same name.
 */
final class GatewayBill {
    /** The property of a component that names the bundle it is. */
    private static final String BUNDLE = "edge:bundle";

    private final Json.Obj image;
    private final Map<String, Deployed> deployed = new TreeMap<>();

    /** @param components what the bundle's own bill lists */
    private record Deployed(String name, String version, String sha256, List<Json> components) {
        String ref() {
            return "pkg:generic/" + name + "@" + version + "?checksum=sha256:" + sha256;
        }
    }

    GatewayBill(String image) throws IOException {
        this.image = parse(image, "the bill of the image");
    }

    private static Json.Obj parse(String text, String what) throws IOException {
        try {
            return JsonParser.parse(text).asObject();
        } catch (JsonException e) {
            throw new IOException(what + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** @param own the bundle's own bill; empty if it has none */
    void add(String name, String version, String sha256, String own) {
        List<Json> components = List.of();
        try {
            if (!own.isEmpty() && JsonParser.parse(own).asObject().has("components")) {
                components = JsonParser.parse(own).asObject().get("components").asArray();
            }
        } catch (JsonException e) {
            // Its author's mistake must not hide the rest: the bundle is listed without its parts.
            components = List.of();
        }
        deployed.put(name, new Deployed(name, version, sha256, components));
    }

    byte[] document() throws IOException {
        try {
            Json.Obj subject = image.get("metadata").asObject().get("component").asObject();
            List<Json> kept = new ArrayList<>();
            for (Json component : image.get("components").asArray()) {
                if (!deployed.containsKey(bundle(component.asObject()))) {
                    kept.add(component);
                }
            }
            byte[] content = bytes(subject, kept, "");
            return bytes(subject, kept, "urn:uuid:" + UUID.nameUUIDFromBytes(content));
        } catch (JsonException e) {
            throw new IOException("the bill of the image is not one of ours: " + e.getMessage(), e);
        }
    }

    private static String bundle(Json.Obj component) throws JsonException {
        if (component.has("properties")) {
            for (Json property : component.get("properties").asArray()) {
                if (property.asObject().text("name").equals(BUNDLE)) {
                    return property.asObject().text("value");
                }
            }
        }
        return "";
    }

    private byte[] bytes(Json.Obj subject, List<Json> kept, String serial) throws JsonException {
        String root = subject.text("bom-ref");
        List<String> refs = new ArrayList<>();
        for (Json component : kept) {
            refs.add(component.asObject().text("bom-ref"));
        }
        deployed.values().forEach(one -> refs.add(one.ref()));
        return JsonWriter.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
            out.writeStringField("bomFormat", "CycloneDX");
            out.writeStringField("specVersion", "1.6");
            if (!serial.isEmpty()) {
                out.writeStringField("serialNumber", serial);
            }
            out.writeNumberField("version", 1);
            out.writeObjectFieldStart("metadata");
            out.writeFieldName("component");
            JsonWriter.tree(out, subject);
            out.writeEndObject();
            out.writeArrayFieldStart("components");
            for (Json component : kept) {
                JsonWriter.tree(out, component);
            }
            for (Deployed one : deployed.values()) {
                component(out, one);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("dependencies");
            out.writeStartObject();
            out.writeStringField("ref", root);
            out.writeArrayFieldStart("dependsOn");
            for (String ref : refs) {
                out.writeString(ref);
            }
            out.writeEndArray();
            out.writeEndObject();
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** Its author chose it without knowing of the others. */
    private static Json.Obj withoutReference(Json.Obj component) {
        Map<String, Json> members = new LinkedHashMap<>(component.members());
        members.remove("bom-ref");
        return new Json.Obj(component.place(), members);
    }

    private static void component(JsonGenerator out, Deployed one) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", "library");
        out.writeStringField("bom-ref", one.ref());
        out.writeStringField("name", one.name());
        out.writeStringField("version", one.version());
        out.writeArrayFieldStart("hashes");
        out.writeStartObject();
        out.writeStringField("alg", "SHA-256");
        out.writeStringField("content", one.sha256());
        out.writeEndObject();
        out.writeEndArray();
        if (!one.components().isEmpty()) {
            out.writeArrayFieldStart("components");
            for (Json component : one.components()) {
                if (component instanceof Json.Obj object) {
                    JsonWriter.tree(out, withoutReference(object));
                }
            }
            out.writeEndArray();
        }
        out.writeArrayFieldStart("properties");
        out.writeStartObject();
        out.writeStringField("name", BUNDLE);
        out.writeStringField("value", one.name());
        out.writeEndObject();
        out.writeEndArray();
        out.writeEndObject();
    }
}
