// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import java.io.IOException;

/** Lines cannot be claimed, read or driven. The message is one sentence for people with the remedy. */
final class HeadException extends IOException {
    private static final long serialVersionUID = 1L;

    HeadException(String message) {
        super(message);
    }

    HeadException(String message, Throwable cause) {
        super(message, cause);
    }
}
