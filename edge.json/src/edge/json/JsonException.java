// SPDX-License-Identifier: Apache-2.0
package edge.json;

/** A text is not the JSON that was expected. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int line;
    private final int column;
    private final String path;

    /**
     * @param line from 1
     * @param column from 1
     * @param path the attribute, for example {@code tags[3].address}; empty for the whole text
     * @param message what is wrong and what would be right, without the place
     */
    public JsonException(int line, int column, String path, String message) {
        super(message);
        this.line = line;
        this.column = column;
        this.path = path;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }

    public String path() {
        return path;
    }
}
