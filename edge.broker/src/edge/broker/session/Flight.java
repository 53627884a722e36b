// SPDX-License-Identifier: Apache-2.0
package edge.broker.session;

/** A message of QoS 1 or 2 that has been sent and is not settled. Loop only. */
final class Flight {

    enum Phase {
        /** QoS 2: it is sent when its packet id is on disk. */
        NOTING,
        SENT,
        /** QoS 2: its PUBREC has come, the PUBREL leaves when that is on disk. */
        RELEASING,
        RELEASED
    }

    final int packetId;
    final int qos;
    final boolean retain;
    final int[] ids;
    /** Where it is in the journal, 0 if nowhere; negative if it came through a shared subscription. */
    final long position;
    Phase phase;
    /** Null while it is only in the journal. */
    Parcel parcel;

    Flight(int packetId, Parcel parcel, int qos, boolean retain, int[] ids, long position, Phase phase) {
        this.packetId = packetId;
        this.parcel = parcel;
        this.qos = qos;
        this.retain = retain;
        this.ids = ids;
        this.position = position;
        this.phase = phase;
    }
}
