// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.util.Optional;

/**
 * In which order the bytes of a number are on the wire. Written with letters, A being the most significant byte: {@code ABCD}
 * as the standard has it, {@code CDAB} with the words swapped, {@code BADC} with the bytes of each word swapped, {@code DCBA}
 * with both; for 64 bits up to H. Immutable.
 */
public final class ByteSequence {
    /** By position on the wire: how significant the byte is there, 0 for the least. */
    private final int[] significance;

    private ByteSequence(int[] significance) {
        this.significance = significance;
    }

    /** The order of a number of so many bytes, 2, 4 or 8, from those of the bytes in a word and of the words. */
    public static ByteSequence of(int bytes, Order byteOrder, Order wordOrder) {
        int[] significance = new int[bytes];
        for (int i = 0; i < bytes; i++) {
            int word = i / 2;
            int fromTop = (wordOrder == Order.BIG ? word : bytes / 2 - 1 - word) * 2 + (byteOrder == Order.BIG ? i % 2 : 1 - i % 2);
            significance[i] = bytes - 1 - fromTop;
        }
        return new ByteSequence(significance);
    }

    /** The order with those letters; empty if they do not name each of so many bytes once. */
    public static Optional<ByteSequence> ofLetters(String letters, int bytes) {
        if (letters.length() != bytes) {
            return Optional.empty();
        }
        int[] significance = new int[bytes];
        int seen = 0;
        for (int i = 0; i < bytes; i++) {
            int fromTop = letters.charAt(i) - 'A';
            if (fromTop < 0 || fromTop >= bytes) {
                return Optional.empty();
            }
            significance[i] = bytes - 1 - fromTop;
            seen |= 1 << fromTop;
        }
        return seen == (1 << bytes) - 1 ? Optional.of(new ByteSequence(significance)) : Optional.empty();
    }

    int length() {
        return significance.length;
    }

    /** How many bits the byte at that position on the wire is shifted in the number. */
    int shift(int position) {
        return 8 * significance[position];
    }
}
