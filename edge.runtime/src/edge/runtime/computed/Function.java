// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** A function of numbers: an operator, or one that is called by its name. */
enum Function {
    ADD("+", 2, 2, n -> n[0] + n[1]),
    SUBTRACT("-", 2, 2, n -> n[0] - n[1]),
    MULTIPLY("*", 2, 2, n -> n[0] * n[1]),
    DIVIDE("/", 2, 2, n -> n[0] / n[1]),
    REMAINDER("%", 2, 2, n -> n[0] % n[1]),
    POWER("^", 2, 2, n -> Math.pow(n[0], n[1])),
    NEGATE("negation", 1, 1, n -> -n[0]),

    ABS("abs", 1, 1, n -> Math.abs(n[0])),
    SQRT("sqrt", 1, 1, n -> Math.sqrt(n[0])),
    EXP("exp", 1, 1, n -> Math.exp(n[0])),
    LN("ln", 1, 1, n -> Math.log(n[0])),
    LOG10("log10", 1, 1, n -> Math.log10(n[0])),
    SIN("sin", 1, 1, n -> Math.sin(n[0])),
    COS("cos", 1, 1, n -> Math.cos(n[0])),
    FLOOR("floor", 1, 1, n -> Math.floor(n[0])),
    CEIL("ceil", 1, 1, n -> Math.ceil(n[0])),
    ROUND("round", 1, 1, n -> Math.rint(n[0])),
    MIN("min", 2, 20, n -> Arrays.stream(n).min().orElse(Double.NaN)),
    MAX("max", 2, 20, n -> Arrays.stream(n).max().orElse(Double.NaN)),
    CLAMP("clamp", 3, 3, n -> Math.max(n[1], Math.min(n[2], n[0]))),
    /** Bit n of a whole number, 0 the least significant: 1 or 0. */
    BIT("bit", 2, 2, n -> isBits(n[0]) && n[1] >= 0 && n[1] < 53 && n[1] == Math.rint(n[1]) ? (long) n[0] >> (long) n[1] & 1
        : Double.NaN);

    private static final double MAX_EXACT = 0x1p53;

    private final String label;
    private final int least;
    private final int most;
    private final ToDoubleFunction<double[]> body;

    Function(String label, int least, int most, ToDoubleFunction<double[]> body) {
        this.label = label;
        this.least = least;
        this.most = most;
        this.body = body;
    }

    String label() {
        return label;
    }

    int least() {
        return least;
    }

    int most() {
        return most;
    }

    /** Not finite where it is not defined. */
    double apply(double[] numbers) {
        return body.applyAsDouble(numbers);
    }

    private static boolean isBits(double number) {
        return number == Math.rint(number) && Math.abs(number) <= MAX_EXACT;
    }
}
