// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

/** What links share: a connection or a serial bus. Its methods are called on its loop's thread. */
interface Line {

    void add(Link link);

    /**
     * Removes a user; its requests fail as PAUSED.
     *
     * @return whether nobody is left: the line is closed then
     */
    boolean remove(Link link);

    /** Takes a request, which gets exactly one outcome. */
    void offer(Call call);
}
