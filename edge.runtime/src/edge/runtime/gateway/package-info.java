// SPDX-License-Identifier: Apache-2.0
/** The identity of this gateway and its clock. */
package edge.runtime.gateway;
