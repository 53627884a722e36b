// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.chardev;

import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputConfig;
import com.pi4j.io.gpio.digital.DigitalOutputProviderBase;
import java.nio.file.Path;

/** The outputs of one chip. */
public final class ChardevOutputProvider extends DigitalOutputProviderBase {

    private final Path device;

    public ChardevOutputProvider(Path device) {
        super("chardev-output-" + device.getFileName(), "outputs of " + device);
        this.device = device;
    }

    Path device() {
        return device;
    }

    @Override
    public DigitalOutput create(DigitalOutputConfig config) {
        ChardevOutput output = new ChardevOutput(this, config);
        context.registry().add(output);
        return output;
    }
}
