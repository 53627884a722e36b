// SPDX-License-Identifier: Apache-2.0
package edge.sbom;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Documents of CycloneDX 1.6 (ECMA-424). The same content gives the same bytes: there is no time in them. */
final class CycloneDx {

    private CycloneDx() {
    }

    static List<Object> sha256(Path file) {
        return List.of(ordered("alg", "SHA-256", "content", Artifact.sha256(file)));
    }

    static List<Object> licence(String expression) {
        return expression.contains(" ") ? List.of(ordered("expression", expression))
            : List.of(ordered("license", ordered("id", expression)));
    }

    static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }

    /**
     * @param subject the component that the document is about
     * @param components what is in it
     * @param dependencies of the subject and of the components
     */
    static String document(Map<String, Object> subject, List<Map<String, Object>> components,
                           List<Map<String, Object>> dependencies) {
        Map<String, Object> rest = ordered("version", 1,
            "metadata", ordered("component", subject),
            "components", components,
            "dependencies", dependencies,
            "compositions", List.of(ordered("aggregate", "complete", "assemblies", List.of(subject.get("bom-ref")))));
        String serial = "urn:uuid:" + UUID.nameUUIDFromBytes(Json.write(rest).getBytes(StandardCharsets.UTF_8));
        Map<String, Object> document = ordered("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json",
            "bomFormat", "CycloneDX", "specVersion", "1.6", "serialNumber", serial);
        document.putAll(rest);
        return Json.write(document);
    }

    static Map<String, Object> dependency(String ref, List<String> on) {
        return on.isEmpty() ? ordered("ref", ref) : ordered("ref", ref, "dependsOn", on);
    }
}
