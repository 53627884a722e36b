// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.server;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of clients that are refused: of the first at once, of the rest once a minute, so that nobody can fill the log. One thread. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final long QUIET = TimeUnit.MINUTES.toNanos(1);

    private long quietUntil = System.nanoTime();
    private long untold;

    void add(String why) {
        long now = System.nanoTime();
        if (now - quietUntil < 0) {
            untold++;
            return;
        }
        LOG.warn("{}{}", why, untold == 0 ? "" : "; and " + untold + " others were refused since the last one that was told");
        untold = 0;
        quietUntil = now + QUIET;
    }
}
