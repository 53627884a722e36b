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
 * Finds what the installed bundles say about a PID, running or not. One thread. The answer is the same object until the
 * bundle changes.
 */
final class Definitions {
    private static final Logger LOG = LoggerFactory.getLogger(Definitions.class);

    private final BundleContext context;
    private final MetaTypeService metatype;
    private final Map<Key, Definition> cache = new HashMap<>();

    private record Key(long bundle, long lastModified, String pid) {
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
        Key key = new Key(bundle.getBundleId(), bundle.getLastModified(), pid);
        Definition cached = cache.get(key);
        if (cached != null) {
            return Optional.of(cached);
        }
        Optional<Definition> found = read(bundle, pid);
        // Without documents it comes from a service, which may change without notice.
        if (found.isPresent() && bundle.getEntryPaths("OSGI-INF/metatype") != null) {
            cache.keySet().removeIf(old -> old.bundle() == key.bundle() && old.lastModified() != key.lastModified());
            cache.put(key, found.get());
        }
        return found;
    }

    private Optional<Definition> read(Bundle bundle, String pid) {
        try {
            MetaTypeInformation information = metatype.getMetaTypeInformation(bundle);
            if (information == null) {
                return Optional.empty();
            }
            boolean factory = contains(information.getFactoryPids(), pid);
            if (!factory && !contains(information.getPids(), pid)) {
                return Optional.empty();
            }
            return Optional.of(definition(bundle, pid, factory, information.getObjectClassDefinition(pid, null)));
        } catch (IllegalStateException | IllegalArgumentException e) {
            // The bundle went away meanwhile, or its documents are not what they should be.
            LOG.debug("The bundle {} cannot be asked about {}", bundle.getSymbolicName(), pid, e);
            return Optional.empty();
        }
    }

    private static boolean contains(String[] pids, String pid) {
        return pids != null && Arrays.asList(pids).contains(pid);
    }

    private static Definition definition(Bundle bundle, String pid, boolean factory, ObjectClassDefinition ocd) {
        Bounds bounds = Bounds.of(bundle);
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
                options == null ? List.of() : List.of(options), bounds.min(ocd.getID(), attribute.getID()),
                bounds.max(ocd.getID(), attribute.getID())));
        }
        try {
            return new Definition(pid, factory, bundle.getSymbolicName(), attributes, schema(bundle, pid), "");
        } catch (IOException e) {
            return new Definition(pid, factory, bundle.getSymbolicName(), attributes, Optional.empty(), e.getMessage());
        } catch (JsonException e) {
            return new Definition(pid, factory, bundle.getSymbolicName(), attributes, Optional.empty(),
                "line " + e.line() + ": " + e.getMessage());
        }
    }

    private static List<AttributeDefinition> attributes(ObjectClassDefinition ocd, int filter) {
        AttributeDefinition[] found = ocd.getAttributeDefinitions(filter);
        return found == null ? List.of() : List.of(found);
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
