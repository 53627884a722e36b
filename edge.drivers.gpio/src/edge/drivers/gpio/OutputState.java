// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.drivers.gpio.LineConfig.Output;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;

/** What becomes of an output by itself: the end of a pulse, and the safe value when the uplinks are lost. One thread. */
final class OutputState {

    private final Output config;
    private final SerialExecutor executor;
    private ScheduledFuture<?> pulse;
    private boolean madeSafe;

    OutputState(Output config, SerialExecutor executor) {
        this.config = config;
        this.executor = executor;
    }

    /** The output has this value now. A pulse ends by writing false. */
    void written(boolean value, Consumer<Boolean> write) {
        stop();
        if (value && !config.pulse().isZero()) {
            pulse = executor.later(config.pulse().toMillis(), () -> write.accept(false));
        }
    }

    /** Once for each loss; what is written afterwards stays. */
    void uplinksLost(Duration lost, Consumer<Boolean> write) {
        boolean tooLong = !config.uplinkLoss().isZero() && lost.compareTo(config.uplinkLoss()) >= 0;
        if (tooLong && !madeSafe) {
            write.accept(config.safe());
        }
        madeSafe = tooLong;
    }

    void stop() {
        if (pulse != null) {
            pulse.cancel(false);
            pulse = null;
        }
    }
}
