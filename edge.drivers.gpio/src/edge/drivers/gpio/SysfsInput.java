// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.context.Context;
import com.pi4j.exception.InitializeException;
import com.pi4j.io.exception.IOException;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputBase;
import com.pi4j.io.gpio.digital.DigitalInputConfig;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.DigitalStateChangeEvent;
import com.pi4j.plugin.linuxfs.internal.LinuxGpio;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One input of the GPIO sysfs. Reports each level that differs from the one before, on the watcher's thread. */
final class SysfsInput extends DigitalInputBase {

    private static final Logger LOG = LoggerFactory.getLogger(SysfsInput.class);

    private final LinuxGpio gpio;
    private final SysfsWatcher watcher;
    // guarded by this
    private DigitalState last = DigitalState.UNKNOWN;

    SysfsInput(LinuxGpio gpio, SysfsWatcher watcher, DigitalInputProvider provider, DigitalInputConfig config) {
        super(provider, config);
        this.gpio = gpio;
        this.watcher = watcher;
    }

    @Override
    public DigitalInput initialize(Context context) throws InitializeException {
        try {
            SysfsLine.claim(gpio);
            gpio.direction(LinuxGpio.Direction.IN);
            if (gpio.isInterruptSupported()) {
                gpio.interruptEdge(LinuxGpio.Edge.BOTH);
            }
            watcher.watch(Path.of(gpio.pinPath()), this::changed);
        } catch (java.io.IOException e) {
            throw new InitializeException(e);
        }
        return super.initialize(context);
    }

    private void changed() {
        DigitalState now;
        synchronized (this) {
            try {
                now = gpio.state();
            } catch (java.io.IOException e) {
                // The device reads the level every second and finds that out in its own time.
                return;
            }
            if (now == last) {
                return;
            }
            last = now;
        }
        dispatch(new DigitalStateChangeEvent<DigitalInput>(this, now));
    }

    @Override
    public DigitalState state() {
        try {
            return gpio.state();
        } catch (java.io.IOException e) {
            throw new IOException(e);
        }
    }

    @Override
    public DigitalInput shutdown(Context context) {
        super.shutdown(context);
        try {
            gpio.unexport();
        } catch (java.io.IOException e) {
            LOG.debug("{} could not be given back: {}", gpio.pinPath(), e.toString());
        }
        return this;
    }
}
