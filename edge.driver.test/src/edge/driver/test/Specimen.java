// SPDX-License-Identifier: Apache-2.0
package edge.driver.test;

import edge.api.device.FieldDevice;

/**
 * One device under test, as the framework would have it: activated.
 *
 * @param device the device
 * @param deactivate what the framework does when the device's configuration or bundle goes
 */
public record Specimen(FieldDevice device, Runnable deactivate) {
}
