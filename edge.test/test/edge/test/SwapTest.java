// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.test.support.SwapRun;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drivers are swapped under the polling of hundred tags a second and of other devices, by TCP, on a serial line and without
 * hardware: {@code -Dedge.swaps=200} for the long run.
 */
class SwapTest {

    private static final int SWAPS = Integer.getInteger("edge.swaps", 12);
    /** What a scan may begin later than planned on a machine that is busy with other work. */
    private static final double LATE = 0.2;

    @Test
    void a_swap_costs_at_most_one_scan_and_nobody_else_anything_and_leaves_nothing_behind(@TempDir Path folder,
        TestReporter figures) throws Exception {
        try (SwapRun run = new SwapRun(folder)) {
            SwapRun.Result modbus = run.swapModbus(SWAPS);
            figures.publishEntry("the Modbus driver", modbus.toString());
            SwapRun.Result another = run.swapAnother(SWAPS);
            figures.publishEntry("a driver beside it", another.toString());

            // A machine that is busy with other work stops anybody now and then: what each swap costs is told by most of them.
            assertThat(modbus.of(SwapRun.TCP).usual()).as("scan periods missed on TCP").isLessThanOrEqualTo(1 + LATE);
            assertThat(modbus.of(SwapRun.SERIAL).usual()).as("scan periods missed on the line").isLessThanOrEqualTo(2 + LATE);
            for (SwapRun.Result result : List.of(modbus, another)) {
                assertThat(result.swapped()).allSatisfy(one -> assertThat(one.pauses()).as("pauses told by quality")
                    .isGreaterThanOrEqualTo(SWAPS));
                assertThat(result.after().isFlat(result.before())).as("%s", result).isTrue();
                assertThat(result.others()).allSatisfy(one -> assertThat(one.missing()).as(one.toString()).isLessThan(SWAPS / 2));
            }
        }
    }
}
