// SPDX-License-Identifier: Apache-2.0
package edge.sbom;

import aQute.bnd.osgi.Analyzer;
import aQute.bnd.osgi.EmbeddedResource;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Resource;
import aQute.bnd.service.AnalyzerPlugin;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts the document into each bundle that bnd makes. */
public final class BundleSbom implements AnalyzerPlugin {
    static final String ENTRY = "META-INF/sbom/bom.cdx.json";
    private static Artifacts artifacts; // guarded by the class; the same for all bundles of a build

    @Override
    public boolean analyzeJar(Analyzer analyzer) throws Exception {
        File cnf = analyzer.getFile(analyzer.getProperty("workspace") + "/cnf");
        Jar jar = analyzer.getJar();
        Artifacts.Count count = new Artifacts.Count(artifacts(cnf.toPath()));
        for (Map.Entry<String, Resource> entry : jar.getResources().entrySet()) {
            try (InputStream in = entry.getValue().openInputStream()) {
                count.entry(entry.getKey(), in);
            }
        }
        byte[] document = document(analyzer, count).getBytes(StandardCharsets.UTF_8);
        jar.putResource(ENTRY, new EmbeddedResource(document, 0));
        return false;
    }

    /** What the header says first is the bundle's own; what it carries has licences of its own. */
    static String licence(String header) {
        return header.replaceAll("[,;].*", "").strip();
    }

    private static synchronized Artifacts artifacts(Path cnf) throws IOException {
        if (artifacts == null) {
            artifacts = new Artifacts(cnf);
        }
        return artifacts;
    }

    private static String document(Analyzer analyzer, Artifacts.Count count) throws IOException {
        String version = analyzer.getProperty("product.version", analyzer.getBundleVersion());
        String purl = "pkg:generic/" + analyzer.getBsn() + "@" + version;
        Map<String, Object> subject = CycloneDx.ordered("type", "library", "bom-ref", purl, "name", analyzer.getBsn(),
            "version", version, "description", analyzer.getProperty("Bundle-Description", analyzer.getBsn()),
            "licenses", CycloneDx.licence(licence(analyzer.getProperty("Bundle-License"))), "purl", purl);
        List<Map<String, Object>> components = new ArrayList<>();
        for (Artifacts.Found found : count.found()) {
            Map<String, Object> component = found.artifact().component();
            component.put("properties", List.of(GatewaySbom.property("edge:entries",
                Integer.toString(found.entries()))));
            components.add(component);
        }
        components.addAll(count.carried());
        List<String> refs = components.stream().map(component -> (String) component.get("bom-ref")).toList();
        List<Map<String, Object>> dependencies = new ArrayList<>();
        dependencies.add(CycloneDx.dependency(purl, refs));
        refs.forEach(ref -> dependencies.add(CycloneDx.dependency(ref, List.of())));
        return CycloneDx.document(subject, components, dependencies);
    }
}
