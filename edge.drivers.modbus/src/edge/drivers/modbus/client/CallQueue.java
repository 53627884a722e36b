// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.Quality.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/** The requests that wait for a line, in their order, and which of them may go next. Lives on the line's thread. */
final class CallQueue {
    private final ArrayDeque<Call> calls = new ArrayDeque<>();
    private final Breakers breakers;

    CallQueue(Breakers breakers) {
        this.breakers = breakers;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** @return why not, if too many are waiting */
    Failure add(Call call, int most) {
        if (calls.size() >= most) {
            return Failure.of(Reason.TIMEOUT, calls.size() + " requests are waiting already: more is asked than the"
                + " device answers; longer periods may help");
        }
        calls.add(call);
        return null;
    }

    /** The next call that may be sent; null if there is none. Behind a probe the unit's other calls wait for its outcome. */
    Call next() {
        if (breakers.isQuiet()) {
            return calls.poll();
        }
        for (Iterator<Call> waiting = calls.iterator(); waiting.hasNext();) {
            Call call = waiting.next();
            if (!breakers.isProbed(call.request.unit())) {
                waiting.remove();
                return call;
            }
        }
        return null;
    }

    /** Takes out those whose units are not to be asked now; fail them with {@link #skip}. */
    List<Call> takeRefused(long now) {
        return breakers.isQuiet() ? List.of() : take(call -> breakers.isOpen(call.request.unit(), now));
    }

    /** Tells calls that their units are not asked. */
    void skip(List<Call> refused, long now) {
        for (Call call : refused) {
            call.link.counter().skipped();
            call.fail(Failure.of(Reason.TIMEOUT, breakers.why(call.request.unit(), now)));
        }
    }

    List<Call> takeAll() {
        List<Call> all = List.copyOf(calls);
        calls.clear();
        return all;
    }

    List<Call> take(Predicate<Call> which) {
        List<Call> taken = new ArrayList<>();
        for (Iterator<Call> waiting = calls.iterator(); waiting.hasNext();) {
            Call call = waiting.next();
            if (which.test(call)) {
                waiting.remove();
                taken.add(call);
            }
        }
        return taken;
    }
}
