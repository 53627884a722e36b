// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.config.Configurations;
import edge.broker.access.AccessFile;
import edge.broker.access.TopicRules;
import edge.json.JsonException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Who may do what with which topics, from {@code etc/edge.broker.access.cfg.json}. A change costs no client its session. */
@Component(name = AccessRulesComponent.PID, configurationPid = AccessRulesComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE, service = AccessRulesComponent.class)
@Designate(ocd = AccessRulesComponent.Config.class)
public final class AccessRulesComponent {

    public static final String PID = "edge.broker.access";

    /** The list {@code rules} is described by {@code schema/edge.broker.access.schema.json}. */
    @ObjectClassDefinition(name = "MQTT access rules", description = "What MQTT clients may read and publish. As soon as there is "
        + "this file, only what one of its rules allows.")
    public @interface Config {
    }

    private volatile TopicRules rules;

    @Activate
    public AccessRulesComponent(Map<String, Object> properties) throws JsonException {
        rules = read(properties);
    }

    @Modified
    void modified(Map<String, Object> properties) throws JsonException {
        rules = read(properties);
    }

    private static TopicRules read(Map<String, Object> properties) throws JsonException {
        if (properties.get(Configurations.TEXT_PROPERTY) instanceof String text) {
            return AccessFile.read(text);
        }
        throw new IllegalArgumentException("the configuration has no property " + Configurations.TEXT_PROPERTY
            + "; put it into etc/" + PID + ".cfg.json");
    }

    TopicRules rules() {
        return rules;
    }
}
