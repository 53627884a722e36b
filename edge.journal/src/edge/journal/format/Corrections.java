// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import edge.api.gateway.ClockCorrection;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;

/** Corrections of the clock, as bytes. */
final class Corrections {

    private Corrections() {
    }

    static void write(Output out, ClockCorrection correction) {
        out.putUuid(correction.bootId()).putZigZag(correction.fromNanos()).putZigZag(correction.untilNanos());
        out.putZigZag(correction.origin().getEpochSecond()).putVar(correction.origin().getNano());
        out.put(Codes.code(Codes.CONFIDENCES, correction.confidence()));
    }

    static ClockCorrection read(Input in) throws DamagedException {
        UUID boot = in.getUuid();
        long from = in.getZigZag();
        long until = in.getZigZag();
        try {
            Instant origin = Instant.ofEpochSecond(in.getZigZag(), in.getVar());
            return new ClockCorrection(boot, from, until, origin, Codes.constant(Codes.CONFIDENCES, in.get()));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new DamagedException(e.getMessage());
        }
    }
}
