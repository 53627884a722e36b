// SPDX-License-Identifier: Apache-2.0
package edge.api.access;

/** What a caller may do. Each role includes the ones before it. */
public enum Role {
    /** Sees everything but secrets. */
    VIEWER,
    /** Also writes to tags that are configured as writable, and pauses uplinks. */
    OPERATOR,
    /** Also changes configurations and bundles. */
    ENGINEER,
    /** Also manages accounts, certificates and trust. */
    ADMINISTRATOR;

    /** Whether a caller with this role may do what {@code needed} may do. */
    public boolean includes(Role needed) {
        return compareTo(needed) >= 0;
    }
}
