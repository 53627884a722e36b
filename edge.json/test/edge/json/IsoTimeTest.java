// SPDX-License-Identifier: Apache-2.0
package edge.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2024-02-29T23:59:59.999999999Z", "2026-11-20T10:31:13.089Z",
        "2026-11-20T10:31:13.089323Z", "2026-11-20T10:31:13.000000001Z", "9999-12-31T23:59:59.5Z",
        "+10000-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "-0044-03-15T12:00:00Z"})
    void a_time_is_written_as_the_standard_wants_it(String text) {
        assertThat(IsoTime.text(Instant.parse(text))).isEqualTo(Instant.parse(text).toString());
    }

    @Test
    void any_time_is_written_as_the_jdk_writes_it() {
        Random random = new Random(20261120);
        int[] precisions = {1, 1000, 1_000_000, 1_000_000_000};
        for (int i = 0; i < 20_000; i++) {
            int precision = precisions[i % precisions.length];
            Instant time = Instant.ofEpochSecond(random.nextLong(-100_000_000_000L, 300_000_000_000L),
                random.nextInt(1_000_000_000) / precision * (long) precision);
            assertThat(IsoTime.text(time)).isEqualTo(time.toString());
        }
    }
}
