// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.json.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** Compares what the bundles say about what is in them with what is in them, byte by byte. */
class SbomTest {
    private static final Path DISTRIBUTION = Path.of(System.getProperty("edge.distribution"));
    private static final Path REPOSITORY = Path.of(System.getProperty("user.home"), ".m2", "repository");
    private static final Pattern MAVEN = Pattern.compile("pkg:maven/([^/]+)/([^@]+)@(.+)");
    private static final String ENTRY = "META-INF/sbom/bom.cdx.json";

    private static List<Path> jars(String... folders) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> files = Files.list(DISTRIBUTION.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".jar")).forEach(jars::add);
            }
        }
        return jars;
    }

    private static boolean isOurs(Path jar) {
        return jar.getFileName().toString().matches("(edge|wrapped)\\..*");
    }

    private static Json.Obj document(Path jar) throws Exception {
        try (JarFile file = new JarFile(jar.toFile()); InputStream in = file.getInputStream(new ZipEntry(ENTRY))) {
            assertThat(in).as("%s has %s", jar.getFileName(), ENTRY).isNotNull();
            return (Json.Obj) JsonParser.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static List<Json.Obj> components(Json.Obj of) throws Exception {
        List<Json.Obj> components = new ArrayList<>();
        if (of.has("components")) {
            ((Json.Array) of.get("components")).items().forEach(item -> components.add((Json.Obj) item));
        }
        return components;
    }

    private static Path artifact(String purl) {
        Matcher maven = MAVEN.matcher(purl);
        assertThat(maven.matches()).as(purl).isTrue();
        return REPOSITORY.resolve(maven.group(1).replace('.', '/')).resolve(maven.group(2)).resolve(maven.group(3))
            .resolve(maven.group(2) + "-" + maven.group(3) + ".jar");
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static String hash(Json.Obj component) throws Exception {
        Json.Obj hash = (Json.Obj) ((Json.Array) component.get("hashes")).items().get(0);
        assertThat(hash.text("alg")).isEqualTo("SHA-256");
        return hash.text("content");
    }

    /** The contents of a jar's entries. */
    private static Map<String, String> contents(Path jar) throws Exception {
        Map<String, String> contents = new TreeMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (ZipEntry entry : file.stream().toList()) {
                if (!entry.isDirectory() && entry.getSize() != 0) {
                    try (InputStream in = file.getInputStream(entry)) {
                        contents.put(entry.getName(), sha256(in.readAllBytes()));
                    }
                }
            }
        }
        return contents;
    }

    @Test
    void each_bundle_lists_exactly_the_libraries_that_are_in_it() throws Exception {
        int embedded = 0;
        for (Path jar : jars("system", "bundles")) {
            if (!isOurs(jar)) {
                continue;
            }
            Map<String, String> own = contents(jar);
            Set<String> fromLibraries = new HashSet<>();
            for (Json.Obj component : components(document(jar))) {
                if (!component.has("hashes")) {
                    continue;
                }
                Path artifact = artifact(component.text("purl"));
                assertThat(hash(component)).as("%s in %s", component.text("purl"), jar.getFileName())
                    .isEqualTo(sha256(Files.readAllBytes(artifact)));
                Set<String> there = new HashSet<>(contents(artifact).values());
                there.retainAll(own.values());
                assertThat(there).as("what %s has of %s", jar.getFileName(), artifact.getFileName()).isNotEmpty();
                fromLibraries.addAll(there);
                embedded++;
            }
            String name = jar.getFileName().toString().replaceAll("\\.jar$", "");
            Set<String> unexplained = new TreeSet<>();
            own.forEach((entry, content) -> {
                boolean ours = entry.startsWith(name.replace('.', '/') + "/") || entry.startsWith("OSGI-")
                    || entry.startsWith("META-INF/") || entry.startsWith("schema/") || entry.startsWith("console/");
                if (!ours && !fromLibraries.contains(content)) {
                    unexplained.add(entry);
                }
            });
            assertThat(unexplained).as("entries of %s that nobody explains", name)
                .allMatch(entry -> name.equals("edge.broker") && entry.startsWith("io/moquette/broker/"));
        }
        assertThat(embedded).isGreaterThan(10);
    }

    @Test
    void the_distribution_lists_each_of_its_jars_with_its_hash() throws Exception {
        Json.Obj document = (Json.Obj) JsonParser.parse(Files.readString(DISTRIBUTION.resolve("sbom.cdx.json")));
        Map<String, String> listed = new TreeMap<>();
        for (Json.Obj component : components(document)) {
            Json.Obj file = (Json.Obj) ((Json.Array) component.get("properties")).items().get(0);
            assertThat(file.text("name")).isEqualTo("edge:file");
            listed.put(file.text("value"), hash(component));
        }
        Map<String, String> there = new TreeMap<>();
        for (Path jar : jars("lib", "system", "bundles")) {
            there.put(DISTRIBUTION.relativize(jar).toString(), sha256(Files.readAllBytes(jar)));
        }
        assertThat(listed).isEqualTo(there).hasSizeGreaterThan(30);
    }

    @Test
    void every_component_has_a_permissive_licence_and_what_is_buried_deeper_is_listed_too() throws Exception {
        String document = Files.readString(DISTRIBUTION.resolve("sbom.cdx.json"));
        List<Json.Obj> all = new ArrayList<>(components((Json.Obj) JsonParser.parse(document)));
        for (Json.Obj component : List.copyOf(all)) {
            all.addAll(components(component));
        }
        Set<String> references = new HashSet<>();
        for (Json.Obj component : all) {
            Json.Obj licence = (Json.Obj) ((Json.Array) component.get("licenses")).items().get(0);
            assertThat(licence.members().keySet()).as(component.text("purl")).containsAnyOf("license", "expression");
            String terms = licence.members().containsKey("expression") ? licence.text("expression")
                : licence.get("license").toString();
            assertThat(!terms.contains("GPL") || terms.contains(" OR "))
                .as("%s ships under %s", component.text("purl"), terms).isTrue();
            assertThat(references.add(component.text("bom-ref"))).as("%s is there once", component.text("bom-ref")).isTrue();
        }
        assertThat(document).contains("pkg:maven/org.eclipse.jetty/jetty-server@12.", "pkg:maven/io.netty/netty-handler@",
            "pkg:maven/de.fraunhofer.iosb.io.moquette/moquette-broker@");
    }
}
