// SPDX-License-Identifier: Apache-2.0
/**
 * The contract that every driver keeps, as tests. Authors of drivers extend {@link
 * edge.driver.test.FieldDeviceContract} in their own project and say how their device is made.
 */
package edge.driver.test;
