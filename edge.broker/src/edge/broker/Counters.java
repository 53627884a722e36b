// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import java.util.concurrent.atomic.LongAdder;

/** What the broker counts since it started; meanings as in {@link edge.api.message.BrokerStatus}. */
public final class Counters {

    public final LongAdder messagesIn = new LongAdder();
    public final LongAdder messagesOut = new LongAdder();
    public final LongAdder connectionsRefused = new LongAdder();
    public final LongAdder publishesRefused = new LongAdder();
    public final LongAdder dropped = new LongAdder();
}
