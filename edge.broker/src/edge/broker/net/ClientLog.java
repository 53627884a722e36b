// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What clients did wrong, for the log: a few lines a minute, the rest counted. Network loop only. */
public final class ClientLog {

    private static final Logger LOG = LoggerFactory.getLogger(ClientLog.class);
    static final int LINES = 20;
    private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);

    private long windowStart = System.nanoTime();
    private int lines;
    private long unsaid;

    /** @param format with a place for each argument, as slf4j has it */
    void say(String format, Object... arguments) {
        long now = System.nanoTime();
        if (now - windowStart > WINDOW) {
            if (unsaid > 0) {
                LOG.info("{} more lines like the ones above were not written", unsaid);
            }
            windowStart = now;
            lines = 0;
            unsaid = 0;
        }
        if (lines < LINES) {
            lines++;
            LOG.info(format, arguments);
        } else {
            unsaid++;
            LOG.debug(format, arguments);
        }
    }
}
