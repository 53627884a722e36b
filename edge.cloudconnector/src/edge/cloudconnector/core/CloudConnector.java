// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.access.AccessDeniedException;
import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.gateway.Gateway;
import edge.api.gateway.GatewayClock;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.journal.Journal;
import edge.api.journal.JournalException;
import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import edge.api.uplink.DeadLetter;
import edge.api.uplink.Encoder;
import edge.api.uplink.Uplink;
import edge.api.uplink.UplinkStatus;
import edge.api.uplink.Uplinks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Gives every uplink that comes a pump, and ends it when the uplink goes. */
@Component(name = CloudConnector.NAME, immediate = true)
public final class CloudConnector implements Uplinks {

    static final String NAME = "edge.cloudconnector.core";
    static final String ENCODER_PROPERTY = "encoder";
    private static final String FOLDER = "uplinks";

    private record Running(Pump pump, ServiceRegistration<HealthCheck> health) {
    }

    private final BundleContext context;
    private final Journal journal;
    private final GatewayClock clock;
    private final AuditLog audit;
    private final Gateway gateway;
    private final Map<String, DeliveryPolicy> policies = new ConcurrentHashMap<>();
    private final Map<Uplink, Running> running = Collections.synchronizedMap(new IdentityHashMap<>());
    private final Map<String, Encoder> encoders = new ConcurrentHashMap<>();
    /** Names, so that a new configuration of a paused uplink does not let it loose. */
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private volatile Events events;

    @Activate
    public CloudConnector(BundleContext context, @Reference Journal journal, @Reference GatewayClock clock,
        @Reference AuditLog audit, @Reference Gateway gateway) {
        this.context = context;
        this.journal = journal;
        this.clock = clock;
        this.audit = audit;
        this.gateway = gateway;
    }

    /** Ends all pumps together: each takes its time, but not one after the other. */
    @Deactivate
    void deactivate() {
        List<Running> all;
        synchronized (running) {
            all = List.copyOf(running.values());
            running.clear();
        }
        all.forEach(one -> one.pump().tellToStop());
        all.forEach(CloudConnector::end);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    void setEvents(Events service) {
        events = service;
    }

    void unsetEvents(Events service) {
        if (events == service) {
            events = null;
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addEncoder(Encoder encoder, Map<String, Object> properties) {
        encoders.put(name(properties), encoder);
        pumps().forEach(Pump::retryNow);
    }

    void removeEncoder(Encoder encoder, Map<String, Object> properties) {
        encoders.remove(name(properties), encoder);
    }

    private static String name(Map<String, Object> properties) {
        return String.valueOf(properties.get(ENCODER_PROPERTY));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addDelivery(DeliverySettings settings) {
        policies.put(settings.uplink(), settings.policy());
        pumps(settings.uplink()).forEach(pump -> pump.policy(settings.policy()));
    }

    void removeDelivery(DeliverySettings settings) {
        if (policies.remove(settings.uplink(), settings.policy())) {
            pumps(settings.uplink()).forEach(pump -> pump.policy(DeliveryPolicy.STANDARD));
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addUplink(Uplink uplink) {
        Announcer announcer = new Announcer(uplink.name(), uplink.address(), () -> Optional.ofNullable(events));
        Pump pump = new Pump(uplink, journal, clock, name -> Optional.ofNullable(encoders.get(name)), announcer,
            Limits.STANDARD, policies.getOrDefault(uplink.name(), DeliveryPolicy.STANDARD),
            gateway.data().resolve(FOLDER), paused.contains(uplink.name()));
        running.put(uplink, new Running(pump, context.registerService(HealthCheck.class, pump, null)));
        pump.start();
    }

    void removeUplink(Uplink uplink) {
        Running one = running.remove(uplink);
        if (one != null) {
            one.pump().tellToStop();
            end(one);
        }
    }

    private static void end(Running one) {
        one.pump().awaitEnd();
        try {
            one.health().unregister();
        } catch (IllegalStateException e) {
            // The framework was faster: this bundle is stopping.
        }
    }

    private List<Pump> pumps() {
        synchronized (running) {
            return running.values().stream().map(Running::pump).sorted(Comparator.comparing(Pump::name)).toList();
        }
    }

    @Override
    public List<UplinkStatus> list() {
        return pumps().stream().map(Pump::status).toList();
    }

    private List<Pump> pumps(String name) {
        return pumps().stream().filter(pump -> pump.name().equals(name)).toList();
    }

    /** What an operator does to one uplink; false if there was nothing to do it to. */
    @FunctionalInterface
    private interface Action {
        boolean on(Pump pump) throws IOException;
    }

    private boolean act(String action, String name, String subject, Caller caller, Action what) {
        if (!caller.may(Role.OPERATOR)) {
            audit.record(caller, action, subject, "refused: needs the role operator");
            throw new AccessDeniedException(caller, action, Role.OPERATOR);
        }
        List<Pump> meant = pumps(name);
        if (meant.isEmpty()) {
            audit.record(caller, action, subject, "refused: there is no such uplink");
            return false;
        }
        boolean done = false;
        try {
            for (Pump pump : meant) {
                done |= what.on(pump);
            }
        } catch (IOException e) {
            audit.record(caller, action, subject, "failed: " + e);
            throw new UncheckedIOException("What was asked of uplink " + name + " cannot be kept: " + e, e);
        }
        audit.record(caller, action, subject, done ? "done" : "refused: there is nothing of it");
        return done;
    }

    @Override
    public boolean pause(String name, boolean pause, Caller caller) {
        return act(pause ? "pause an uplink" : "resume an uplink", name, name, caller, pump -> {
            if (pause) {
                paused.add(name);
            } else {
                paused.remove(name);
            }
            pump.pause(pause);
            return true;
        });
    }

    @Override
    public boolean forget(String name, Caller caller) {
        String action = "forget an uplink";
        if (!caller.may(Role.ENGINEER)) {
            audit.record(caller, action, name, "refused: needs the role engineer");
            throw new AccessDeniedException(caller, action, Role.ENGINEER);
        } else if (!pumps(name).isEmpty()) {
            audit.record(caller, action, name, "refused: it is configured");
            throw new IllegalStateException("The uplink " + name + " is configured: delete its configuration first.");
        }
        try {
            boolean known = journal.remove(name);
            for (String file : Pump.files(name)) {
                Files.deleteIfExists(gateway.data().resolve(FOLDER).resolve(file));
            }
            audit.record(caller, action, name, known ? "done" : "refused: there is no such uplink");
            return known;
        } catch (JournalException | IOException e) {
            audit.record(caller, action, name, "failed: " + e.getMessage());
            throw new IllegalStateException("The uplink " + name + " cannot be forgotten: " + e.getMessage(), e);
        }
    }

    @Override
    public List<DeadLetter> deadLetters(String name) {
        return pumps(name).stream().flatMap(pump -> pump.deadLetters().stream()).toList();
    }

    @Override
    public Optional<byte[]> payload(String name, RecordKey key) {
        return pumps(name).stream().flatMap(pump -> pump.payload(key).stream()).findFirst();
    }

    @Override
    public boolean replayDeadLetter(String name, RecordKey key, Caller caller) {
        return act("replay a dead letter", name, name + " " + key, caller, pump -> pump.replayDeadLetter(key));
    }

    @Override
    public boolean deleteDeadLetter(String name, RecordKey key, Caller caller) {
        return act("delete a dead letter", name, name + " " + key, caller, pump -> pump.deleteDeadLetter(key));
    }

    @Override
    public boolean replay(String name, StreamSelection streams, Instant from, Instant until, Caller caller) {
        return act("replay a time", name, name + " " + from + " to " + until, caller, pump -> {
            pump.replay(streams, from, until);
            return true;
        });
    }

    @Override
    public boolean stopReplay(String name, Caller caller) {
        return act("stop a replay", name, name, caller, Pump::stopReplay);
    }
}
