// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.pwm;

import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.health.HealthCheck;
import edge.drivers.gpio.Instances;
import edge.drivers.gpio.polled.PolledDevice;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** The channels of one configuration {@code edge.drivers.gpio.pwm~NAME}. */
@Component(name = PwmConfig.PID, service = {FieldDevice.class, HealthCheck.class}, immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PwmConfig.class, factory = true)
public final class PwmDevice extends PolledDevice<Channels> {

    @Activate
    public PwmDevice(PwmConfig config, Map<String, Object> properties) {
        this(Instances.name(PwmConfig.PID, properties), config, Instances.text(PwmConfig.PID, properties));
    }

    private PwmDevice(String name, PwmConfig config, String text) {
        this(name, config, Instances.read(PwmConfig.PID, name, text, ChannelParser::parse));
    }

    private PwmDevice(String name, PwmConfig config, List<Channel> channels) {
        super(new DeviceInfo(name, "edge.drivers.gpio", "pwm " + config.path(), config.description()), false, channels,
            () -> Channels.open(config.path(), channels));
    }
}
