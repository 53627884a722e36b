// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.drivers.modbus.codec.Request;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What came of a request.
 *
 * @param first the first register of the answer, -1 if it failed
 * @param failure null if it did not
 */
record Outcome(int first, Failure failure) {

    static CompletableFuture<Outcome> of(Link link, Request request, Duration timeout) {
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        link.submit(request, timeout, new ResponseHandler() {
            @Override
            public void answered(Request answered, ByteBuffer data, int start) {
                if (!future.complete(new Outcome(data.getShort(start) & 0xffff, null))) {
                    throw new AssertionError("a second outcome of " + answered);
                }
            }

            @Override
            public void failed(Request failed, Failure failure) {
                if (!future.complete(new Outcome(-1, failure))) {
                    throw new AssertionError("a second outcome of " + failed);
                }
            }
        });
        return future;
    }

    static Outcome get(CompletableFuture<Outcome> future) throws Exception {
        return future.get(10, TimeUnit.SECONDS);
    }
}
