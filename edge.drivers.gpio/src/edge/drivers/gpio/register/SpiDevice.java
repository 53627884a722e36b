// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.register;

import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.drivers.gpio.Instances;
import edge.drivers.gpio.kernel.SpiChip;
import edge.drivers.gpio.kernel.MemoryChip;
import edge.drivers.gpio.kernel.Registers;
import edge.drivers.gpio.polled.PolledDevice;
import java.nio.file.Path;
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

/** The chip of one configuration {@code edge.drivers.gpio.spi~NAME}. */
@Component(name = SpiConfig.PID, service = {FieldDevice.class, HealthCheck.class}, immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SpiConfig.class, factory = true)
public final class SpiDevice extends PolledDevice<Registers> {

    private final AtomicReference<Events> events;

    @Activate
    public SpiDevice(SpiConfig config, Map<String, Object> properties) {
        this(Instances.name(SpiConfig.PID, properties), config, Instances.text(SpiConfig.PID, properties),
            new AtomicReference<>());
    }

    private SpiDevice(String name, SpiConfig config, String text, AtomicReference<Events> events) {
        super(info(name, config), RegisterParser.isMock(config.provider()),
            Instances.read(SpiConfig.PID, name, text, read -> RegisterParser.parse(read, Byte.SIZE)),
            () -> RegisterParser.isMock(config.provider()) ? new MemoryChip()
                : SpiChip.open(Path.of("/dev/" + device(config)), settings(config)),
            events::get);
        this.events = events;
    }

    private static String device(SpiConfig config) {
        return "spidev" + config.bus() + "." + config.chip();
    }

    private static SpiChip.Settings settings(SpiConfig config) {
        return new SpiChip.Settings(config.mode(), config.speed(), config.readMask(), config.writeMask());
    }

    private static DeviceInfo info(String name, SpiConfig config) {
        return new DeviceInfo(name, "edge.drivers.gpio", device(config)
            + (RegisterParser.isMock(config.provider()) ? " (simulated)" : ""), config.description());
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
