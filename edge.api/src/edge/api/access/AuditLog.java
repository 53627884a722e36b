// SPDX-License-Identifier: Apache-2.0
package edge.api.access;

import java.time.Instant;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The account of who did what: signing in, changes of configuration and bundles, writes to outputs. */
@ProviderType
public interface AuditLog {

    /**
     * @param time UTC
     * @param caller name of the caller
     * @param origin where the call came from
     * @param action what was tried, as a short verb phrase
     * @param subject what it was done to
     * @param outcome {@code done}, or {@code refused:} and why
     */
    record Entry(Instant time, String caller, String origin, String action, String subject, String outcome) {
    }

    /** Adds an entry. Control characters in any field are escaped. Never throws, never blocks on a full disk. */
    void record(Caller caller, String action, String subject, String outcome);

    /** The newest entries first, at most {@code limit}. */
    List<Entry> recent(int limit);
}
