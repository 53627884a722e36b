// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInputProvider;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalOutputProvider;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Claims lines through the provider that a configuration names, and no other: nothing is detected. Each head has a Pi4J
 * context of its own, but for {@code gpiod}.
 */
@Component(service = Heads.class)
public final class Heads {

    // guarded by this; made when first asked for, because its classes may be missing
    private GpiodLinks gpiod;

    /** What a device wants. */
    record Wanted(GpioProvider provider, String path, String device, List<LineConfig> lines) {
    }

    /**
     * Claims the lines, and puts outputs into their initial state.
     *
     * @param crashed whether the last run ended without a stop
     */
    Head open(Wanted wanted, boolean crashed) throws HeadException {
        return PiHead.open(link(wanted), wanted.device(), wanted.lines(), crashed);
    }

    private Pi4jLink link(Wanted wanted) throws HeadException {
        try {
            return switch (wanted.provider()) {
                case CHARDEV -> ChardevLink.open(wanted.device(), wanted.lines());
                case LINUXFS -> sysfs(wanted.path(), wanted.device());
                case GPIOD -> gpiod().open();
                case MOCK -> new OwnedLink(MockDigitalInputProvider.newInstance(),
                    MockDigitalOutputProvider.newInstance(), () -> { });
            };
        } catch (NoClassDefFoundError e) {
            throw new HeadException("the provider " + wanted.provider().label() + " is not installed (" + e.getMessage()
                + " is missing): " + (wanted.provider() == GpioProvider.GPIOD
                    ? "deploy the bundle wrapped.pi4j.gpiod and restart, or use chardev" : "install the product anew"), e);
        } catch (RuntimeException | LinkageError e) {
            throw new HeadException("the provider " + wanted.provider().label() + " does not start: " + e
                + "; choose another provider, or see the log", e);
        }
    }

    private static Pi4jLink sysfs(String path, String device) throws HeadException {
        SysfsWatcher watcher = SysfsWatcher.open(device);
        try {
            return new OwnedLink(new SysfsInputProvider(path, watcher), new SysfsOutputProvider(path), watcher::close);
        } catch (RuntimeException | LinkageError e) {
            watcher.close();
            throw e;
        }
    }

    private synchronized GpiodLinks gpiod() {
        if (gpiod == null) {
            gpiod = new GpiodLinks();
        }
        return gpiod;
    }

    /** Ends what heads may have left. */
    @Deactivate
    synchronized void close() {
        if (gpiod != null) {
            gpiod.close();
        }
    }
}
