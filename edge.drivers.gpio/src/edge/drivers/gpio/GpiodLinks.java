// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalOutputProvider;
import com.pi4j.library.gpiod.internal.GpioDContext;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalInputProvider;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalOutputProvider;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Heads through Pi4J's gpiod plugin, which is in a bundle of its own that a gateway need not have. Its native side is one for
 * the process and closes every line with the first context that ends, so that all heads share one context, which ends with
 * the last of them.
 */
final class GpiodLinks {

    private static final long SETTLE_NANOS = 100_000_000;

    // guarded by this
    private Shared shared;
    // guarded by this
    private int users;
    // guarded by this
    private long opened;

    synchronized Pi4jLink open() {
        if (shared == null) {
            shared = new Shared(GpioDDigitalInputProvider.newInstance(), GpioDDigitalOutputProvider.newInstance());
        }
        users++;
        opened = System.nanoTime();
        return shared;
    }

    private synchronized long opened() {
        return opened;
    }

    // Ending a line's object stops its thread but keeps the line claimed, and a second claim then fails as busy.
    private synchronized void close(List<PiHead.Claimed> lines) {
        if (shared == null) {
            return;
        }
        for (PiHead.Claimed line : lines) {
            shared.context().shutdown(line.io().id());
            GpioDContext.getInstance()
                .closeLine(GpioDContext.getInstance().getOrOpenLine(line.config().address().number()));
        }
        users--;
        if (users == 0) {
            close();
        }
    }

    /** Ends what heads may have left. */
    synchronized void close() {
        if (shared != null) {
            Context context = shared.context();
            shared = null;
            users = 0;
            context.shutdown();
        }
    }

    private final class Shared extends OwnedLink {

        private Shared(DigitalInputProvider inputs, DigitalOutputProvider outputs) {
            super(inputs, outputs, () -> { });
        }

        @Override
        public void release(List<PiHead.Claimed> lines) {
            // An input that ends before its thread has begun leaves that thread running on a line that is closed.
            long wait = SETTLE_NANOS - (System.nanoTime() - opened());
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            close(lines);
        }
    }
}
