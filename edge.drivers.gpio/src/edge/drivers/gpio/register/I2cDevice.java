// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.register;

import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.health.HealthCheck;
import edge.drivers.gpio.Instances;
import edge.drivers.gpio.kernel.I2cChip;
import edge.drivers.gpio.kernel.MemoryChip;
import edge.drivers.gpio.kernel.Registers;
import edge.drivers.gpio.polled.PolledDevice;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** The chip of one configuration {@code edge.drivers.gpio.i2c~NAME}. */
@Component(name = I2cConfig.PID, service = {FieldDevice.class, HealthCheck.class}, immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = I2cConfig.class, factory = true)
public final class I2cDevice extends PolledDevice<Registers> {

    @Activate
    public I2cDevice(I2cConfig config, Map<String, Object> properties) {
        this(Instances.name(I2cConfig.PID, properties), config, Instances.text(I2cConfig.PID, properties));
    }

    private I2cDevice(String name, I2cConfig config, String text) {
        super(info(name, config), RegisterParser.isMock(config.provider()),
            Instances.read(I2cConfig.PID, name, text, read -> RegisterParser.parse(read, config.registerBits())),
            () -> RegisterParser.isMock(config.provider()) ? new MemoryChip()
                : I2cChip.open(Path.of("/dev/i2c-" + config.bus()), config.address(), config.registerBits() > Byte.SIZE));
    }

    private static DeviceInfo info(String name, I2cConfig config) {
        return new DeviceInfo(name, "edge.drivers.gpio", String.format("i2c-%d 0x%02x%s", config.bus(), config.address(),
            RegisterParser.isMock(config.provider()) ? " (simulated)" : ""), config.description());
    }
}
