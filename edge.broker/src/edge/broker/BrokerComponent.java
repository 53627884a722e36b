// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.access.Accounts;
import edge.api.config.ConfigurationFile;
import edge.api.config.Configurations;
import edge.api.device.FieldDevice.Observation;
import edge.api.device.TagTable;
import edge.api.gateway.GatewayClock;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.journal.Journal;
import edge.api.message.BrokerInfo;
import edge.api.message.BrokerStatus;
import edge.api.message.Message;
import edge.api.message.MessageBus;
import edge.api.message.Receipt;
import edge.broker.bus.IngestRule;
import java.time.Duration;
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
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The broker as a component. Everything but the clock may come and go while it runs: without the journal it refuses what must
 * be stored, without accounts nobody can sign in, without the tag table new subscribers wait for the next scan.
 */
@Component(name = BrokerComponent.PID, configurationPid = BrokerComponent.PID, immediate = true,
    service = {MessageBus.class, BrokerInfo.class, HealthCheck.class})
@Designate(ocd = BrokerComponent.Config.class)
public final class BrokerComponent implements MessageBus, BrokerInfo, HealthCheck {

    public static final String PID = "edge.broker";

    /** Attributes of {@code etc/edge.broker.cfg.json}; the file is optional. */
    @ObjectClassDefinition(name = "MQTT broker", description = "The local MQTT broker inside of the gateway.")
    public @interface Config {

        @AttributeDefinition(name = "Address", description = "Address to listen on. Every client must sign in, so that an "
            + "address beyond loopback is possible; without TLS, passwords then cross the network in clear.")
        String host() default "127.0.0.1";

        @AttributeDefinition(name = "Port", description = "TCP port to listen on; 0 takes any free one.",
            min = "0", max = "65535")
        int port() default 1883;

        @AttributeDefinition(name = "Largest packet (KiB)", description = "A client that sends a larger one is disconnected. The journal takes no larger ones either.",
            min = "1", max = "1024")
        int maxPacketKilobytes() default 1024;

        @AttributeDefinition(name = "Most connections", description = "Further ones are closed at once.",
            min = "1", max = "10000")
        int maxConnections() default 256;

        @AttributeDefinition(name = "Connect time-out (ms)", description = "How long a new connection may take to sign in.",
            min = "100", max = "300000")
        int connectTimeout() default 10_000;

        @AttributeDefinition(name = "Acknowledge time-out (ms)", description = "How long a message may wait to be stored "
            + "before the connection of its client is closed. It is never acknowledged before.",
            min = "1000", max = "300000")
        int acknowledgeTimeout() default 30_000;

        @AttributeDefinition(name = "Anonymous on loopback", description = "Lets clients without a user name in, as viewers, "
            + "if the address is a loopback address. Everybody who has an account on this machine can then publish.")
        boolean allowAnonymousLoopback() default false;
    }

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
    private volatile Configurations configurations;

    @Reference
    private GatewayClock clock;

    /** In the order of their names. */
    private volatile List<IngestRule> rules = List.of();

    private boolean configured;
    private Broker broker;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void addRule(IngestRuleComponent rule) {
        rules = Stream.concat(rules.stream(), Stream.of(rule.rule()))
            .sorted(Comparator.comparing(r -> r.stream().name())).toList();
    }

    synchronized void removeRule(IngestRuleComponent rule) {
        rules = rules.stream().filter(r -> r != rule.rule()).toList();
    }

    @Activate
    void activate(Config config, Map<String, Object> properties) {
        configured = properties.containsKey(Configurations.TEXT_PROPERTY);
        Settings settings = new Settings(config.host(), config.port(), config.maxPacketKilobytes() * 1024,
            config.maxConnections(), Duration.ofMillis(config.connectTimeout()),
            Duration.ofMillis(config.acknowledgeTimeout()), config.allowAnonymousLoopback());
        broker = new Broker(settings, new Broker.Services(() -> Optional.ofNullable(accounts),
            () -> Optional.ofNullable(journal), () -> Optional.ofNullable(tagTable), () -> Optional.ofNullable(events),
            () -> rules, this::waitsFor, clock));
        broker.start();
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
    public String subject() {
        return broker.alarms().subject();
    }

    @Override
    public HealthReport check() {
        return broker.alarms().check();
    }
}
