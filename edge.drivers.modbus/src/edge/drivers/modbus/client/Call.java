// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.drivers.modbus.codec.Request;

/** One request on its way. */
final class Call implements Runnable {
    final Link link;
    final Request request;
    final ResponseHandler handler;
    final long timeoutNanos;
    /** When waiting for the answer ends; set when sent. */
    long deadline;
    /** Set when sent. */
    int transaction;

    Call(Link link, Request request, ResponseHandler handler, long timeoutNanos) {
        this.link = link;
        this.request = request;
        this.handler = handler;
        this.timeoutNanos = timeoutNanos;
    }

    /** Arrives on the client's thread. */
    @Override
    public void run() {
        link.accept(this);
    }
}
