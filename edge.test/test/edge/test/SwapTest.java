// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.test.support.SwapRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver is swapped under 1 Hz polling of a hundred tags: {@code -Dedge.swaps=200} for the long run. */
class SwapTest {

    private static final int SWAPS = Integer.getInteger("edge.swaps", 12);

    @Test
    void a_swap_costs_at_most_one_scan_and_nobody_else_anything_and_leaves_nothing_behind(@TempDir Path folder)
        throws Exception {
        SwapRun.Result result = SwapRun.run(folder, SWAPS);

        System.out.printf("%d swaps: worst gap %.2f periods, median %.2f; other device missed %d of %d; %d pauses told;"
            + " %s -> %s%n", SWAPS, result.worst(), result.median(), result.witnessMissed(), result.witnessScans(), result.pauses(),
            result.before(), result.after());
        assertThat(result.worst()).as("missed scan periods").isLessThanOrEqualTo(1.2);
        assertThat(result.witnessMissed()).as("scans that the other driver missed").isZero();
        assertThat(result.pauses()).as("pauses told by quality").isGreaterThanOrEqualTo(SWAPS);
        assertThat(result.after().threads()).isLessThanOrEqualTo(result.before().threads() + 4);
        assertThat(result.after().handles()).isLessThanOrEqualTo(result.before().handles() + 6);
        assertThat(result.after().metaspaceKilobytes()).isLessThan(result.before().metaspaceKilobytes() * 106 / 100);
    }
}
