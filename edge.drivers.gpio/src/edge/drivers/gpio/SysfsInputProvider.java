// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputConfig;
import com.pi4j.io.gpio.digital.DigitalInputProviderBase;
import com.pi4j.plugin.linuxfs.internal.LinuxGpio;

/** Digital inputs over the kernel's GPIO sysfs, on Pi4J's linuxfs plugin. */
final class SysfsInputProvider extends DigitalInputProviderBase {

    private final String path;
    private final SysfsWatcher watcher;

    SysfsInputProvider(String path, SysfsWatcher watcher) {
        super("linuxfs-digital-input", "linuxfs digital input");
        this.path = path;
        this.watcher = watcher;
    }

    @Override
    public DigitalInput create(DigitalInputConfig config) {
        SysfsInput input = new SysfsInput(new LinuxGpio(path, config.address()), watcher, this, config);
        context.registry().add(input);
        return input;
    }
}
