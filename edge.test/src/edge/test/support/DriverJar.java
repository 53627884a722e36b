// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import edge.test.driver.ModalDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Bundles of the {@link ModalDriver}, made while a test runs. */
public final class DriverJar {
    private static final List<String> CLASSES = List.of("ModalDriver", "ModalDriver$Forgotten");

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** A good driver: five tags, every 200 ms. Its device is named like the last part of its symbolic name. */
    public DriverJar(String symbolicName, String version) {
        header("Bundle-ManifestVersion", "2").header("Bundle-SymbolicName", symbolicName).header("Bundle-Version", version)
            .header("Import-Package", "org.osgi.framework,edge.api.device;version=\"[0.1,2)\","
                + "edge.api.value;version=\"[0.1,2)\"")
            .header("Bundle-Activator", ModalDriver.class.getName())
            .header("X-Mode", "good").header("X-Device", symbolicName.substring(symbolicName.lastIndexOf('.') + 1))
            .header("X-Tags", "5").header("X-Period", "200");
        for (String name : CLASSES) {
            String path = ModalDriver.class.getPackageName().replace('.', '/') + "/" + name + ".class";
            try (InputStream in = ModalDriver.class.getResourceAsStream("/" + path)) {
                entry(path, in.readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public DriverJar mode(String mode) {
        return header("X-Mode", mode);
    }

    public DriverJar header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public DriverJar entry(String path, byte[] bytes) {
        entries.put(path, bytes);
        return this;
    }

    public byte[] bytes() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach(manifest.getMainAttributes()::putValue);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new JarEntry(entry.getKey()));
                jar.write(entry.getValue());
                jar.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Writes it to a folder, under its name and version. */
    public Path write(Path folder) throws IOException {
        return Files.write(folder.resolve(headers.get("Bundle-SymbolicName") + "-" + headers.get("Bundle-Version") + "-"
            + headers.get("X-Mode") + ".jar"), bytes());
    }
}
