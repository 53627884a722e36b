// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** The configuration of how one uplink delivers, for this bundle alone. */
@Component(name = DeliverySettings.PID, service = DeliverySettings.class, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = DeliveryConfig.class, factory = true)
public final class DeliverySettings {

    static final String PID = "edge.cloudconnector.delivery";

    private final String uplink;
    private final DeliveryPolicy policy;

    @Activate
    public DeliverySettings(DeliveryConfig config, Map<String, Object> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        this.uplink = pid.substring(pid.indexOf('~') + 1);
        this.policy = DeliveryPolicy.of(config);
    }

    /** The uplink's name. */
    String uplink() {
        return uplink;
    }

    DeliveryPolicy policy() {
        return policy;
    }
}
