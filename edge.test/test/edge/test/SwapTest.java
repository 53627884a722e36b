// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.test.support.Footprint;
import edge.test.support.SwapRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers are swapped under the polling of hundred tags a second and of other devices, by TCP, on a serial line and without
 * hardware: {@code -Dedge.swaps=200} for the long run.
 */
class SwapTest {

    private static final int SWAPS = Integer.getInteger("edge.swaps", 12);
    /** What a scan may begin later than planned on a machine that is busy with other work. */
    private static final double LATE = 0.2;
    /** A machine that is busy with other work may stop anybody for 200 ms. */
    private static final int LATE_BY_ITSELF = 1;

    @Test
    void a_swap_costs_at_most_one_scan_and_nobody_else_anything_and_leaves_nothing_behind(@TempDir Path folder)
        throws Exception {
        try (SwapRun run = new SwapRun(folder)) {
            SwapRun.Result modbus = run.swapModbus(SWAPS);
            System.out.println("The Modbus driver: " + modbus);
            SwapRun.Result another = run.swapAnother(SWAPS);
            System.out.println("A driver beside it: " + another);

            assertThat(modbus.of(SwapRun.TCP).worst()).as("scan periods missed on TCP").isLessThanOrEqualTo(1 + LATE);
            assertThat(modbus.of(SwapRun.SERIAL).worst()).as("scan periods missed on the line").isLessThanOrEqualTo(2 + LATE);
            for (SwapRun.Result result : List.of(modbus, another)) {
                assertThat(result.swapped()).allSatisfy(one -> assertThat(one.pauses()).as("pauses told by quality")
                    .isGreaterThanOrEqualTo(SWAPS));
                assertThat(result.others()).allSatisfy(one -> assertThat(one.missing()).as(one.toString())
                    .isLessThanOrEqualTo(one.periodSeconds() < 1 ? LATE_BY_ITSELF : 0));
                isFlat(result.before(), result.after());
            }
        }
    }

    private static void isFlat(Footprint before, Footprint after) {
        assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 4);
        assertThat(after.handles()).isLessThanOrEqualTo(before.handles() + 6);
        assertThat(after.metaspaceKilobytes()).isLessThan(before.metaspaceKilobytes() * 106 / 100);
        assertThat(after.heapKilobytes()).isLessThan(before.heapKilobytes() + 6_000);
    }
}
