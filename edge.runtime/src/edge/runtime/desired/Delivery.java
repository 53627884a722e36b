// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.api.config.Configurations;
import java.io.IOException;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts configurations in force through ConfigurationAdmin, and only if something changed. One thread. */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    /** Any bundle may be configured: files have no owner. */
    private static final String ANY_LOCATION = "?";

    private final ConfigurationAdmin admin;
    private final Map<ConfigurationName, Map<String, Object>> delivered = new HashMap<>();

    Delivery(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    boolean isInForce(ConfigurationName name) {
        return delivered.containsKey(name);
    }

    /** The text of what is in force, or null. */
    String textInForce(ConfigurationName name) {
        Map<String, Object> properties = delivered.get(name);
        return properties == null ? null : (String) properties.get(Configurations.TEXT_PROPERTY);
    }

    /** @return whether something changed */
    boolean deliver(ConfigurationName name, Map<String, Object> properties) throws IOException {
        Map<String, Object> before = delivered.get(name);
        if (before != null && same(before, properties)) {
            return false;
        }
        Dictionary<String, Object> dictionary = new Hashtable<>();
        properties.forEach(dictionary::put);
        configuration(name).update(dictionary);
        delivered.put(name, Map.copyOf(properties));
        return true;
    }

    private static boolean same(Map<String, Object> before, Map<String, Object> after) {
        return before.keySet().equals(after.keySet()) && before.keySet().stream()
            .allMatch(key -> Objects.deepEquals(before.get(key), after.get(key)));
    }

    void remove(ConfigurationName name) throws IOException {
        if (delivered.remove(name) != null) {
            configuration(name).delete();
        }
    }

    private Configuration configuration(ConfigurationName name) throws IOException {
        return name.isOneOfMany() ? admin.getFactoryConfiguration(name.basePid(), name.name(), ANY_LOCATION)
            : admin.getConfiguration(name.basePid(), ANY_LOCATION);
    }

    /** Removes what an earlier run has delivered and this one has not. */
    void removeOthers() throws IOException {
        Set<String> pids = delivered.keySet().stream().map(ConfigurationName::pid).collect(Collectors.toSet());
        try {
            Configuration[] found = admin.listConfigurations("(" + Configurations.TEXT_PROPERTY + "=*)");
            for (Configuration old : found == null ? new Configuration[0] : found) {
                if (!pids.contains(old.getPid())) {
                    LOG.info("The configuration {} of an earlier run is removed: it has no good file any more", old.getPid());
                    old.delete();
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("a filter that never changes is wrong", e);
        }
    }
}
