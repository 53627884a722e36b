// SPDX-License-Identifier: Apache-2.0
/**
 * A cloud to try with: an MQTT 3.1.1 receiver on loopback that counts what arrives and knows what is missing, and that an
 * operator cuts and restores like any device. {@link edge.demo.cloud.CloudDevice} is the device,
 * {@link edge.demo.cloud.CloudServer} the listener, {@link edge.demo.cloud.ClientHandler} one connection,
 * {@link edge.demo.cloud.Ledger} what was received.
 *
 * <p>Everything but {@link edge.demo.cloud.CloudDevice}'s own methods runs on the one thread {@code edge-demo-cloud}.
 */
package edge.demo.cloud;
