// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.chardev;

import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputConfig;
import com.pi4j.io.gpio.digital.DigitalInputProviderBase;
import edge.drivers.gpio.kernel.EdgeReader;
import java.nio.file.Path;

/** The inputs of one chip. */
public final class ChardevInputProvider extends DigitalInputProviderBase {

    private final Path device;
    private final EdgeReader reader;

    /** @param reader reads the edges; the caller closes it before the context is shut down */
    public ChardevInputProvider(Path device, EdgeReader reader) {
        super("chardev-input-" + device.getFileName(), "inputs of " + device);
        this.device = device;
        this.reader = reader;
    }

    Path device() {
        return device;
    }

    EdgeReader reader() {
        return reader;
    }

    @Override
    public DigitalInput create(DigitalInputConfig config) {
        ChardevInput input = new ChardevInput(this, config);
        context.registry().add(input);
        return input;
    }
}
