// SPDX-License-Identifier: Apache-2.0
package edge.sbom;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** Reads POMs in Maven's local repository. */
final class Poms {
    private static final Path REPOSITORY = Path.of(System.getProperty("maven.repo.local",
        System.getProperty("user.home") + "/.m2/repository"));

    private Poms() {
    }

    static Path file(String group, String artifact, String version) {
        return REPOSITORY.resolve(group.replace('.', '/')).resolve(artifact).resolve(version)
            .resolve(artifact + "-" + version + ".pom");
    }

    static Path beside(Path jar) {
        return jar.resolveSibling(jar.getFileName().toString().replaceAll("\\.jar$", ".pom"));
    }

    /** The artifacts that a POM depends on. */
    static List<Artifact> dependencies(Path pom) {
        Element root = read(pom);
        List<Artifact> artifacts = new ArrayList<>();
        for (Element dependency : children(child(root, "dependencies").orElseThrow(), "dependency")) {
            String group = text(dependency, "groupId").orElseThrow();
            String name = text(dependency, "artifactId").orElseThrow();
            String version = text(dependency, "version").orElseThrow();
            if (version.startsWith("${")) {
                version = text(child(root, "properties").orElseThrow(), version.substring(2, version.length() - 1)).orElseThrow();
            }
            Path jar = Path.of(file(group, name, version).toString().replaceAll("\\.pom$", ".jar"));
            if (Files.exists(jar)) {
                artifacts.add(new Artifact(group, name, version, jar));
            }
        }
        return artifacts;
    }

    static Element read(Path pom) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new IllegalArgumentException(pom + " cannot be read", e);
        }
    }

    static Optional<Element> child(Element parent, String name) {
        return children(parent, name).stream().findFirst();
    }

    static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }

    static Optional<String> text(Element parent, String name) {
        return child(parent, name).map(element -> element.getTextContent().strip());
    }
}
