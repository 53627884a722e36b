// SPDX-License-Identifier: Apache-2.0
package edge.api.gateway;

/** How far the wall clock can be believed. */
public enum ClockConfidence {
    /** The clock has not been set since boot: times before the product was built are certainly wrong. */
    UNSET,
    /** The clock looks plausible, but nothing confirms that it is synchronised. */
    PLAUSIBLE,
    /** The operating system reports the clock as synchronised with a time source. */
    SYNCHRONISED
}
