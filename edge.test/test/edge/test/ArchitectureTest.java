// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final Pattern PACKAGE = Pattern.compile("(?:^|,)([a-z][A-Za-z0-9_.]*)");

    private static Map<String, Attributes> bundles() throws IOException {
        Map<String, Attributes> bundles = new TreeMap<>();
        for (String folder : List.of("system", "bundles")) {
            try (Stream<Path> jars = Files.list(Path.of(System.getProperty("edge.distribution"), folder))) {
                for (Path jar : jars.toList()) {
                    try (JarFile file = new JarFile(jar.toFile())) {
                        bundles.put(jar.getFileName().toString().replaceAll("\\.jar$", ""),
                            file.getManifest().getMainAttributes());
                    }
                }
            }
        }
        return bundles;
    }

    private static List<String> packages(Attributes manifest, String header) {
        List<String> names = new ArrayList<>();
        String value = manifest.getValue(header);
        if (value != null) {
            Matcher matcher = PACKAGE.matcher(value.replaceAll("\"[^\"]*\"", ""));
            while (matcher.find()) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }

    private static boolean isRoom(String name) {
        return name.startsWith("edge.") && !name.equals("edge.api") && !name.equals("edge.json");
    }

    @Test
    void no_room_imports_another_rooms_packages() throws Exception {
        Map<String, Attributes> bundles = bundles();

        assertThat(bundles.keySet()).contains("edge.runtime", "edge.journal", "edge.broker", "edge.web",
            "edge.drivers.modbus", "edge.drivers.gpio", "edge.cloudconnector.core", "edge.cloudconnector.mqtt");
        bundles.forEach((name, manifest) -> {
            if (isRoom(name)) {
                assertThat(packages(manifest, "Import-Package")).as("imports of %s", name)
                    .allMatch(imported -> !imported.startsWith("edge.") || imported.startsWith("edge.api.")
                        || imported.equals("edge.json"));
            }
        });
    }

    @Test
    void a_room_exports_nothing() throws Exception {
        bundles().forEach((name, manifest) -> {
            if (isRoom(name)) {
                assertThat(packages(manifest, "Export-Package")).as("exports of %s", name).isEmpty();
            }
        });
    }

    @Test
    void the_contracts_import_nothing_but_themselves_and_java() throws Exception {
        assertThat(packages(bundles().get("edge.api"), "Import-Package"))
            .allMatch(imported -> imported.startsWith("edge.api.") || imported.startsWith("java."));
    }

    @Test
    void no_bundle_of_ours_requires_bundles_or_imports_dynamically() throws Exception {
        bundles().forEach((name, manifest) -> {
            if (name.startsWith("edge.")) {
                assertThat(manifest.getValue("Require-Bundle")).as("Require-Bundle of %s", name).isNull();
                assertThat(manifest.getValue("DynamicImport-Package")).as("DynamicImport-Package of %s", name).isNull();
            }
        });
    }

    @Test
    void the_demo_plant_is_not_in_the_product_image() throws Exception {
        assertThat(bundles().keySet()).noneMatch(name -> name.startsWith("edge.demo"));
    }
}
