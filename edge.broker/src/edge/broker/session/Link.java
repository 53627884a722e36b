// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

/** A session's connection, while it has one. Loop only. */
public interface Link {

    /** Whether the client takes what it is sent: little waits to be written. */
    boolean isWritable();

    /** How many messages of QoS 1 and 2 the client wants to have unacknowledged. */
    int window();

    /**
     * Sends a message.
     *
     * @param packetId 0 at QoS 0
     * @param ids subscription identifiers
     * @return false if it is larger than the client takes: then nothing was sent, and it counts as delivered (MQTT-3.1.2-25)
     */
    boolean send(Parcel parcel, int qos, boolean duplicate, boolean retain, int packetId, int[] ids);

    /** Sends a PUBREL. */
    void release(int packetId);
}
