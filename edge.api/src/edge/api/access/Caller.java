// SPDX-License-Identifier: Apache-2.0
package edge.api.access;

/**
 * On whose behalf something happens. Made once, where the caller enters the gateway, and carried along: sinks and routing
 * never authenticate again.
 *
 * @param kind what sort of caller
 * @param name the account, or the part of the gateway; never a secret
 * @param role what the caller may do
 * @param origin where the call came from, for people to read: an address, or {@code internal}
 */
public record Caller(Kind kind, String name, Role role, String origin) {

    public enum Kind {
        /** A part of the gateway itself. */
        SYSTEM,
        /** A person who signed in. */
        PERSON,
        /** A machine account: an MQTT client, a script with a token. */
        MACHINE
    }

    /** A part of the gateway, with every right. */
    public static Caller system(String part) {
        return new Caller(Kind.SYSTEM, part, Role.ADMINISTRATOR, "internal");
    }

    public boolean may(Role needed) {
        return role.includes(needed);
    }
}
