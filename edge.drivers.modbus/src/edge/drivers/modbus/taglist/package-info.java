// SPDX-License-Identifier: Apache-2.0
/** Tag lists from and to other formats: CSV, and the lists of Neuron, EdgeX and the ThingsBoard gateway. */
package edge.drivers.modbus.taglist;
