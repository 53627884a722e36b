// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.register;

import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.health.HealthCheck;
import edge.drivers.gpio.Instances;
import edge.drivers.gpio.kernel.SpiChip;
import edge.drivers.gpio.kernel.MemoryChip;
import edge.drivers.gpio.kernel.Registers;
import edge.drivers.gpio.polled.PolledDevice;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** The chip of one configuration {@code edge.drivers.gpio.spi~NAME}. */
@Component(name = SpiConfig.PID, service = {FieldDevice.class, HealthCheck.class}, immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SpiConfig.class, factory = true)
public final class SpiDevice extends PolledDevice<Registers> {

    @Activate
    public SpiDevice(SpiConfig config, Map<String, Object> properties) {
        this(Instances.name(SpiConfig.PID, properties), config, Instances.text(SpiConfig.PID, properties));
    }

    private SpiDevice(String name, SpiConfig config, String text) {
        super(info(name, config), RegisterParser.isMock(config.provider()),
            Instances.read(SpiConfig.PID, name, text, read -> RegisterParser.parse(read, Byte.SIZE)),
            () -> RegisterParser.isMock(config.provider()) ? new MemoryChip()
                : SpiChip.open(Path.of("/dev/" + device(config)), settings(config)));
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
}
