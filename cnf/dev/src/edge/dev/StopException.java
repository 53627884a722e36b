// SPDX-License-Identifier: Apache-2.0
package edge.dev;

/** Nothing more can be done; the message is a sentence that says what to do. */
final class StopException extends Exception {
    private static final long serialVersionUID = 1L;

    StopException(String message) {
        super(message);
    }
}
