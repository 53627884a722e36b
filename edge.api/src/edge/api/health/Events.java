// SPDX-License-Identifier: Apache-2.0
package edge.api.health;

import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What changed lately, for people: a device lost, an uplink back, a bundle deployed. Bounded: the oldest make room. */
@ProviderType
public interface Events {

    /**
     * @param time UTC
     * @param level how much it matters
     * @param subject what it is about: {@code device boiler-1}
     * @param text one sentence
     */
    record Event(Instant time, HealthReport.Status level, String subject, String text) {
    }

    /** Adds an event. Once for a change of state, not for each failure. Never blocks. */
    void add(HealthReport.Status level, String subject, String text);

    /** The newest first, at most {@code limit}. */
    List<Event> recent(int limit);
}
