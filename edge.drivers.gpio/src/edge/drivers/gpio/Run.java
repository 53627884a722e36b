// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.drivers.gpio.LineConfig.Counter;
import edge.drivers.gpio.LineConfig.Output;
import edge.drivers.gpio.Notebook.Page;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;

/**
 * What one run of a device takes over from the last. Counts are written once a minute and at the end: a stop in order loses
 * none, a crash those of the last minute. Pulses that come while nobody listens are never counted. Device's thread.
 */
final class Run {

    private static final long SAVE_MILLIS = 60_000;

    private final Lines lines;
    private final Notebook notebook;
    private final boolean remembers;
    private boolean followsCrash;
    private Map<String, Long> saved = Map.of();
    private ScheduledFuture<?> saving;

    Run(Lines lines, List<LineConfig> configs, Notebook notebook) {
        this.lines = lines;
        this.notebook = notebook;
        remembers = configs.stream().anyMatch(line -> line.role() instanceof Counter
            || line.role() instanceof Output output && !output.afterCrash().equals(output.initial()));
    }

    void begin(SerialExecutor executor) {
        if (!remembers) {
            return;
        }
        Optional<Page> last = notebook.read();
        last.ifPresent(page -> lines.restore(page.counts()));
        followsCrash = last.isPresent() && !last.get().clean();
        save(false);
        saving = executor.every(SAVE_MILLIS, () -> {
            if (!lines.counts().equals(saved)) {
                save(false);
            }
        });
    }

    /** Whether the last run ended without a stop in order, and the lines have not been claimed since. */
    boolean followsCrash() {
        return followsCrash;
    }

    /** The lines are claimed; whatever happens from now on is not that crash. */
    void claimed() {
        followsCrash = false;
    }

    void end() {
        if (saving != null) {
            saving.cancel(false);
            save(true);
        }
    }

    private void save(boolean clean) {
        saved = lines.counts();
        notebook.write(new Page(clean, saved));
    }
}
