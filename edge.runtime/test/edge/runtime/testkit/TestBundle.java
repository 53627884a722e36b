// SPDX-License-Identifier: Apache-2.0
package edge.runtime.testkit;

import edge.test.support.BundleJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes small bundles out of classes of the tests. */
public final class TestBundle {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private TestBundle() {
    }

    public static TestBundle named(String symbolicName, String version) {
        TestBundle bundle = new TestBundle();
        return bundle.header("Bundle-ManifestVersion", "2").header("Bundle-SymbolicName", symbolicName)
            .header("Bundle-Version", version).header("Import-Package", "org.osgi.framework");
    }

    public TestBundle header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public TestBundle without(String header) {
        headers.remove(header);
        return this;
    }

    public TestBundle entry(String path, byte[] bytes) {
        entries.put(path, bytes);
        return this;
    }

    public TestBundle entry(String path, String text) {
        return entry(path, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a class of the tests in. */
    public TestBundle with(Class<?> type) {
        return entry(BundleJar.path(type.getName()), bytes(type));
    }

    public TestBundle activator(Class<?> type) {
        return with(type).header("Bundle-Activator", type.getName());
    }

    public static byte[] bytes(Class<?> type) {
        return BundleJar.classFile(type.getName());
    }

    /** The attributes of Metatype's document for one PID, each an {@code <AD …/>} element. */
    public TestBundle metatype(String pid, boolean factory, String... attributes) {
        return entry("OSGI-INF/metatype/" + pid + ".xml", """
            <?xml version="1.0" encoding="UTF-8"?>
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.3.0">
              <OCD id="ocd.%1$s" name="Test">
                %2$s
              </OCD>
              <Designate %3$s="%1$s"><Object ocdref="ocd.%1$s"/></Designate>
            </metatype:MetaData>
            """.formatted(pid, String.join("\n", attributes), factory ? "factoryPid" : "pid"));
    }

    public byte[] bytes() {
        return BundleJar.of(headers, entries);
    }

    public Path write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
