// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.Tag;
import edge.api.value.Value;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;

/**
 * What is known of one line: its value, and the new one that must still hold for the debounce time. A value that settles
 * bears the time of the edge that began it, not of the moment when it had held long enough.
 *
 * <p>Used on the device's thread only.
 */
final class LineState {

    private final LineConfig config;
    private final Tag tag;
    private final SerialExecutor executor;
    private final Consumer<Reading> report;
    private boolean known;
    private boolean value;
    private Instant since = Instant.EPOCH;
    private ScheduledFuture<?> settling;
    private ScheduledFuture<?> toggling;

    LineState(LineConfig config, SerialExecutor executor, Consumer<Reading> report) {
        this.config = config;
        this.tag = config.tag();
        this.executor = executor;
        this.report = report;
    }

    LineConfig config() {
        return config;
    }

    Tag tag() {
        return tag;
    }

    /**
     * The line was claimed and has this value.
     *
     * @param toggle turns a simulated input over; planned only if the line is configured to toggle
     */
    void start(boolean now, Runnable toggle) {
        known = true;
        value = now;
        since = Instant.now();
        if (!config.toggle().isZero()) {
            toggling = executor.every(config.toggle().toMillis() / 2, toggle);
        }
    }

    /** The line is not ours any more. */
    void stop() {
        known = false;
        cancel(settling);
        settling = null;
        cancel(toggling);
        toggling = null;
    }

    /** Whether a new value is being held back. */
    boolean isSettling() {
        return settling != null;
    }

    /** The line has, or has had, this value. */
    void changed(boolean now, Instant time) {
        if (!known) {
            return;
        }
        if (config.debounce().isZero()) {
            settle(now, time);
        } else if (now == value) {
            cancel(settling);
            settling = null;
        } else if (settling == null) {
            settling = executor.later(config.debounce().toMillis(), () -> {
                settling = null;
                settle(now, time);
            });
        }
    }

    private void settle(boolean now, Instant time) {
        if (now == value) {
            return;
        }
        value = now;
        since = time;
        if (config.edge().reports(now)) {
            report();
        }
    }

    /** An output was written; that is reported also if nothing changed. */
    void written(boolean now) {
        value = now;
        since = Instant.now();
        report();
    }

    private void report() {
        if (config.reportsByItself()) {
            report.accept(reading());
        }
    }

    /** The value and the time since when it is so. */
    Reading reading() {
        return new Reading(tag, Value.of(value), Quality.GOOD, since);
    }

    private static void cancel(ScheduledFuture<?> task) {
        if (task != null) {
            task.cancel(false);
        }
    }
}
