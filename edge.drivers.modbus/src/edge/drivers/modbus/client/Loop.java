// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

/** The thread that one or more lines live on. */
interface Loop {

    /** Whether this is that thread. */
    boolean inLoop();

    /**
     * Runs a task on that thread, in the order of the calls.
     *
     * @return false if it has ended or far too much is waiting; the task is not run then
     */
    boolean execute(Runnable task);
}
