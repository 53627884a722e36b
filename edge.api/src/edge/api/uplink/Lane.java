// SPDX-License-Identifier: Apache-2.0
package edge.api.uplink;

/** Current values never wait behind old ones. Order holds within a stream and a lane. */
public enum Lane {
    LIVE, BACKLOG
}
