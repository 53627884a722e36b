// SPDX-License-Identifier: Apache-2.0
/** The parts of the gateway that the console shows, any of which may be missing, and their form in JSON. */
package edge.web.parts;
