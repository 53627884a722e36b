// SPDX-License-Identifier: Apache-2.0
package edge.sbom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Writes what is in a whole distribution to its {@code sbom.cdx.json}. */
public final class GatewaySbom {
    private final Artifacts artifacts;
    private final Path image;

    private GatewaySbom(Artifacts artifacts, Path image) {
        this.artifacts = artifacts;
        this.image = image;
    }

    /** @param arguments the folder of the distribution, the folder cnf, the version of the product */
    public static void main(String[] arguments) throws IOException {
        Path image = Path.of(arguments[0]);
        GatewaySbom sbom = new GatewaySbom(new Artifacts(Path.of(arguments[1])), image);
        Files.writeString(image.resolve("sbom.cdx.json"), sbom.document(arguments[2]));
    }

    private String document(String version) throws IOException {
        String ref = "pkg:generic/edge-gateway@" + version;
        Map<String, Object> subject = CycloneDx.ordered("type", "application", "bom-ref", ref, "name", "edge-gateway",
            "version", version, "licenses", CycloneDx.licence("Apache-2.0"), "purl", ref);
        List<Map<String, Object>> components = new ArrayList<>();
        for (String folder : List.of("lib", "system", "bundles")) {
            try (Stream<Path> jars = Files.list(image.resolve(folder))) {
                for (Path jar : jars.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
                    components.add(component(jar));
                }
            }
        }
        List<String> refs = components.stream().map(component -> (String) component.get("bom-ref")).toList();
        List<Map<String, Object>> dependencies = new ArrayList<>();
        dependencies.add(CycloneDx.dependency(ref, refs));
        refs.forEach(one -> dependencies.add(CycloneDx.dependency(one, List.of())));
        return CycloneDx.document(subject, components, dependencies);
    }

    private Map<String, Object> component(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Attributes headers = jar.getManifest().getMainAttributes();
            Optional<Artifact> published = published(file);
            Map<String, Object> component = published.isPresent() ? published.get().component() : own(file, jar, headers);
            List<Object> properties = new ArrayList<>();
            properties.add(property("edge:file", image.relativize(file).toString()));
            String name = headers.getValue("Bundle-SymbolicName");
            if (name != null) {
                properties.add(property("edge:bundle", name.replaceAll(";.*", "")));
            }
            component.put("properties", properties);
            return component;
        }
    }

    static Map<String, Object> property(String name, String value) {
        return CycloneDx.ordered("name", name, "value", value);
    }

    private Optional<Artifact> published(Path file) throws IOException {
        long size = Files.size(file);
        for (Artifact artifact : artifacts.all()) {
            if (Files.size(artifact.jar()) == size && Files.mismatch(file, artifact.jar()) < 0) {
                return Optional.of(artifact);
            }
        }
        return Optional.empty();
    }

    private Map<String, Object> own(Path file, JarFile jar, Attributes headers) throws IOException {
        if (jar.getEntry(BundleSbom.ENTRY) == null) {
            throw new IOException(file + " is neither an artifact of cnf/pom.xml nor a bundle with " + BundleSbom.ENTRY);
        }
        String name = headers.getValue("Bundle-SymbolicName").replaceAll(";.*", "");
        String version = headers.getValue("Bundle-Version");
        String ref = "pkg:generic/" + name + "@" + version;
        Map<String, Object> component = CycloneDx.ordered("type", "library", "bom-ref", ref, "name", name, "version", version,
            "hashes", CycloneDx.sha256(file), "licenses", CycloneDx.licence(BundleSbom.licence(headers.getValue("Bundle-License"))),
            "purl", ref);
        List<Map<String, Object>> parts = new ArrayList<>();
        Artifacts.Count count = artifacts.count(jar);
        count.found().forEach(found -> parts.add(found.artifact().component()));
        parts.addAll(count.carried());
        if (!parts.isEmpty()) {
            List<Map<String, Object>> nested = new ArrayList<>();
            for (Map<String, Object> part : parts) {
                Map<String, Object> copy = new LinkedHashMap<>(part);
                copy.put("bom-ref", ref + "#" + part.get("bom-ref"));
                nested.add(copy);
            }
            component.put("components", nested);
        }
        return component;
    }
}
