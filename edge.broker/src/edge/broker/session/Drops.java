// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

/** Is told of each message that a subscriber does not get because it is too slow. */
@FunctionalInterface
public interface Drops {

    /** @param promised whether its QoS promised delivery; false for QoS 0 */
    void dropped(String clientId, boolean promised);
}
