// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.drivers.modbus.codec.Request;
import java.nio.ByteBuffer;

/** Gets the outcome of one request: exactly one call, on the client's thread (see {@link Link#submit}). */
public interface ResponseHandler {

    /**
     * The device has answered.
     *
     * @param data holds the data of a read from index {@code start}, big endian; only valid during the call and not to be
     *     changed. For writes there is nothing in it to read.
     */
    void answered(Request request, ByteBuffer data, int start);

    void failed(Request request, Failure failure);
}
