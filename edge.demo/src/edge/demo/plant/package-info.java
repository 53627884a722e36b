// SPDX-License-Identifier: Apache-2.0
/**
 * A plant that is not there: a pump station and an energy meter, simulated, behind one Modbus TCP server on loopback.
 * {@link edge.demo.plant.PumpStation} and {@link edge.demo.plant.EnergyMeter} know physics and no Modbus,
 * {@link edge.demo.plant.PlantMemory} knows the addresses, {@link edge.demo.plant.PlantServer} runs them.
 */
package edge.demo.plant;
