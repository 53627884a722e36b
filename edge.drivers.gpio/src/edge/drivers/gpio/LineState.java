// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.Tag;
import edge.api.value.Value;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;

/**
 * What is known of one line: its value, and the new one that must still hold for the debounce time. A value that settles
 * bears the time of the edge that began it, not of the moment when it had held long enough.
 *
 * <p>Used on the device's thread only.
 */
final class LineState {

    /** Gets a change that is to be reported. */
    @FunctionalInterface
    interface Reporter {
        void changed(Instant time);
    }

    private final LineConfig config;
    private final Tag tag;
    private final SerialExecutor executor;
    private final Reporter report;
    private final Optional<LineConfig.Input> input;
    private boolean debounced;
    private boolean known;
    private boolean value;
    private Instant since = Instant.EPOCH;
    private ScheduledFuture<?> settling;
    private ScheduledFuture<?> toggling;

    LineState(LineConfig config, SerialExecutor executor, Reporter report) {
        this.config = config;
        this.tag = config.tag();
        this.input = config.input();
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
     * @param debounced whether the line is debounced below us
     * @param toggle turns a simulated input over; planned only if the line is configured to toggle
     */
    void start(boolean now, boolean debounced, Runnable toggle) {
        known = true;
        this.debounced = debounced;
        value = now;
        since = Instant.now();
        long half = input.map(in -> in.toggle().toMillis() / 2).orElse(0L);
        if (half > 0) {
            toggling = executor.every(half, toggle);
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
        long hold = debounced ? 0 : input.map(in -> in.debounce().toMillis()).orElse(0L);
        if (hold == 0) {
            settle(now, time);
        } else if (now == value) {
            cancel(settling);
            settling = null;
        } else if (settling == null) {
            settling = executor.later(hold, () -> {
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
        if (input.isEmpty() || input.get().edge().reports(now)) {
            report.changed(time);
        }
    }

    /** An output was written; that is reported also if nothing changed. */
    void written(boolean now) {
        value = now;
        since = Instant.now();
        report.changed(since);
    }

    boolean value() {
        return value;
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
