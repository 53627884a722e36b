// SPDX-License-Identifier: Apache-2.0
package edge.demo.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoverageTest {

    @Test
    void two_lanes_that_meet_leave_nothing_missing() {
        Coverage coverage = new Coverage();
        for (long live = 100; live < 200; live++) {
            assertThat(coverage.add(live, live)).isEqualTo(1);
        }
        coverage.add(1, 1);
        assertThat(coverage.missing()).isEqualTo(98);
        for (long old = 2; old < 100; old++) {
            coverage.add(old, old);
        }
        assertThat(coverage.missing()).isZero();
        assertThat(coverage.seen()).isEqualTo(199);
        assertThat(coverage.add(50, 50)).as("came before").isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void any_order_of_ranges_counts_as_a_set_of_numbers_would(long seed) {
        Random random = new Random(seed);
        Coverage coverage = new Coverage();
        Set<Long> set = new HashSet<>();
        List<long[]> ranges = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            long from = 1 + random.nextInt(1000);
            ranges.add(new long[] {from, from + random.nextInt(8)});
        }
        Collections.shuffle(ranges, random);
        for (long[] range : ranges) {
            long fresh = 0;
            for (long number = range[0]; number <= range[1]; number++) {
                fresh += set.add(number) ? 1 : 0;
            }
            assertThat(coverage.add(range[0], range[1])).isEqualTo(fresh);
            assertThat(coverage.seen()).isEqualTo(set.size());
            assertThat(coverage.missing())
                .isEqualTo(Collections.max(set) - Collections.min(set) + 1 - set.size());
        }
    }
}
