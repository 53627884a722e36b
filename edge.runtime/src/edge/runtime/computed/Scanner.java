// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

/** Cuts an expression into its symbols. */
final class Scanner {
    enum Type {
        NUMBER, WORD, TEXT, TAG, SYMBOL, END
    }

    private final String source;
    private Type type;
    private int start;
    private int end;
    private String text = "";
    private double number;

    Scanner(String source) throws ExpressionException {
        this.source = source;
        next();
    }

    Type type() {
        return type;
    }

    /** A word or symbol as it is written; what is between the quotes or brackets. */
    String text() {
        return text;
    }

    double number() {
        return number;
    }

    /** Where the symbol begins. */
    int position() {
        return start;
    }

    boolean isSymbol(String symbol) {
        return type == Type.SYMBOL && text.equals(symbol);
    }

    boolean isWord(String word) {
        return type == Type.WORD && text.equals(word);
    }

    void take(String symbol) throws ExpressionException {
        if (!isSymbol(symbol)) {
            throw problem(symbol + " is expected here, not " + words());
        }
        next();
    }

    ExpressionException problem(String message) {
        return new ExpressionException(start, message);
    }

    /** The symbol in a few words. */
    String words() {
        return type == Type.END ? "the end" : "'" + source.substring(start, Math.min(end, start + 40)) + "'";
    }

    void next() throws ExpressionException {
        start = end;
        while (start < source.length() && Character.isWhitespace(source.charAt(start))) {
            start++;
        }
        end = start;
        if (start == source.length()) {
            type = Type.END;
            return;
        }
        char c = source.charAt(start);
        if (isDigit(c) || c == '.') {
            readNumber();
        } else if (isLetter(c)) {
            type = Type.WORD;
            while (end < source.length() && (isLetter(source.charAt(end)) || isDigit(source.charAt(end)))) {
                end++;
            }
            text = source.substring(start, end);
        } else if (c == '\'') {
            readUntil(Type.TEXT, '\'', "a text ends with '");
        } else if (c == '[') {
            readUntil(Type.TAG, ']', "a tag ends with ]");
        } else {
            readSymbol(c);
        }
    }

    private void readNumber() throws ExpressionException {
        type = Type.NUMBER;
        skipDigits();
        if (isAt('.')) {
            end++;
            skipDigits();
        }
        if (isAt('e') || isAt('E')) {
            end++;
            if (isAt('+') || isAt('-')) {
                end++;
            }
            skipDigits();
        }
        text = source.substring(start, end);
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw problem("'" + text + "' is not a number");
        }
        if (Double.isInfinite(number)) {
            throw problem("'" + text + "' is too great");
        }
    }

    private void readUntil(Type found, char last, String rule) throws ExpressionException {
        type = found;
        int close = source.indexOf(last, start + 1);
        if (close < 0) {
            end = source.length();
            throw problem(rule);
        }
        text = source.substring(start + 1, close);
        end = close + 1;
    }

    private void readSymbol(char c) throws ExpressionException {
        type = Type.SYMBOL;
        end++;
        boolean withEquals = end < source.length() && source.charAt(end) == '=';
        if ((c == '<' || c == '>' || c == '=' || c == '!') && withEquals) {
            end++;
        } else if (c == '=') {
            throw problem("equality is written ==");
        } else if ("+-*/%^(),<>".indexOf(c) < 0) {
            throw problem("'" + c + "' means nothing here");
        }
        text = source.substring(start, end);
    }

    private void skipDigits() {
        while (end < source.length() && isDigit(source.charAt(end))) {
            end++;
        }
    }

    private boolean isAt(char c) {
        return end < source.length() && source.charAt(end) == c;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }
}
