// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InFlightTest {

    private static Call call() {
        return new Call(null, Request.read(1, Table.COIL, 0, 1), null, Duration.ofSeconds(1).toNanos());
    }

    @Test
    void an_id_is_not_used_again_while_its_late_answer_may_come() {
        InFlight inFlight = new InFlight();
        Call late = call();
        inFlight.add(late);
        int id = late.transaction;
        inFlight.abandon(0);

        for (int i = 0; i < 70_000; i++) {
            Call call = call();
            inFlight.add(call);
            assertThat(call.transaction).isNotEqualTo(id);
            inFlight.remove(inFlight.indexOf(call.transaction));
        }
        assertThat(inFlight.forgetAbandoned(id)).isTrue();
        assertThat(inFlight.forgetAbandoned(id)).as("each late answer comes once").isFalse();
        assertThat(inFlight.hasAbandoned()).isFalse();
    }

    @Test
    void pauses_double_within_their_bounds() {
        for (int failures = 1; failures < 100; failures++) {
            long whole = failures > 6 ? 20_000 : Math.min(20_000, 500L << failures - 1);
            assertThat(Backoff.nanos(failures, 500, 20_000)).isBetween(whole / 2, whole);
        }
        assertThat(Backoff.nanos(1_000, Long.MAX_VALUE / 3, Long.MAX_VALUE)).isPositive();
    }
}
