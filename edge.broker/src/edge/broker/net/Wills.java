// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.gateway.GatewayClock;
import edge.api.message.Origin;
import edge.api.message.RawMessage;
import edge.broker.access.TopicRules;
import edge.broker.bus.IngestBus;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Last wills. They are kept with the connection and published by the one ingest path on behalf of the client, after their delay
 * if they have one (MQTT 5), if the client still may. Loop only.
 */
public final class Wills {

    private static final Logger LOG = LoggerFactory.getLogger(Wills.class);

    private record Delayed(Runnable publish, ScheduledFuture<?> timer) {
    }

    private final IngestBus bus;
    private final GatewayClock clock;
    private final Supplier<TopicRules> rules;
    private final Map<String, Delayed> delayed = new HashMap<>();
    private volatile boolean closed;

    public Wills(IngestBus bus, GatewayClock clock, Supplier<TopicRules> rules) {
        this.bus = bus;
        this.clock = clock;
        this.rules = rules;
    }

    /** The client's connection ended in a way that sets its will free. */
    void release(Will will, String clientId, Caller caller, EventLoop network) {
        if (closed) {
            return;
        }
        Runnable publish = () -> publish(will, clientId, caller);
        if (will.delaySeconds() == 0) {
            publish.run();
            return;
        }
        returned(clientId, true);
        delayed.put(clientId, new Delayed(publish, network.schedule(() -> {
            delayed.remove(clientId);
            publish.run();
        }, will.delaySeconds(), TimeUnit.SECONDS)));
    }

    /**
     * The client is back.
     *
     * @param newSession true if it begins a new session: the end of the old one sets the will free
     */
    void returned(String clientId, boolean newSession) {
        Delayed waiting = delayed.remove(clientId);
        if (waiting != null) {
            waiting.timer().cancel(false);
            if (newSession) {
                waiting.publish().run();
            }
        }
    }

    private void publish(Will will, String clientId, Caller caller) {
        if (closed) {
            return;
        }
        Optional<AccessDeniedException> denial = rules.get().publishing(caller, clientId, will.topic(), will.retain(), true);
        if (denial.isPresent()) {
            refused(clientId, will, denial.get());
            return;
        }
        RawMessage message = new RawMessage(will.topic(), will.payload(), will.qos(), will.retain(), clock.now(), caller,
            new Origin(clientId, 0, will.properties()));
        bus.take(message).whenComplete((receipt, error) -> {
            if (error != null) {
                refused(clientId, will, IngestBus.cause(error));
            }
        });
    }

    private static void refused(String clientId, Will will, Throwable why) {
        LOG.warn("The last will of client {} on {} was refused: {}", clientId, will.topic(), why.getMessage());
    }

    /** No wills from now on: it is the broker that goes, not the clients. */
    public void close() {
        closed = true;
    }
}
