// SPDX-License-Identifier: Apache-2.0
package edge.sbom;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.w3c.dom.Element;

/** One artifact of Maven's local repository. */
record Artifact(String group, String name, String version, Path jar) {

    String id() {
        return group + ":" + name;
    }

    String purl() {
        return "pkg:maven/" + group + "/" + name + "@" + version;
    }

    String licence() {
        Element pom = Poms.read(Poms.beside(jar));
        for (int depth = 0; depth < 8 && pom != null; depth++) {
            List<String> names = new ArrayList<>();
            Poms.child(pom, "licenses").ifPresent(all -> Poms.children(all, "license")
                .forEach(one -> names.add(Poms.text(one, "name").orElseThrow())));
            if (!names.isEmpty()) {
                return Licences.expression(names);
            }
            pom = Poms.child(pom, "parent").map(parent -> Poms.read(Poms.file(Poms.text(parent, "groupId").orElseThrow(),
                Poms.text(parent, "artifactId").orElseThrow(), Poms.text(parent, "version").orElseThrow()))).orElse(null);
        }
        throw new IllegalArgumentException(id() + " does not tell its licence");
    }

    /** As a component of CycloneDX. */
    Map<String, Object> component() {
        Map<String, Object> component = new LinkedHashMap<>();
        component.put("type", "library");
        component.put("bom-ref", purl());
        component.put("group", group);
        component.put("name", name);
        component.put("version", version);
        component.put("hashes", CycloneDx.sha256(jar));
        component.put("licenses", CycloneDx.licence(licence()));
        component.put("purl", purl());
        return component;
    }

    static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
