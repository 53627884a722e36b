// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

/** {@code value = raw * scale + offset}. Immutable. */
final class Scaling {
    private final double scale;
    private final double divisor;
    private final double offset;

    /** @param scale not 0 */
    Scaling(double scale, double offset) {
        if (scale == 0 || !Double.isFinite(scale) || !Double.isFinite(offset)) {
            throw new IllegalArgumentException("scale must not be 0, scale and offset must be finite");
        }
        this.scale = scale;
        this.divisor = divisor(scale);
        this.offset = offset;
    }

    /** 10 for a scale of 0.1: dividing by a whole number is exact where multiplying by its inverse is not. */
    private static double divisor(double scale) {
        double inverse = Math.rint(1 / scale);
        return Math.abs(inverse) > 1 && 1 / inverse == scale ? inverse : 0;
    }

    /** Whether it changes nothing. */
    boolean isNone() {
        return scale == 1 && offset == 0;
    }

    double apply(double raw) {
        return (divisor != 0 ? raw / divisor : raw * scale) + offset;
    }

    double undo(double value) {
        return divisor != 0 ? (value - offset) * divisor : (value - offset) / scale;
    }
}
