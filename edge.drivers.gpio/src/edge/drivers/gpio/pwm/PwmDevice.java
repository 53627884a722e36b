// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.pwm;

import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.drivers.gpio.Instances;
import edge.drivers.gpio.polled.PolledDevice;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** The channels of one configuration {@code edge.drivers.gpio.pwm~NAME}. */
@Component(name = PwmConfig.PID, service = {FieldDevice.class, HealthCheck.class}, immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PwmConfig.class, factory = true)
public final class PwmDevice extends PolledDevice<Channels> {

    private final AtomicReference<Events> events;

    @Activate
    public PwmDevice(PwmConfig config, Map<String, Object> properties) {
        this(Instances.name(PwmConfig.PID, properties), config, Instances.text(PwmConfig.PID, properties),
            new AtomicReference<>());
    }

    private PwmDevice(String name, PwmConfig config, String text, AtomicReference<Events> events) {
        this(name, config, Instances.read(PwmConfig.PID, name, text, ChannelParser::parse), events);
    }

    private PwmDevice(String name, PwmConfig config, List<Channel> channels, AtomicReference<Events> events) {
        super(new DeviceInfo(name, "edge.drivers.gpio", "pwm " + config.path(), config.description()), false, channels,
            () -> Channels.open(config.path(), channels), events::get);
        this.events = events;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindEvents(Events service) {
        events.set(service);
    }

    void unbindEvents(Events service) {
        events.compareAndSet(service, null);
    }

    @Activate
    void start() {
        begin();
    }

    @Deactivate
    void stop() {
        end();
    }
}
