// SPDX-License-Identifier: Apache-2.0
/** A driver for devices that speak lines of text over TCP. */
package @NAME@;
