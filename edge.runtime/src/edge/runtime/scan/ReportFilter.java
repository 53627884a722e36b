// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;

/**
 * Decides which readings of a device are published, by the report policy of each tag. Not safe for several threads: it is
 * used in the device's lane only.
 */
final class ReportFilter {
    private final ReportPolicy[] policies;
    private final long[] heartbeatAfter;
    private final Reading[] published;
    private final long[] publishedAt;

    ReportFilter(Tag[] tags) {
        policies = new ReportPolicy[tags.length];
        heartbeatAfter = new long[tags.length];
        published = new Reading[tags.length];
        publishedAt = new long[tags.length];
        for (int i = 0; i < tags.length; i++) {
            policies[i] = tags[i].report();
            heartbeatAfter[i] = heartbeatAfter(tags[i]);
        }
    }

    /** The reading counts as published already. */
    void remember(int tag, Reading reading, long nanos) {
        published[tag] = reading;
        publishedAt[tag] = nanos;
    }

    /** Whether the reading is to be published; if so it is remembered as published. */
    boolean pass(int tag, Reading reading, long nanos) {
        if (!isDue(tag, reading, nanos)) {
            return false;
        }
        remember(tag, reading, nanos);
        return true;
    }

    /** Whether the tag was published before, and so long ago that its heartbeat is due. */
    boolean isHeartbeatDue(int tag, long nanos) {
        return published[tag] != null && nanos - publishedAt[tag] > heartbeatAfter[tag];
    }

    private boolean isDue(int tag, Reading reading, long nanos) {
        Reading last = published[tag];
        ReportPolicy policy = policies[tag];
        if (policy.rule() == ReportPolicy.Rule.NEVER) {
            return false;
        }
        if (last == null || !policy.onChange() || nanos - publishedAt[tag] > heartbeatAfter[tag]) {
            return true;
        }
        Quality quality = reading.quality();
        Quality before = last.quality();
        if (quality.level() != before.level() || quality.reason() != before.reason()) {
            return true;
        }
        return Values.differ(reading.value(), last.value(), deadband(policy, last));
    }

    private static double deadband(ReportPolicy policy, Reading last) {
        return policy.deadbandPercent() == 0 ? policy.deadband()
            : Math.max(policy.deadband(), policy.deadbandPercent() / 100 * Math.abs(Values.number(last.value())));
    }

    // With a scan every second and a heartbeat of ten, the tenth reading is the one to publish: the ninth is early, and
    // waiting for the next one would break the promise. An eighth of the period is left for the timer's jitter.
    private static long heartbeatAfter(Tag tag) {
        if (tag.report().heartbeat().isZero()) {
            return Long.MAX_VALUE;
        }
        long heartbeat = Nanos.of(tag.report().heartbeat());
        long period = tag.period().isZero() ? lookEvery(heartbeat) : Nanos.of(tag.period());
        return Math.max(0, heartbeat - period + period / 8);
    }

    /** How often the heartbeat of a tag that reports by itself has to be looked after. */
    static long lookEvery(long heartbeat) {
        return Math.max(1, heartbeat / 4);
    }
}
