// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

/** How two values are compared. */
enum Comparator {
    LESS("<"), LESS_OR_EQUAL("<="), GREATER(">"), GREATER_OR_EQUAL(">="), EQUAL("=="), NOT_EQUAL("!=");

    private final String symbol;

    Comparator(String symbol) {
        this.symbol = symbol;
    }

    String symbol() {
        return symbol;
    }

    /** Whether it asks which is greater, which only numbers can answer. */
    boolean isOrder() {
        return this != EQUAL && this != NOT_EQUAL;
    }

    /** @param order below, at or above 0 as the left is below, at or above the right */
    boolean holds(int order) {
        return switch (this) {
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
        };
    }
}
