// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

/** An expression is wrong. */
final class ExpressionException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int position;

    /** @param position index of the character in the expression, from 0 */
    ExpressionException(int position, String message) {
        super(message);
        this.position = position;
    }

    int position() {
        return position;
    }
}
