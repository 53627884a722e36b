// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

/** Decimal digits, four bits each. */
final class Bcd {

    private Bcd() {
    }

    /** The number; -1 if there is a digit above 9. */
    static long decode(long bits) {
        long number = 0;
        for (int shift = 60; shift >= 0; shift -= 4) {
            long digit = bits >>> shift & 0xf;
            if (digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    static long encode(long number) {
        long bits = 0;
        long rest = number;
        for (int shift = 0; rest > 0; shift += 4) {
            bits |= rest % 10 << shift;
            rest /= 10;
        }
        return bits;
    }

    /** The greatest number in so many bytes. */
    static long max(int bytes) {
        return switch (bytes) {
            case 2 -> 9_999L;
            case 4 -> 99_999_999L;
            default -> 9_999_999_999_999_999L;
        };
    }
}
