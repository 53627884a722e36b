// SPDX-License-Identifier: Apache-2.0
package edge.api.health;

import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The newest lines of the gateway's log, kept in memory. */
@ProviderType
public interface LogBook {

    enum Level {
        DEBUG, INFO, WARN, ERROR
    }

    /**
     * @param number counts up from 1 with each line since start
     * @param logger who logged it
     * @param text one line; control characters are escaped
     * @param trace the stack trace for whoever wants to report it, or empty
     */
    record Line(long number, Instant time, Level level, String logger, String text, String trace) {
    }

    /**
     * Lines, oldest first.
     *
     * @param after only lines with a greater number
     * @param atLeast only lines of this level or above
     * @param limit the newest that many
     */
    List<Line> lines(long after, Level atLeast, int limit);
}
