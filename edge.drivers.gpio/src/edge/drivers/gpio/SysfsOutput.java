// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.context.Context;
import com.pi4j.exception.InitializeException;
import com.pi4j.io.exception.IOException;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalOutputBase;
import com.pi4j.io.gpio.digital.DigitalOutputConfig;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.plugin.linuxfs.internal.LinuxGpio;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One output of the GPIO sysfs. It becomes an output with its initial level in one step, without passing through low as
 * Pi4J's own does, and stays exported at its safe level when it is let go: giving it back would let it float.
 */
final class SysfsOutput extends DigitalOutputBase {

    private final LinuxGpio gpio;

    SysfsOutput(LinuxGpio gpio, DigitalOutputProvider provider, DigitalOutputConfig config) {
        super(provider, config);
        this.gpio = gpio;
    }

    @Override
    public DigitalOutput initialize(Context context) throws InitializeException {
        try {
            SysfsLine.claim(gpio);
            Files.writeString(Path.of(gpio.pinPath(), "direction"), config.initialState().isHigh() ? "high" : "low");
        } catch (java.io.IOException e) {
            throw new InitializeException(e);
        }
        return super.initialize(context);
    }

    @Override
    public DigitalOutput state(DigitalState level) throws IOException {
        try {
            gpio.state(level);
        } catch (java.io.IOException e) {
            throw new IOException(e);
        }
        return super.state(level);
    }

    @Override
    public DigitalState state() {
        try {
            return gpio.state();
        } catch (java.io.IOException e) {
            throw new IOException(e);
        }
    }
}
