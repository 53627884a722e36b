// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what the installed bundles say about a PID, running or not. One thread. What comes from a bundle's documents is the
 * same object until the bundle changes.
 */
final class Definitions {
    private static final Logger LOG = LoggerFactory.getLogger(Definitions.class);

    private final BundleContext context;
    private final MetaTypeService metatype;
    private final Map<Long, Described> described = new HashMap<>();

    /**
     * What one bundle said when it was last changed.
     *
     * @param documents empty if it has none
     */
    private record Described(long lastModified, Optional<MetatypeDocuments> documents,
                             Map<String, Definition> definitions) {
    }

    Definitions(BundleContext context, MetaTypeService metatype) {
        this.context = context;
        this.metatype = metatype;
    }

    Optional<Definition> find(String pid) {
        return Arrays.stream(context.getBundles())
            .filter(bundle -> bundle.getState() != Bundle.UNINSTALLED)
            .sorted(Comparator.comparing((Bundle bundle) -> bundle.getState() == Bundle.ACTIVE ? 0 : 1)
                .thenComparing(Comparator.comparing(Bundle::getBundleId).reversed()))
            .map(bundle -> find(bundle, pid))
            .flatMap(Optional::stream)
            .findFirst();
    }

    private Optional<Definition> find(Bundle bundle, String pid) {
        try {
            Described said = described(bundle);
            return said.documents().isPresent() ? fromDocuments(bundle, said, pid) : fromService(bundle, pid);
        } catch (IllegalStateException | IllegalArgumentException e) {
            // The bundle went away meanwhile.
            LOG.debug("The bundle {} cannot be asked about {}", bundle.getSymbolicName(), pid, e);
            return Optional.empty();
        }
    }

    private Described described(Bundle bundle) {
        Described known = described.get(bundle.getBundleId());
        if (known == null || known.lastModified() != bundle.getLastModified()) {
            described.keySet().removeIf(id -> context.getBundle(id) == null);
            known = new Described(bundle.getLastModified(), MetatypeDocuments.of(bundle), new HashMap<>());
            described.put(bundle.getBundleId(), known);
        }
        return known;
    }

    private static Optional<Definition> fromDocuments(Bundle bundle, Described said, String pid) {
        return said.documents().flatMap(documents -> documents.find(pid)).map(found -> said.definitions()
            .computeIfAbsent(pid, unused -> definition(bundle, pid, found.factory(), found.attributes())));
    }

    private Optional<Definition> fromService(Bundle bundle, String pid) {
        MetaTypeInformation information = metatype.getMetaTypeInformation(bundle);
        if (information == null) {
            return Optional.empty();
        }
        boolean factory = contains(information.getFactoryPids(), pid);
        if (!factory && !contains(information.getPids(), pid)) {
            return Optional.empty();
        }
        return Optional.of(definition(bundle, pid, factory, attributes(information.getObjectClassDefinition(pid, null))));
    }

    private static boolean contains(String[] pids, String pid) {
        return pids != null && Arrays.asList(pids).contains(pid);
    }

    private static Map<String, Attribute> attributes(ObjectClassDefinition ocd) {
        Set<String> required = new HashSet<>();
        for (AttributeDefinition attribute : attributes(ocd, ObjectClassDefinition.REQUIRED)) {
            required.add(attribute.getID());
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        for (AttributeDefinition attribute : attributes(ocd, ObjectClassDefinition.ALL)) {
            String[] values = attribute.getDefaultValue();
            boolean hasDefault = values != null && values.length > 0;
            String[] options = attribute.getOptionValues();
            attributes.put(attribute.getID(), new Attribute(attribute.getID(), attribute.getType(),
                attribute.getCardinality(), required.contains(attribute.getID()) && !hasDefault,
                options == null ? List.of() : List.of(options), "", ""));
        }
        return attributes;
    }

    private static List<AttributeDefinition> attributes(ObjectClassDefinition ocd, int filter) {
        AttributeDefinition[] found = ocd.getAttributeDefinitions(filter);
        return found == null ? List.of() : List.of(found);
    }

    private static Definition definition(Bundle bundle, String pid, boolean factory, Map<String, Attribute> attributes) {
        String name = bundle.getSymbolicName();
        try {
            return new Definition(pid, factory, name, attributes, schema(bundle, pid), "");
        } catch (IOException e) {
            return new Definition(pid, factory, name, attributes, Optional.empty(), e.getMessage());
        } catch (JsonException e) {
            return new Definition(pid, factory, name, attributes, Optional.empty(), "line " + e.line() + ": " + e.getMessage());
        }
    }

    private static Optional<Json.Obj> schema(Bundle bundle, String pid) throws IOException, JsonException {
        URL url = bundle.getEntry("schema/" + pid + ".schema.json");
        if (url == null) {
            return Optional.empty();
        }
        try (InputStream in = url.openStream()) {
            Json.Obj schema = JsonParser.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)).asObject();
            Set<String> unknown = SchemaCheck.unknownKeywords(schema);
            if (!unknown.isEmpty()) {
                LOG.warn("The schema of {} in the bundle {} uses keywords that are not checked: {}", pid,
                    bundle.getSymbolicName(), unknown);
            }
            return Optional.of(schema);
        }
    }
}
