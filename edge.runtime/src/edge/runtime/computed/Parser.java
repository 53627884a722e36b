// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import edge.api.device.Tag;
import edge.api.value.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one expression, by recursive descent; each level of precedence is a method. What is wrong is told with its place, kinds
 * that do not fit included, as far as they can be known without reading a tag.
 */
final class Parser {
    static final int MAX_LENGTH = 2_000;
    private static final int MAX_DEPTH = 30;
    private static final long MAX_WINDOW = 86_400;
    private static final Set<String> SPECIAL = Set.of("if", "default", "good");

    private final Scanner in;
    private final String device;
    private final OwnTags own;
    private final Set<TagReference> references = new LinkedHashSet<>();
    private final List<Node.OverWindow> windows = new ArrayList<>();
    private int depth;

    /** Tells what the other tags of the same device hold. */
    @FunctionalInterface
    interface OwnTags {
        /** Empty if there is none of that name. */
        Optional<Kind> kind(String tag);
    }

    /** @param device the device that the expression belongs to: {@code [tag]} is one of its own tags */
    Parser(String text, String device, OwnTags own) throws ExpressionException {
        if (text.length() > MAX_LENGTH) {
            throw new ExpressionException(MAX_LENGTH, "an expression has at most " + MAX_LENGTH + " characters");
        }
        this.in = new Scanner(text);
        this.device = device;
        this.own = own;
    }

    Node parse() throws ExpressionException {
        Node node = or();
        if (in.type() != Scanner.Type.END) {
            throw in.problem("the expression should end here, but " + in.words() + " follows");
        }
        return node;
    }

    /** Every tag whose last value is looked at. */
    Set<TagReference> references() {
        return references;
    }

    /** Every window that is looked at. */
    List<Node.OverWindow> windows() {
        return windows;
    }

    private Node or() throws ExpressionException {
        if (++depth > MAX_DEPTH) {
            throw in.problem("the expression is nested deeper than " + MAX_DEPTH + " levels");
        }
        Node left = and();
        while (in.isWord("or")) {
            left = logic(false, left, this::and);
        }
        depth--;
        return left;
    }

    private Node and() throws ExpressionException {
        Node left = not();
        while (in.isWord("and")) {
            left = logic(true, left, this::not);
        }
        return left;
    }

    private interface Rule {
        Node parse() throws ExpressionException;
    }

    private Node logic(boolean and, Node left, Rule operand) throws ExpressionException {
        int at = in.position();
        need(left, Kind.BOOL, at, "on the left of " + in.text());
        String word = in.text();
        in.next();
        return new Node.Logic(and, left, operand(operand, Kind.BOOL, "on the right of " + word));
    }

    private Node not() throws ExpressionException {
        int nots = 0;
        while (in.isWord("not")) {
            nots++;
            in.next();
        }
        if (nots == 0) {
            return comparison();
        }
        Node operand = operand(this::comparison, Kind.BOOL, "behind not");
        return nots % 2 == 1 ? new Node.Not(operand) : operand;
    }

    private Node comparison() throws ExpressionException {
        Node left = sum();
        Optional<Comparator> comparator = comparator();
        if (comparator.isEmpty()) {
            return left;
        }
        int at = in.position();
        in.next();
        Node right = sum();
        boolean fits = left.kind().mayBe(right.kind());
        if (comparator.get().isOrder()) {
            fits = left.kind().mayBe(Kind.NUMBER) && right.kind().mayBe(Kind.NUMBER);
        }
        if (!fits) {
            throw new ExpressionException(at, left.kind().words() + " and " + right.kind().words()
                + " cannot be compared with " + comparator.get().symbol());
        }
        if (comparator().isPresent()) {
            throw in.problem("comparisons do not chain: write a < b and b < c");
        }
        return new Node.Comparison(comparator.get(), left, right);
    }

    private Optional<Comparator> comparator() {
        return in.type() != Scanner.Type.SYMBOL ? Optional.empty()
            : Arrays.stream(Comparator.values()).filter(one -> one.symbol().equals(in.text())).findFirst();
    }

    private Node sum() throws ExpressionException {
        Node left = product();
        while (in.isSymbol("+") || in.isSymbol("-")) {
            left = binary(in.isSymbol("+") ? Function.ADD : Function.SUBTRACT, left, this::product);
        }
        return left;
    }

    private Node product() throws ExpressionException {
        Node left = unary();
        while (in.isSymbol("*") || in.isSymbol("/") || in.isSymbol("%")) {
            Function function = in.isSymbol("*") ? Function.MULTIPLY : in.isSymbol("/") ? Function.DIVIDE : Function.REMAINDER;
            left = binary(function, left, this::unary);
        }
        return left;
    }

    private Node unary() throws ExpressionException {
        int minuses = 0;
        while (in.isSymbol("-")) {
            minuses++;
            in.next();
        }
        if (minuses == 0) {
            return power();
        }
        Node operand = operand(this::power, Kind.NUMBER, "behind -");
        return minuses % 2 == 1 ? new Node.Arithmetic(Function.NEGATE, List.of(operand)) : operand;
    }

    private Node power() throws ExpressionException {
        Node base = primary();
        if (!in.isSymbol("^")) {
            return base;
        }
        Node power = binary(Function.POWER, base, this::exponent);
        if (in.isSymbol("^")) {
            throw in.problem("write parentheses: (a ^ b) ^ c or a ^ (b ^ c)");
        }
        return power;
    }

    private Node exponent() throws ExpressionException {
        if (!in.isSymbol("-")) {
            return primary();
        }
        in.next();
        return new Node.Arithmetic(Function.NEGATE, List.of(operand(this::primary, Kind.NUMBER, "behind -")));
    }

    private Node binary(Function function, Node left, Rule operand) throws ExpressionException {
        need(left, Kind.NUMBER, in.position(), "on the left of " + function.label());
        in.next();
        return new Node.Arithmetic(function,
            List.of(left, operand(operand, Kind.NUMBER, "on the right of " + function.label())));
    }

    private Node primary() throws ExpressionException {
        switch (in.type()) {
            case NUMBER -> {
                Node number = new Node.Literal(Value.real(in.number()));
                in.next();
                return number;
            }
            case TEXT -> {
                Node text = new Node.Literal(Value.text(in.text()));
                in.next();
                return text;
            }
            case TAG -> {
                return reference();
            }
            case WORD -> {
                return word();
            }
            case SYMBOL -> {
                if (in.isSymbol("(")) {
                    in.next();
                    Node inner = or();
                    in.take(")");
                    return inner;
                }
            }
            default -> { }
        }
        throw in.problem("a value is expected: a number, a tag in [ ], a function or ( ), not " + in.words());
    }

    private Node word() throws ExpressionException {
        String word = in.text();
        int at = in.position();
        in.next();
        if (word.equals("true") || word.equals("false")) {
            return new Node.Literal(Value.of(word.equals("true")));
        }
        Optional<WindowFunction> window = WindowFunction.of(word);
        Optional<Function> function = Arrays.stream(Function.values())
            .filter(one -> one.label().equals(word) && one != Function.NEGATE).findFirst();
        if (window.isEmpty() && function.isEmpty() && !SPECIAL.contains(word)) {
            throw new ExpressionException(at, "there is no function " + word + "; a tag is written in brackets: [" + word + "]");
        }
        in.take("(");
        Node call = window.isPresent() ? overWindow(window.get())
            : function.isPresent() ? call(function.get()) : special(word);
        in.take(")");
        return call;
    }

    private Node special(String word) throws ExpressionException {
        if (word.equals("good")) {
            return new Node.IsGood(tag());
        }
        if (word.equals("default")) {
            Node first = or();
            in.take(",");
            return new Node.Otherwise(first, or());
        }
        Node condition = operand(this::or, Kind.BOOL, "as the condition of if");
        in.take(",");
        Node yes = or();
        in.take(",");
        return new Node.Choice(condition, yes, or());
    }

    private Node call(Function function) throws ExpressionException {
        List<Node> arguments = new ArrayList<>();
        arguments.add(argument(function));
        while (in.isSymbol(",")) {
            in.next();
            arguments.add(argument(function));
        }
        if (arguments.size() < function.least() || arguments.size() > function.most()) {
            throw in.problem(function.label() + " takes " + function.least() + (function.least() == function.most() ? ""
                : " to " + function.most()) + " values, not " + arguments.size());
        }
        return new Node.Arithmetic(function, List.copyOf(arguments));
    }

    private Node argument(Function function) throws ExpressionException {
        return operand(this::or, Kind.NUMBER, "in " + function.label() + "( )");
    }

    private Node overWindow(WindowFunction function) throws ExpressionException {
        TagReference tag = tag();
        in.take(",");
        if (in.type() != Scanner.Type.NUMBER || in.number() < 1 || in.number() > MAX_WINDOW) {
            throw in.problem("the length of the window is expected: 1 to " + MAX_WINDOW + " seconds, not " + in.words());
        }
        Duration length = Duration.ofMillis(Math.round(in.number() * 1000));
        in.next();
        Node.OverWindow window = new Node.OverWindow(tag, length, function);
        windows.add(window);
        return window;
    }

    private Node reference() throws ExpressionException {
        TagReference tag = tag();
        references.add(tag);
        Kind kind = tag.device().equals(device) ? own.kind(tag.tag()).orElse(Kind.UNKNOWN) : Kind.UNKNOWN;
        return new Node.Reference(tag, kind);
    }

    private TagReference tag() throws ExpressionException {
        if (in.type() != Scanner.Type.TAG) {
            throw in.problem("a tag in brackets is expected, such as [device/tag], not " + in.words());
        }
        String[] names = in.text().split("/", -1);
        if (names.length > 2 || !Arrays.stream(names).allMatch(Tag::isName)) {
            throw in.problem("a tag is written [device/tag], or [tag] for one of this device, not [" + in.text() + "]");
        }
        TagReference tag = names.length == 2 ? new TagReference(names[0], names[1]) : new TagReference(device, names[0]);
        if (tag.device().equals(device) && own.kind(tag.tag()).isEmpty()) {
            throw in.problem("this device has no tag " + tag.tag());
        }
        in.next();
        return tag;
    }

    private Node operand(Rule rule, Kind needed, String where) throws ExpressionException {
        int at = in.position();
        Node operand = rule.parse();
        need(operand, needed, at, where);
        return operand;
    }

    private static void need(Node operand, Kind needed, int at, String where) throws ExpressionException {
        if (!operand.kind().mayBe(needed)) {
            throw new ExpressionException(at, needed.words() + " is needed " + where + ", not " + operand.kind().words());
        }
    }
}
