// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What can be told about the readings in a window. */
enum WindowFunction {
    MIN_OVER(Window.Summary::min),
    MAX_OVER(Window.Summary::max),
    MEAN_OVER(summary -> summary.sum() / summary.count()),
    SUM_OVER(Window.Summary::sum),
    FIRST_OVER(Window.Summary::first),
    LAST_OVER(Window.Summary::last),
    COUNT_OVER(Window.Summary::count);

    private final ToDoubleFunction<Window.Summary> body;

    WindowFunction(ToDoubleFunction<Window.Summary> body) {
        this.body = body;
    }

    String label() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    double apply(Window.Summary summary) {
        return body.applyAsDouble(summary);
    }

    static Optional<WindowFunction> of(String label) {
        for (WindowFunction function : values()) {
            if (function.label().equals(label)) {
                return Optional.of(function);
            }
        }
        return Optional.empty();
    }
}
