// SPDX-License-Identifier: Apache-2.0
package edge.api.access;

/** The caller may not do that. The message names the caller, the action and the role that it needs. */
public final class AccessDeniedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AccessDeniedException(Caller caller, String action, Role needed) {
        super(caller.name() + " (" + caller.role().name().toLowerCase(java.util.Locale.ROOT) + ") may not " + action
            + ": that needs the role " + needed.name().toLowerCase(java.util.Locale.ROOT));
    }

    /** For what no role allows: the reason says why, and what would be allowed. */
    public AccessDeniedException(Caller caller, String action, String reason) {
        super(caller.name() + " may not " + action + ": " + reason);
    }
}
