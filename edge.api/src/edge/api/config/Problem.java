// SPDX-License-Identifier: Apache-2.0
package edge.api.config;

/**
 * Something wrong in a configuration file.
 *
 * @param line from 1; 0 if it concerns the whole file
 * @param column from 1; 0 if it concerns the whole line
 * @param attribute the attribute, as a path such as {@code tags[3].address}; may be empty
 * @param message what is wrong and what would be right, one sentence
 */
public record Problem(int line, int column, String attribute, String message) {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (line > 0) {
            text.append("line ").append(line);
            if (column > 0) {
                text.append(", column ").append(column);
            }
            text.append(": ");
        }
        if (!attribute.isEmpty()) {
            text.append(attribute).append(": ");
        }
        return text.append(message).toString();
    }
}
