// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

/** A server's refusal of a request: what becomes an exception on the wire. */
public final class ExceptionResponse extends Exception {
    private static final long serialVersionUID = 1L;
    private final ExceptionCode code;

    public ExceptionResponse(ExceptionCode code) {
        // No stack trace: refusing is part of normal work.
        super(ExceptionCode.describe(code.code()), null, false, false);
        this.code = code;
    }

    public ExceptionCode code() {
        return code;
    }
}
