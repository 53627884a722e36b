// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.api.config.ConfigurationCheck;
import edge.api.config.ConfigurationFile.Status;
import edge.api.config.Configurations;
import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.runtime.base.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a configuration's text and judges it: form, Metatype, schema, then the bundles' own checks. One thread. */
final class Checker {
    private static final Logger LOG = LoggerFactory.getLogger(Checker.class);
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(5);
    /** Editors offer completion when a file names its schema. */
    private static final String SCHEMA_MEMBER = "$schema";

    private final Definitions definitions;
    private final Secrets secrets;
    private final Function<String, Collection<ConfigurationCheck>> checks;

    /** @param checks the checks that are registered for a PID or factory PID */
    Checker(Definitions definitions, Secrets secrets, Function<String, Collection<ConfigurationCheck>> checks) {
        this.definitions = definitions;
        this.secrets = secrets;
        this.checks = checks;
    }

    Optional<Definition> definition(ConfigurationName name) {
        return definitions.find(name.basePid());
    }

    /** Judges a text. Changes nothing but the device's key, which is made when the first secret is encrypted. */
    Checked check(ConfigurationName name, String text) {
        Optional<Definition> definition = definition(name);
        Set<String> secretNames = definition.map(Checker::secretNames).orElse(Set.of());
        Json.Obj root;
        try {
            root = JsonParser.parse(text).asObject();
        } catch (JsonException e) {
            return new Checked(text, Optional.empty(), definition, Status.REFUSED, List.of(Problems.of(e)), secretNames,
                Map.of(), false);
        }
        if (definition.isEmpty()) {
            Set<String> suspects =
                root.members().keySet().stream().filter(SecretText::soundsSecret).collect(Collectors.toSet());
            return new Checked(text, Optional.of(root), definition, Status.WAITING, List.of(), suspects, Map.of(),
                false);
        }
        List<Problem> problems = new ArrayList<>();
        String stored = encrypted(name, text, root, secretNames, problems);
        Map<String, Object> properties = properties(name, root, definition.get(), problems);
        boolean undecided = problems.isEmpty() && !askBundles(name, stored, problems);
        Json.Obj storedRoot = reparsed(text, stored, root);
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
            return new Checked(stored, Optional.of(storedRoot), definition, Status.REFUSED, problems, secretNames, Map.of(),
                undecided);
        }
        properties.put(Configurations.TEXT_PROPERTY, stored);
        return new Checked(stored, Optional.of(storedRoot), definition, Status.APPLIED, List.of(), secretNames, properties,
            false);
    }

    private static Json.Obj reparsed(String text, String stored, Json.Obj root) {
        try {
            return stored.equals(text) ? root : JsonParser.parse(stored).asObject();
        } catch (JsonException e) {
            throw new IllegalStateException("encrypting a secret broke the text", e);
        }
    }

    private static Set<String> secretNames(Definition definition) {
        return definition.attributes().values().stream().filter(Attribute::isSecret).map(Attribute::id)
            .collect(Collectors.toSet());
    }

    private String encrypted(ConfigurationName name, String text, Json.Obj root, Set<String> secretNames,
                             List<Problem> problems) {
        try {
            return SecretText.replace(text, root, secretNames, (path, old) -> {
                try {
                    return Secrets.isEncrypted(old.value()) ? old.value()
                        : secrets.encrypt(name.basePid(), attributeOf(path), old.value());
                } catch (Secrets.SecretException e) {
                    throw old.place().problem(e.getMessage());
                }
            });
        } catch (JsonException e) {
            problems.add(Problems.of(e));
            return text;
        }
    }

    private static String attributeOf(String path) {
        int bracket = path.indexOf('[');
        return bracket < 0 ? path : path.substring(0, bracket);
    }

    private Map<String, Object> properties(ConfigurationName name, Json.Obj root, Definition definition,
                                           List<Problem> problems) {
        if (definition.factory() != name.isOneOfMany()) {
            problems.add(Problems.ofFile(definition.factory()
                ? "there can be many of " + name.basePid() + ": name the file " + name.basePid() + "~NAME"
                    + ConfigurationName.SUFFIX
                : "there is only one " + name.basePid() + ": name the file " + name.basePid() + ConfigurationName.SUFFIX));
        }
        if (!definition.schemaProblem().isEmpty()) {
            problems.add(Problems.ofFile("cannot be checked: the schema in the bundle " + definition.bundle()
                + " cannot be read: " + definition.schemaProblem()));
        }
        Map<String, Object> properties = new TreeMap<>();
        Set<String> structured = definition.structured();
        root.members().forEach((id, node) -> {
            Attribute attribute = definition.attributes().get(id);
            try {
                if (attribute != null) {
                    properties.put(id, value(name, attribute, node));
                } else if (!structured.contains(id) && !id.equals(SCHEMA_MEMBER)) {
                    throw node.place().problem("unknown attribute; known are " + String.join(", ", definition.known()));
                }
            } catch (JsonException e) {
                problems.add(Problems.of(e));
            }
        });
        for (Attribute attribute : definition.attributes().values()) {
            if (attribute.mustBeGiven() && !root.has(attribute.id())) {
                problems.add(Problems.at(root.place(), "'" + attribute.id() + "' is missing"));
            }
        }
        definition.schema().ifPresent(schema -> problems.addAll(SchemaCheck.check(root, schema, elsewhere(root, definition))));
        return properties;
    }

    /** Members that the schema need not judge: Metatype's, unless the schema says something about them too. */
    private static Set<String> elsewhere(Json.Obj root, Definition definition) {
        Set<String> structured = definition.structured();
        return root.members().keySet().stream().filter(id -> !structured.contains(id)).collect(Collectors.toSet());
    }

    private Object value(ConfigurationName name, Attribute attribute, Json node) throws JsonException {
        Object value = attribute.value(node);
        if (!attribute.isSecret()) {
            return value;
        }
        try {
            if (value instanceof String text) {
                return decrypted(name, attribute, text);
            }
            List<String> clear = new ArrayList<>();
            for (Object item : value instanceof Object[] array ? List.of(array) : (List<?>) value) {
                clear.add(decrypted(name, attribute, (String) item));
            }
            return value instanceof Object[] ? clear.toArray(String[]::new) : clear;
        } catch (Secrets.SecretException e) {
            throw node.place().problem(e.getMessage());
        }
    }

    private String decrypted(ConfigurationName name, Attribute attribute, String text) throws Secrets.SecretException {
        return Secrets.isEncrypted(text) ? secrets.decrypt(name.basePid(), attribute.id(), text) : text;
    }

    /** @return false if a check could not be made */
    private boolean askBundles(ConfigurationName name, String text, List<Problem> problems) {
        boolean decided = true;
        for (ConfigurationCheck check : checks.apply(name.basePid())) {
            try {
                problems.addAll(Deadline.call("edge-desired-check", CHECK_LIMIT, () -> check.check(name.name(), text)));
            } catch (Deadline.ExceededException e) {
                decided = false;
                problems.add(Problems.ofFile("cannot be checked: the bundle's check took longer than "
                    + CHECK_LIMIT.toSeconds() + " s; it stood at " + e.getMessage()));
            } catch (ExecutionException e) {
                decided = false;
                LOG.error("The check of {} failed", name.pid(), e.getCause());
                problems.add(Problems.ofFile("cannot be checked: the bundle's check failed: " + e.getCause()));
            } catch (InterruptedException e) {
                decided = false;
                Thread.currentThread().interrupt();
                problems.add(Problems.ofFile("was not checked: the gateway stops"));
            }
        }
        return decided;
    }
}
