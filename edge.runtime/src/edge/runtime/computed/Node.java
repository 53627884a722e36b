// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import edge.api.value.Value;
import java.time.Duration;
import java.util.List;

/**
 * A part of an expression. A value is a bool, a text, or a number as {@link Value.Real}; {@link Value#NONE} is one that could
 * not be computed, for the reason that the evaluation was told.
 */
sealed interface Node {

    /** What it gives, as far as that is known. */
    Kind kind();

    Value value(Evaluation evaluation);

    /** Something that is written down. */
    record Literal(Value value) implements Node {
        @Override
        public Kind kind() {
            return Kind.of(value);
        }

        @Override
        public Value value(Evaluation evaluation) {
            return value;
        }
    }

    /** The last value of a tag. */
    record Reference(TagReference tag, Kind kind) implements Node {
        @Override
        public Value value(Evaluation evaluation) {
            return evaluation.read(tag);
        }
    }

    /** Whether the last reading of a tag is GOOD. It is known whatever that reading is. */
    record IsGood(TagReference tag) implements Node {
        @Override
        public Kind kind() {
            return Kind.BOOL;
        }

        @Override
        public Value value(Evaluation evaluation) {
            return Value.of(evaluation.isGood(tag));
        }
    }

    /** Something about the readings of a tag in the time before now. */
    record OverWindow(TagReference tag, Duration window, WindowFunction function) implements Node {
        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }

        @Override
        public Value value(Evaluation evaluation) {
            return evaluation.overWindow(this);
        }
    }

    /** A function of numbers, which also stands for the arithmetic operators. */
    record Arithmetic(Function function, List<Node> arguments) implements Node {
        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }

        @Override
        public Value value(Evaluation evaluation) {
            double[] numbers = new double[arguments.size()];
            for (int i = 0; i < numbers.length; i++) {
                Value value = evaluation.need(arguments.get(i).value(evaluation), Kind.NUMBER);
                if (!(value instanceof Value.Real real)) {
                    return Value.NONE;
                }
                numbers[i] = real.value();
            }
            double result = function.apply(numbers);
            return Double.isFinite(result) ? Value.real(result)
                : evaluation.fail(function.label() + " of " + words(numbers) + " is not a finite number");
        }

        private static String words(double[] numbers) {
            StringBuilder text = new StringBuilder();
            for (double number : numbers) {
                text.append(text.length() == 0 ? "" : " and ").append(number);
            }
            return text.toString();
        }
    }

    /** Two values side by side. */
    record Comparison(Comparator comparator, Node left, Node right) implements Node {
        @Override
        public Kind kind() {
            return Kind.BOOL;
        }

        @Override
        public Value value(Evaluation evaluation) {
            Value a = left.value(evaluation);
            Value b = right.value(evaluation);
            if (a == Value.NONE || b == Value.NONE) {
                return Value.NONE;
            }
            if (a instanceof Value.Real x && b instanceof Value.Real y) {
                return Value.of(comparator.holds(Double.compare(x.value() + 0.0, y.value() + 0.0)));
            }
            if (Kind.of(a) != Kind.of(b) || comparator.isOrder()) {
                return evaluation.fail(Kind.of(a).words() + " and " + Kind.of(b).words() + " cannot be compared with "
                    + comparator.symbol());
            }
            return Value.of(comparator.holds(a.equals(b) ? 0 : 1));
        }
    }

    /** {@code and}, {@code or}: the right side is looked at only if the left leaves it open. */
    record Logic(boolean and, Node left, Node right) implements Node {
        @Override
        public Kind kind() {
            return Kind.BOOL;
        }

        @Override
        public Value value(Evaluation evaluation) {
            Value a = evaluation.need(left.value(evaluation), Kind.BOOL);
            return a instanceof Value.Bool bool && bool.value() == and ? evaluation.need(right.value(evaluation), Kind.BOOL) : a;
        }
    }

    /** {@code not}. */
    record Not(Node operand) implements Node {
        @Override
        public Kind kind() {
            return Kind.BOOL;
        }

        @Override
        public Value value(Evaluation evaluation) {
            Value value = evaluation.need(operand.value(evaluation), Kind.BOOL);
            return value instanceof Value.Bool bool ? Value.of(!bool.value()) : value;
        }
    }

    /** {@code if}: only the side that is taken is looked at. */
    record Choice(Node condition, Node yes, Node no) implements Node {
        @Override
        public Kind kind() {
            return yes.kind().or(no.kind());
        }

        @Override
        public Value value(Evaluation evaluation) {
            Value value = evaluation.need(condition.value(evaluation), Kind.BOOL);
            return value instanceof Value.Bool bool ? (bool.value() ? yes : no).value(evaluation) : value;
        }
    }

    /** {@code default}: the alternative stands in where the first cannot be computed. */
    record Otherwise(Node first, Node alternative) implements Node {
        @Override
        public Kind kind() {
            return first.kind().or(alternative.kind());
        }

        @Override
        public Value value(Evaluation evaluation) {
            Evaluation.Mark before = evaluation.mark();
            Value value = first.value(evaluation);
            if (value == Value.NONE) {
                evaluation.reset(before);
                return alternative.value(evaluation);
            }
            return value;
        }
    }
}
