// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputConfig;
import com.pi4j.io.gpio.digital.DigitalOutputProviderBase;
import com.pi4j.plugin.linuxfs.internal.LinuxGpio;

/** Digital outputs over the kernel's GPIO sysfs, on Pi4J's linuxfs plugin. */
final class SysfsOutputProvider extends DigitalOutputProviderBase {

    private final String path;

    SysfsOutputProvider(String path) {
        super("linuxfs-digital-output", "linuxfs digital output");
        this.path = path;
    }

    @Override
    public DigitalOutput create(DigitalOutputConfig config) {
        SysfsOutput output = new SysfsOutput(new LinuxGpio(path, config.address()), this, config);
        context.registry().add(output);
        return output;
    }
}
