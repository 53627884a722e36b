// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

/** Makes text from anywhere harmless for terminals, log files and people. */
final class PlainText {

    private PlainText() {
    }

    /** One line of at most that many characters and an ellipsis; control characters as {@code \}{@code uXXXX}. */
    static String oneLine(String text, int limit) {
        return escape(text, limit, false);
    }

    /** The same, with its line ends and tabs. */
    static String lines(String text, int limit) {
        return escape(text, limit, true);
    }

    private static String escape(String text, int limit, boolean keepLines) {
        if (text == null) {
            return "";
        }
        int length = Math.min(text.length(), limit);
        StringBuilder plain = null;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean keep = !isHidden(c) && !isLoneHalf(text, i, length) || keepLines && (c == '\n' || c == '\t');
            if (!keep && plain == null) {
                plain = new StringBuilder(length + 16).append(text, 0, i);
            }
            if (plain != null && keep) {
                plain.append(c);
            } else if (plain != null) {
                plain.append(String.format("\\u%04x", (int) c));
            }
        }
        String result = plain == null ? text.substring(0, length) : plain.toString();
        return length < text.length() ? result + "…" : result;
    }

    // Besides the control characters of C0 and C1: what turns the direction of text, and line ends that JavaScript knows.
    private static boolean isHidden(char c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT || c == '\u2028' || c == '\u2029';
    }

    private static boolean isLoneHalf(String text, int i, int length) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 >= length || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
