// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.library.gpiod.internal.GpioDContext;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalInputProvider;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalOutputProvider;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInputProvider;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalOutputProvider;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Claims lines through the provider that a configuration names, and no other: nothing is detected.
 *
 * <p>Each head has a Pi4J context of its own, but for {@code gpiod}: its native side is one for the process and closes every
 * line with the first context that ends, so that all of its heads share one context, which ends with the last of them.
 */
@Component(service = Heads.class)
public final class Heads {

    private static final long GPIOD_SETTLE_NANOS = 100_000_000;

    // guarded by this
    private Pi4jLink gpiod;
    // guarded by this
    private int gpiodUsers;
    // guarded by this
    private long gpiodOpened;

    /** Claims the lines, and puts outputs into their initial state. */
    Head open(GpioProvider provider, String path, String device, List<LineConfig> lines, Head.Listener listener)
        throws HeadException {
        return PiHead.open(link(provider, path, device), device, lines, listener);
    }

    private Pi4jLink link(GpioProvider provider, String path, String device) throws HeadException {
        try {
            return switch (provider) {
                case MOCK -> mock();
                case LINUXFS -> sysfs(path, device);
                case GPIOD -> gpiod();
            };
        } catch (RuntimeException | LinkageError e) {
            throw new HeadException("Pi4J's provider " + provider.label() + " does not start: " + e
                + "; choose another provider, or see the log", e);
        }
    }

    private static Pi4jLink mock() {
        return owned(MockDigitalInputProvider.newInstance(), MockDigitalOutputProvider.newInstance(), () -> { });
    }

    private static Pi4jLink sysfs(String path, String device) throws HeadException {
        SysfsWatcher watcher = SysfsWatcher.open(device);
        try {
            return owned(new SysfsInputProvider(path, watcher), new SysfsOutputProvider(path), watcher::close);
        } catch (RuntimeException | LinkageError e) {
            watcher.close();
            throw e;
        }
    }

    private static Pi4jLink owned(DigitalInputProvider inputs, DigitalOutputProvider outputs, Runnable end) {
        Context context = context(inputs, outputs);
        return new Pi4jLink(context, inputs, outputs, lines -> {
            try {
                context.shutdown();
            } finally {
                end.run();
            }
        });
    }

    private synchronized Pi4jLink gpiod() {
        if (gpiod == null) {
            DigitalInputProvider inputs = GpioDDigitalInputProvider.newInstance();
            DigitalOutputProvider outputs = GpioDDigitalOutputProvider.newInstance();
            Context context = context(inputs, outputs);
            gpiod = new Pi4jLink(context, inputs, outputs, this::releaseGpiod);
        }
        gpiodUsers++;
        gpiodOpened = System.nanoTime();
        return gpiod;
    }

    // An input that ends before its thread has begun leaves that thread running on a line that is closed.
    private void releaseGpiod(List<PiHead.Claimed> lines) {
        long opened;
        synchronized (this) {
            opened = gpiodOpened;
        }
        long wait = GPIOD_SETTLE_NANOS - (System.nanoTime() - opened);
        if (wait > 0) {
            LockSupport.parkNanos(wait);
        }
        closeGpiod(lines);
    }

    // Ending a line's object stops its thread but keeps the line claimed, and a second claim then fails as busy.
    private synchronized void closeGpiod(List<PiHead.Claimed> lines) {
        if (gpiod == null) {
            return;
        }
        for (PiHead.Claimed line : lines) {
            gpiod.context().shutdown(line.io().id());
            GpioDContext.getInstance().closeLine(GpioDContext.getInstance().getOrOpenLine(line.config().line()));
        }
        gpiodUsers--;
        if (gpiodUsers == 0) {
            endGpiod();
        }
    }

    /** Ends what heads may have left. */
    @Deactivate
    synchronized void close() {
        if (gpiod != null) {
            endGpiod();
        }
    }

    // guarded by this
    private void endGpiod() {
        Context context = gpiod.context();
        gpiod = null;
        gpiodUsers = 0;
        context.shutdown();
    }

    private static Context context(DigitalInputProvider inputs, DigitalOutputProvider outputs) {
        return Pi4J.newContextBuilder().noAutoDetect().disableShutdownHook().add(inputs, outputs).build();
    }
}
