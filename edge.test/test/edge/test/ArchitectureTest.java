// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    private static final Pattern PACKAGE = Pattern.compile("(?:^|,)([a-z][A-Za-z0-9_.]*)");

    private static final Pattern IMPLEMENTATION = Pattern.compile("<implementation class=\"([^\"]+)\"");
    private static final Pattern FIELD = Pattern.compile("<reference [^>]*\\bfield=\"([^\"]+)\"");

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
    void what_the_framework_puts_into_fields_it_can_reach() throws Exception {
        List<Path> jars = new ArrayList<>();
        for (String folder : List.of("system", "bundles", "lib")) {
            try (Stream<Path> files = Files.walk(Path.of(System.getProperty("edge.distribution"), folder))) {
                files.filter(file -> file.toString().endsWith(".jar")).forEach(jars::add);
            }
        }
        List<String> fields = new ArrayList<>();
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            for (Path jar : jars) {
                for (String component : components(jar)) {
                    Matcher implementation = IMPLEMENTATION.matcher(component);
                    assertThat(implementation.find()).as(component).isTrue();
                    Class<?> type = loader.loadClass(implementation.group(1));
                    for (Matcher field = FIELD.matcher(component); field.find();) {
                        assertThat(isReached(type, field.group(1))).as("%s.%s", type.getName(), field.group(1)).isTrue();
                        fields.add(field.group(1));
                    }
                }
            }
        }
        assertThat(fields).hasSizeGreaterThan(10);
    }

    private static List<String> components(Path jar) throws IOException {
        List<String> components = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : Collections.list(file.entries())) {
                if (jar.getFileName().toString().startsWith("edge.") && entry.getName().matches("OSGI-INF/[^/]+\\.xml")) {
                    components.add(new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return components;
    }

    /** As Declarative Services does (112.3.8.1): a field of a base class must be one that the component's own code could use. */
    private static boolean isReached(Class<?> type, String name) {
        for (Class<?> declaring = type; declaring != null; declaring = declaring.getSuperclass()) {
            for (Field field : declaring.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    int modifiers = field.getModifiers();
                    boolean open = Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
                    return declaring == type || open
                        || !Modifier.isPrivate(modifiers) && declaring.getPackageName().equals(type.getPackageName());
                }
            }
        }
        return false;
    }

    @Test
    void the_demo_plant_is_not_in_the_product_image() throws Exception {
        assertThat(bundles().keySet()).noneMatch(name -> name.startsWith("edge.demo"));
    }
}
