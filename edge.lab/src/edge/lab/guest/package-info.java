// SPDX-License-Identifier: Apache-2.0
/** Programs that run inside the virtual machine, on nothing but the class path that the host shows them. */
package edge.lab.guest;
