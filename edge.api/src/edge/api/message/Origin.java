// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

/**
 * How an MQTT client published a message: what belongs to the message on its way and is neither topic nor payload. It is stored
 * with the message, so that a delivery after a restart is the same as one before.
 *
 * @param clientId the client's id; empty if no MQTT client published it
 * @param packetId the packet id of a message of QoS 2 in a session that outlives its connection; 0 otherwise. It is stored in
 *     the same append as the message: a client that sends it again after a crash is recognised
 * @param properties the properties of MQTT 5 that travel with a message, encoded as in section 2.2.2.2 of that standard
 *     without their length; not to be changed by anybody
 */
public record Origin(String clientId, int packetId, byte[] properties) {

    /** Published inside of the gateway. */
    public static final Origin INTERNAL = new Origin("", 0, new byte[0]);
}
