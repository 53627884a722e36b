// SPDX-License-Identifier: Apache-2.0
package edge.api.config;

import java.time.Instant;
import java.util.List;

/**
 * One configuration file {@code etc/PID.cfg.json} or {@code etc/PID~NAME.cfg.json}.
 *
 * @param pid the PID, with {@code ~NAME} for one of many
 * @param status what became of it
 * @param problems why it is refused; empty otherwise
 * @param changed when the file was last changed
 * @param etag changes with every change of the text
 */
public record ConfigurationFile(String pid, Status status, List<Problem> problems, Instant changed, String etag) {

    public enum Status {
        /** In force. */
        APPLIED,
        /** No running bundle knows this PID. It is put in force when one does. */
        WAITING,
        /** Wrong; the last good state, if there is one, stays in force. */
        REFUSED
    }
}
