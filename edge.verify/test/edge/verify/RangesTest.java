// SPDX-License-Identifier: Apache-2.0
package edge.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangesTest {

    @Test
    void it_holds_what_a_set_of_numbers_holds_whatever_is_added_and_removed() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Ranges ranges = new Ranges();
            BitSet numbers = new BitSet();
            for (int step = 0; step < 100; step++) {
                int from = 1 + random.nextInt(100);
                int to = from + random.nextInt(20);
                if (random.nextInt(3) > 0) {
                    ranges.add(from, to);
                    numbers.set(from, to + 1);
                } else {
                    ranges.remove(from, to);
                    numbers.clear(from, to + 1);
                }
                BitSet held = new BitSet();
                ranges.all().forEach(range -> held.set((int) range.from(), (int) range.to() + 1));
                assertThat(held).as("seed %d, step %d", seed, step).isEqualTo(numbers);
                assertThat(ranges.count()).isEqualTo(numbers.cardinality());
                assertThat(ranges.first()).isEqualTo(Math.max(0, numbers.nextSetBit(0)));
                assertThat(ranges.last()).isEqualTo(Math.max(0, numbers.length() - 1));
                BitSet missing = new BitSet();
                ranges.gaps(1, 120).forEach(range -> missing.set((int) range.from(), (int) range.to() + 1));
                BitSet complement = (BitSet) numbers.clone();
                complement.flip(1, 121);
                assertThat(missing).isEqualTo(complement);
                int number = 1 + random.nextInt(120);
                assertThat(ranges.contains(number)).isEqualTo(numbers.get(number));
            }
        }
    }

    @Test
    void neighbours_become_one_range() {
        Ranges ranges = new Ranges();
        ranges.add(1);
        ranges.add(3);
        ranges.add(2);
        assertThat(ranges.size()).isEqualTo(1);
        assertThat(ranges).hasToString("1-3");
    }
}
