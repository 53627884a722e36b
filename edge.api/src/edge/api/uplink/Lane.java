// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

/** Current values never wait behind old ones. Order holds within a stream and a lane. */
public enum Lane {
    /** What is recorded while the uplink is connected. */
    LIVE,
    /** What waited for the connection: it is historical. */
    BACKLOG,
    /**
     * What comes out of its order: what somebody asked to be sent again, which may have arrived before, and what was refused and
     * tried again after others of its stream were taken.
     */
    REPLAY
}
