// SPDX-License-Identifier: Apache-2.0
package edge.api.trust;

/** How much the signature of a bundle matters to a gateway. */
public enum TrustPolicy {
    /** Nobody looks. */
    OFF,
    /** What is not trusted is let in with a warning; what is broken or revoked is not let in. */
    WARN,
    /** Only what is trusted is let in. */
    REQUIRE
}
