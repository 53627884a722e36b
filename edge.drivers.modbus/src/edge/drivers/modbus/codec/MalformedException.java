// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

/** Bytes that are not what the protocol demands here. The stream they came from cannot be trusted any more. */
public final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what was found and what would have been right */
    public MalformedException(String message) {
        // No stack trace: the other side decides how often this happens.
        super(message, null, false, false);
    }
}
