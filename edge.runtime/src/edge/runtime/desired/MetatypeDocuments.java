// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.osgi.framework.Bundle;
import org.osgi.service.metatype.AttributeDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The Metatype documents of one bundle (OSGi Compendium 105.8), read as they are now. The Metatype service does not tell
 * least and greatest values, and remembers the documents of a bundle that was updated while it was stopped.
 */
final class MetatypeDocuments extends DefaultHandler {
    private static final Logger LOG = LoggerFactory.getLogger(MetatypeDocuments.class);
    private static final String FOLDER = "OSGI-INF/metatype";
    private static final Map<String, Integer> TYPES = Map.ofEntries(Map.entry("String", AttributeDefinition.STRING),
        Map.entry("Long", AttributeDefinition.LONG), Map.entry("Integer", AttributeDefinition.INTEGER),
        Map.entry("Short", AttributeDefinition.SHORT), Map.entry("Character", AttributeDefinition.CHARACTER),
        Map.entry("Char", AttributeDefinition.CHARACTER), Map.entry("Byte", AttributeDefinition.BYTE),
        Map.entry("Double", AttributeDefinition.DOUBLE), Map.entry("Float", AttributeDefinition.FLOAT),
        Map.entry("Boolean", AttributeDefinition.BOOLEAN), Map.entry("Password", AttributeDefinition.PASSWORD));

    private final Map<String, Map<String, Attribute>> classes = new HashMap<>();
    private final Map<String, Designate> designates = new HashMap<>();
    private Map<String, Attribute> attributes = new LinkedHashMap<>();
    private List<String> options = new ArrayList<>();
    private String designated = "";
    private boolean factory;

    private record Designate(boolean factory, String ocd) {
    }

    /** What the documents say about one PID. */
    record Found(boolean factory, Map<String, Attribute> attributes) {
    }

    private MetatypeDocuments() {
    }

    /** The documents of a bundle, if it has any. */
    static Optional<MetatypeDocuments> of(Bundle bundle) {
        // Entry paths, because findEntries would try to resolve the bundle.
        Enumeration<String> paths = bundle.getEntryPaths(FOLDER);
        if (paths == null) {
            return Optional.empty();
        }
        MetatypeDocuments documents = new MetatypeDocuments();
        for (String path : Collections.list(paths)) {
            if (path.endsWith(".xml")) {
                documents.read(bundle, path);
            }
        }
        return Optional.of(documents);
    }

    private void read(Bundle bundle, String path) {
        try (InputStream in = bundle.getEntry(path).openStream()) {
            SAXParserFactory parsers = SAXParserFactory.newInstance();
            parsers.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            parsers.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            parsers.newSAXParser().parse(in, this);
        } catch (IOException | SAXException | ParserConfigurationException | NumberFormatException e) {
            LOG.warn("{} of the bundle {} cannot be read, so what it describes cannot be configured: {}", path,
                bundle.getSymbolicName(), e.getMessage());
        }
    }

    Optional<Found> find(String pid) {
        Designate designate = designates.get(pid);
        if (designate == null || !classes.containsKey(designate.ocd())) {
            return Optional.empty();
        }
        return Optional.of(new Found(designate.factory(), classes.get(designate.ocd())));
    }

    @Override
    public void startElement(String uri, String localName, String qName, Attributes xml) {
        switch (qName.substring(qName.indexOf(':') + 1)) {
            case "OCD" -> {
                attributes = new LinkedHashMap<>();
                classes.put(text(xml, "id"), attributes);
            }
            case "AD" -> {
                options = new ArrayList<>();
                Attribute attribute = attribute(xml, options);
                attributes.put(attribute.id(), attribute);
            }
            case "Option" -> options.add(text(xml, "value"));
            case "Designate" -> {
                factory = !text(xml, "factoryPid").isEmpty();
                designated = factory ? text(xml, "factoryPid") : text(xml, "pid");
            }
            case "Object" -> designates.put(designated, new Designate(factory, text(xml, "ocdref")));
            default -> LOG.trace("{} says nothing about values", qName);
        }
    }

    private static Attribute attribute(Attributes xml, List<String> options) {
        boolean required = !text(xml, "required").equals("false");
        String cardinality = text(xml, "cardinality");
        return new Attribute(text(xml, "id"), TYPES.getOrDefault(text(xml, "type"), AttributeDefinition.STRING),
            cardinality.isEmpty() ? 0 : Integer.parseInt(cardinality), required && xml.getValue("default") == null, options,
            bound(xml, "min"), bound(xml, "max"));
    }

    private static String bound(Attributes xml, String name) {
        String value = text(xml, name);
        return value.matches("-?[0-9.]+(?:[eE][+-]?[0-9]+)?") ? value : "";
    }

    private static String text(Attributes xml, String name) {
        String value = xml.getValue(name);
        return value == null ? "" : value;
    }
}
