// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

/** Lines cannot be claimed, read or driven. The message is one sentence for people with the remedy. */
final class HeadException extends Exception {
    private static final long serialVersionUID = 1L;

    HeadException(String message) {
        super(message);
    }

    HeadException(String message, Throwable cause) {
        super(message, cause);
    }
}
