// SPDX-License-Identifier: Apache-2.0
package edge.sbom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/** All artifacts that the workspace may take something from, found by the content of their entries. */
final class Artifacts {
    /** What everybody has: it tells nothing about where it comes from. */
    private static final Pattern COMMON = Pattern.compile("(?i)(.*/)?(LICEN[SC]E|NOTICE|DEPENDENCIES|README)[^/]*");

    private final Map<String, Artifact> all = new LinkedHashMap<>();
    private final Map<Content, Set<String>> owners = new HashMap<>();
    private final List<Carried> carried = new ArrayList<>();

    private record Content(long crc, long size) {
    }

    /** @param shownBy the beginning of the names of entries that show that it is there */
    private record Carried(String artifact, String shownBy, String name, String purl, String licence) {
    }

    /** What of one artifact is in a jar. */
    record Found(Artifact artifact, int entries) {
    }

    Artifacts(Path cnf) throws IOException {
        for (Artifact artifact : Poms.dependencies(cnf.resolve("pom.xml"))) {
            all.put(artifact.id(), artifact);
            try (JarFile jar = new JarFile(artifact.jar().toFile())) {
                jar.stream().filter(entry -> entry.getSize() > 0).forEach(entry -> owners
                    .computeIfAbsent(new Content(entry.getCrc(), entry.getSize()), key -> new LinkedHashSet<>()).add(artifact.id()));
            }
        }
        for (String line : Files.readAllLines(cnf.resolve("sbom/carried.txt"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] columns = line.split("\\s*\\|\\s*");
                carried.add(new Carried(columns[0], columns[1], columns[2], columns[3], columns[4]));
            }
        }
    }

    Collection<Artifact> all() {
        return all.values();
    }

    /** Counts where the entries of a jar come from. Those that come from nowhere are our own. */
    static final class Count {
        private final Map<String, Integer> sure = new TreeMap<>();
        private final List<Set<String>> unsure = new ArrayList<>();
        private final List<String> names = new ArrayList<>();
        private final Artifacts artifacts;

        Count(Artifacts artifacts) {
            this.artifacts = artifacts;
        }

        void entry(String name, InputStream content) throws IOException {
            byte[] bytes = content.readAllBytes();
            CRC32 crc = new CRC32();
            crc.update(bytes);
            Set<String> owners = artifacts.owners.get(new Content(crc.getValue(), bytes.length));
            names.add(name);
            if (bytes.length == 0 || owners == null || COMMON.matcher(name).matches()) {
                return;
            }
            if (owners.size() == 1) {
                sure.merge(owners.iterator().next(), 1, Integer::sum);
            } else {
                unsure.add(owners);
            }
        }

        /** By name. The same content may be in several artifacts: it then comes from one that other entries come from. */
        List<Found> found() {
            for (Set<String> owners : unsure) {
                String owner = owners.stream().filter(sure::containsKey).findFirst().orElse(owners.iterator().next());
                sure.merge(owner, 1, Integer::sum);
            }
            unsure.clear();
            return sure.entrySet().stream().map(entry -> new Found(artifacts.all.get(entry.getKey()), entry.getValue())).toList();
        }

        /** What the artifacts found carry of others, as components. */
        List<Map<String, Object>> carried() throws IOException {
            List<Map<String, Object>> components = new ArrayList<>();
            for (Carried one : artifacts.carried) {
                if (sure.containsKey(one.artifact()) && names.stream().anyMatch(name -> name.startsWith(one.shownBy()))) {
                    components.add(component(one, artifacts.all.get(one.artifact())));
                }
            }
            return components;
        }

        private static Map<String, Object> component(Carried one, Artifact artifact) throws IOException {
            String purl = one.purl();
            Matcher exported = Pattern.compile("\\{(.+)}").matcher(purl);
            if (exported.find()) {
                purl = exported.replaceFirst(exportVersion(artifact.jar(), exported.group(1)));
            }
            Map<String, Object> component = new LinkedHashMap<>();
            component.put("type", "library");
            component.put("bom-ref", purl);
            component.put("name", one.name());
            component.put("version", purl.substring(purl.indexOf('@') + 1));
            component.put("licenses", CycloneDx.licence(one.licence()));
            component.put("purl", purl);
            return component;
        }

        private static String exportVersion(Path file, String name) throws IOException {
            try (JarFile jar = new JarFile(file.toFile())) {
                Attributes headers = jar.getManifest().getMainAttributes();
                Matcher version = Pattern.compile("(?:^|,)" + Pattern.quote(name) + "(?:;[^,\"]*(?:\"[^\"]*\")?)*?;version=\"([^\"]+)\"")
                    .matcher(headers.getValue("Export-Package"));
                if (!version.find()) {
                    throw new IOException(file + " does not export " + name);
                }
                return version.group(1);
            }
        }
    }

    /** Looks through a finished jar. */
    Count count(JarFile jar) throws IOException {
        Count count = new Count(this);
        for (ZipEntry entry : (Iterable<ZipEntry>) jar.stream().map(ZipEntry.class::cast)::iterator) {
            if (!entry.isDirectory()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    count.entry(entry.getName(), in);
                }
            }
        }
        return count;
    }
}
