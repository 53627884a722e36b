// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

/**
 * Which line.
 *
 * @param chip device or label of the chip; empty where the provider has no chips or the line is named
 * @param number the line's number, as the provider counts; -1 if it is named
 * @param name the line's name on the board; empty if it is numbered
 */
record LineAddress(String chip, int number, String name) {

    static LineAddress numbered(String chip, int number) {
        return new LineAddress(chip, number, "");
    }

    static LineAddress named(String name) {
        return new LineAddress("", -1, name);
    }

    boolean isNamed() {
        return number < 0;
    }

    @Override
    public String toString() {
        if (isNamed()) {
            return "line '" + name + "'";
        }
        return chip.isEmpty() ? "line " + number : "line " + number + " of " + chip;
    }
}
