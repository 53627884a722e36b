// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import edge.test.driver.ModalDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bundles of the {@link ModalDriver}, made while a test runs. */
public final class DriverJar {
    private static final List<String> CLASSES = List.of(ModalDriver.class.getName(),
        ModalDriver.Forgotten.class.getName(), ModalDriver.Counts.class.getName(), ModalDriver.CountsMBean.class.getName());

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** A good driver: five tags, every 200 ms. Its device is named like the last part of its symbolic name. */
    public DriverJar(String symbolicName, String version) {
        header("Bundle-ManifestVersion", "2").header("Bundle-SymbolicName", symbolicName).header("Bundle-Version", version)
            .header("Import-Package", "org.osgi.framework,javax.management,edge.api.device;version=\"[0.1,2)\","
                + "edge.api.value;version=\"[0.1,2)\"")
            .header("Bundle-Activator", ModalDriver.class.getName())
            .header("X-Mode", "good").header("X-Device", symbolicName.substring(symbolicName.lastIndexOf('.') + 1))
            .header("X-Tags", "5").header("X-Period", "200");
        for (String name : CLASSES) {
            entry(BundleJar.path(name), BundleJar.classFile(name));
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
        return BundleJar.of(headers, entries);
    }

    /** Writes it to a folder, under its name and version. */
    public Path write(Path folder) throws IOException {
        return Files.write(folder.resolve(headers.get("Bundle-SymbolicName") + "-" + headers.get("Bundle-Version") + "-"
            + headers.get("X-Mode") + ".jar"), bytes());
    }
}
