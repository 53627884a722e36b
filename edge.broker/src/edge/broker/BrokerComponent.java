// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.access.AccessDeniedException;
import edge.api.access.Accounts;
import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.config.ConfigurationFile;
import edge.api.config.Configurations;
import edge.api.device.FieldDevice.Observation;
import edge.api.device.TagTable;
import edge.api.gateway.Gateway;
import edge.api.gateway.GatewayClock;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.journal.Journal;
import edge.api.message.BrokerFigures;
import edge.api.message.BrokerInfo;
import edge.api.message.BrokerStatus;
import edge.api.message.Message;
import edge.api.message.MessageBus;
import edge.api.message.Receipt;
import edge.broker.access.TopicRules;
import edge.broker.bus.IngestRule;
import edge.json.JsonException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The broker as a component. Everything but the clock may come and go while it runs: without the journal it refuses what must
 * be stored, without accounts nobody can sign in, without the tag table new subscribers wait for the next scan.
 */
@Component(name = BrokerComponent.PID, configurationPid = BrokerComponent.PID, immediate = true,
    service = {MessageBus.class, BrokerInfo.class, HealthCheck.class})
@Designate(ocd = BrokerConfig.class)
public final class BrokerComponent implements MessageBus, BrokerInfo, HealthCheck {

    public static final String PID = "edge.broker";

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    private volatile Accounts accounts;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    private volatile Journal journal;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    private volatile TagTable tagTable;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    private volatile Events events;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    private volatile AuditLog audit;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    private volatile Configurations configurations;

    @Reference
    private GatewayClock clock;

    @Reference
    private Gateway gateway;

    /** Nobody may do anything before it is known whether there are rules. */
    private volatile TopicRules access = TopicRules.unavailable("the configurations have not been read yet");
    private volatile AccessRulesComponent accessRules;

    /** In the order of their names. */
    private volatile List<IngestRule> rules = List.of();

    private boolean configured;
    private volatile Broker broker;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void addRule(IngestRuleComponent rule) {
        rules = Stream.concat(rules.stream(), Stream.of(rule.rule()))
            .sorted(Comparator.comparing(r -> r.stream().name())).toList();
    }

    synchronized void removeRule(IngestRuleComponent rule) {
        rules = rules.stream().filter(r -> r != rule.rule()).toList();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    void setAccessRules(AccessRulesComponent component) {
        accessRules = component;
        refreshAccess();
    }

    void unsetAccessRules(AccessRulesComponent component) {
        if (accessRules == component) {
            accessRules = null;
        }
        refreshAccess();
    }

    void updatedAccessRules(AccessRulesComponent component) {
        refreshAccess();
    }

    /**
     * Finds out which rules are in force. Without a file, everybody who has signed in may read and publish. With a file that is
     * not in force, nobody may: whatever it would forbid must stay forbidden.
     */
    private void refreshAccess() {
        AccessRulesComponent component = accessRules;
        TopicRules now;
        if (component != null) {
            now = component.rules();
        } else {
            Configurations known = configurations;
            boolean isLoaded = known != null && known.isLoaded();
            boolean expected = !isLoaded || known.list().stream().anyMatch(file -> file.pid().equals(AccessRulesComponent.PID));
            now = !isLoaded ? TopicRules.unavailable("the configurations have not been read yet")
                : expected ? TopicRules.unavailable("etc/edge.broker.access.cfg.json is not in force") : TopicRules.OPEN;
        }
        boolean same = now == access || !now.unavailable().isEmpty() && now.unavailable().equals(access.unavailable());
        if (!same) {
            access = now;
        }
    }

    @Activate
    void activate(BrokerConfig config, Map<String, Object> properties) throws JsonException {
        Optional<String> text = Optional.ofNullable((String) properties.get(Configurations.TEXT_PROPERTY));
        configured = text.isPresent();
        Settings settings = BrokerConfigReader.settings(config, text, gateway.data());
        broker = new Broker(settings, new Broker.Services(() -> Optional.ofNullable(accounts),
            () -> Optional.ofNullable(journal), () -> Optional.ofNullable(tagTable), () -> Optional.ofNullable(events),
            () -> rules, this::access, this::waitsFor, clock));
        broker.start();
    }

    private TopicRules access() {
        if (!access.unavailable().isEmpty()) {
            // What it waits for tells nobody when it comes.
            refreshAccess();
        }
        return access;
    }

    /**
     * What must happen before clients may connect; empty if nothing. A client that came before the ingest rules would get
     * acknowledgements for messages that the rules would have stored.
     */
    private Optional<String> waitsFor() {
        Configurations known = configurations;
        if (known == null || !known.isLoaded()) {
            return Optional.of("the configurations have not been read yet");
        }
        String prefix = IngestRuleComponent.PID + "~";
        List<String> expected = known.list().stream()
            .filter(file -> file.status() != ConfigurationFile.Status.REFUSED).map(ConfigurationFile::pid).toList();
        if (!configured && expected.contains(PID)) {
            return Optional.of("its own configuration is not in force yet");
        }
        if (expected.contains(AccessRulesComponent.PID) && accessRules == null) {
            return Optional.of("the access rules are not in force yet");
        }
        return expected.stream().filter(pid -> pid.startsWith(prefix)).map(pid -> pid.substring(prefix.length()))
            .filter(name -> rules.stream().noneMatch(rule -> rule.stream().name().equals(name)))
            .findFirst().map(name -> "the ingest rule " + name + " is not in force yet");
    }

    @Deactivate
    void deactivate() {
        broker.close();
    }

    @Override
    public CompletionStage<Receipt> publish(Message message) {
        return broker.bus().publish(message);
    }

    @Override
    public Observation subscribe(String filter, Consumer<Message> listener) {
        return broker.bus().subscribe(filter, listener);
    }

    @Override
    public BrokerStatus status() {
        return broker.status();
    }

    @Override
    public BrokerFigures figures() {
        return broker.figures();
    }

    @Override
    public boolean disconnect(String clientId, Caller by) {
        boolean may = by.may(Role.OPERATOR);
        boolean connected = may && broker.disconnect(clientId, by);
        Optional.ofNullable(audit).ifPresent(log -> log.record(by, "disconnect an MQTT client", clientId,
            !may ? "refused: needs the role operator" : connected ? "done" : "refused: not connected"));
        if (!may) {
            throw new AccessDeniedException(by, "disconnect the MQTT client " + clientId, Role.OPERATOR);
        }
        return connected;
    }

    @Override
    public String subject() {
        return broker.alarms().subject();
    }

    @Override
    public HealthReport check() {
        return broker.alarms().check();
    }
}
