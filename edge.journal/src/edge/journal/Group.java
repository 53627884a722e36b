// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import java.util.ArrayList;
import java.util.List;

/** The appends that share the next sync: written, or being written, and not yet acknowledged. The writer's. */
final class Group {

    private final Settings settings;
    private final boolean waits;
    private List<Append> appends = new ArrayList<>();
    private long bytes;
    private long syncAt;

    Group(Settings settings) {
        this.settings = settings;
        waits = settings.sync() == SyncPolicy.INTERVAL;
    }

    void add(Append append) {
        if (appends.isEmpty()) {
            syncAt = System.nanoTime() + settings.interval().toNanos();
        }
        appends.add(append);
        bytes += append.weight;
    }

    void remove(Append append) {
        appends.remove(append);
        bytes -= append.weight;
    }

    /** All of them, in their order. Then there are none. */
    List<Append> clear() {
        List<Append> all = appends;
        appends = new ArrayList<>(all.size());
        bytes = 0;
        return all;
    }

    List<Append> all() {
        return List.copyOf(appends);
    }

    boolean isEmpty() {
        return appends.isEmpty();
    }

    int size() {
        return appends.size();
    }

    long bytes() {
        return bytes;
    }

    /** Whether they wait no longer for others. */
    boolean isDue() {
        return !waits || System.nanoTime() - syncAt >= 0 || appends.size() >= settings.groupRecords()
            || bytes >= settings.groupBytes();
    }

    /** Nanoseconds until they are due at the latest. */
    long left(long forever) {
        return appends.isEmpty() ? forever : Math.max(0, syncAt - System.nanoTime());
    }

    /** So many more are worth waking the writer for, before they are due. */
    int missing() {
        return waits && !appends.isEmpty() ? Math.max(1, settings.groupRecords() - appends.size()) : 1;
    }
}
