// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The least and greatest values of a bundle's Metatype documents. The Metatype service checks them but does not tell them,
 * and a message that says what would be right needs them.
 */
record Bounds(Map<String, String> min, Map<String, String> max) {
    private static final Logger LOG = LoggerFactory.getLogger(Bounds.class);
    private static final String FOLDER = "OSGI-INF/metatype";

    static Bounds of(Bundle bundle) {
        Bounds bounds = new Bounds(new HashMap<>(), new HashMap<>());
        // Entry paths, because findEntries would try to resolve the bundle.
        java.util.Enumeration<String> paths = bundle.getEntryPaths(FOLDER);
        for (String path : paths == null ? List.<String>of() : Collections.list(paths)) {
            if (path.endsWith(".xml")) {
                bounds.read(bundle, path);
            }
        }
        return bounds;
    }

    String min(String ocd, String attribute) {
        return min.getOrDefault(ocd + " " + attribute, "");
    }

    String max(String ocd, String attribute) {
        return max.getOrDefault(ocd + " " + attribute, "");
    }

    private void read(Bundle bundle, String path) {
        URL url = bundle.getEntry(path);
        try (InputStream in = url.openStream()) {
            SAXParserFactory factory = SAXParserFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.newSAXParser().parse(in, new Reader());
        } catch (IOException | SAXException | ParserConfigurationException e) {
            LOG.warn("The bounds in {} of the bundle {} cannot be read, so they are not checked: {}", path,
                bundle.getSymbolicName(), e.getMessage());
        }
    }

    private final class Reader extends DefaultHandler {
        private String ocd = "";

        @Override
        public void startElement(String uri, String localName, String qName, Attributes attributes) {
            String element = qName.substring(qName.indexOf(':') + 1);
            if (element.equals("OCD")) {
                ocd = attributes.getValue("id");
            } else if (element.equals("AD")) {
                put(min, attributes, "min");
                put(max, attributes, "max");
            }
        }

        private void put(Map<String, String> into, Attributes attributes, String bound) {
            String value = attributes.getValue(bound);
            if (value != null && value.matches("-?[0-9.]+(?:[eE][+-]?[0-9]+)?")) {
                into.put(ocd + " " + attributes.getValue("id"), value);
            }
        }
    }
}
