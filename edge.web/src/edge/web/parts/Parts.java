// SPDX-License-Identifier: Apache-2.0
package edge.web.parts;

import edge.api.access.Accounts;
import edge.api.access.AuditLog;
import edge.api.config.ConfigurationImport;
import edge.api.config.Configurations;
import edge.api.deploy.Deployer;
import edge.api.device.TagTable;
import edge.api.device.TagWriter;
import edge.api.gateway.Gateway;
import edge.api.gateway.GatewayClock;
import edge.api.health.Events;
import edge.api.health.GatewayHealth;
import edge.api.health.LogBook;
import edge.api.journal.Journal;
import edge.api.message.BrokerInfo;
import edge.api.trust.Provenance;
import edge.api.uplink.Uplinks;
import edge.web.http.HttpProblem;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The parts of the gateway that the console shows. All but two may come and go: whoever asks for one that is missing learns
 * which, and everything else goes on working.
 */
@Component(service = Parts.class)
public final class Parts {
    private final Gateway gateway;
    private final Accounts accounts;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile GatewayClock clock;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile AuditLog audit;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile TagTable tags;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile TagWriter writer;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile Configurations configurations;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile Deployer deployer;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile Provenance provenance;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile Uplinks uplinks;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile Journal journal;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile GatewayHealth health;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile Events events;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile LogBook log;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
        policyOption = ReferencePolicyOption.GREEDY)
    volatile BrokerInfo broker;

    private final Map<String, ConfigurationImport> imports = new ConcurrentHashMap<>();

    @Activate
    public Parts(@Reference Gateway gateway, @Reference Accounts accounts) {
        this.gateway = gateway;
        this.accounts = accounts;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addImport(ConfigurationImport added, Map<String, Object> properties) {
        imports.put(String.valueOf(properties.get(ConfigurationImport.PID)), added);
    }

    void removeImport(ConfigurationImport removed) {
        imports.values().remove(removed);
    }

    /** What knows the lists of a factory PID's configurations in other formats. */
    public Optional<ConfigurationImport> imports(String factoryPid) {
        return Optional.ofNullable(imports.get(factoryPid));
    }

    public Gateway gateway() {
        return gateway;
    }

    public Accounts accounts() {
        return accounts;
    }

    /** A part, which must be there. */
    public <T> T need(Part<T> part) throws HttpProblem {
        T found = part.of(this);
        if (found == null) {
            throw new HttpProblem(503, "part-missing", part.what() + " is not running. The page Bundles tells why.");
        }
        return found;
    }

    /** A part, if it is there. */
    public <T> Optional<T> find(Part<T> part) {
        return Optional.ofNullable(part.of(this));
    }

    /**
     * One of the parts that may be missing.
     *
     * @param what its name in a sentence
     */
    public record Part<T>(String what, java.util.function.Function<Parts, T> field) {
        public static final Part<GatewayClock> CLOCK = new Part<>("The gateway's clock", parts -> parts.clock);
        public static final Part<AuditLog> AUDIT = new Part<>("The audit log", parts -> parts.audit);
        public static final Part<TagTable> TAGS = new Part<>("The tag table", parts -> parts.tags);
        public static final Part<TagWriter> WRITER = new Part<>("The tag writer", parts -> parts.writer);
        public static final Part<Configurations> CONFIGURATIONS =
            new Part<>("The configuration loader", parts -> parts.configurations);
        public static final Part<Deployer> DEPLOYER = new Part<>("The deployer", parts -> parts.deployer);
        public static final Part<Provenance> PROVENANCE =
            new Part<>("What tells where bundles come from", parts -> parts.provenance);
        public static final Part<Uplinks> UPLINKS = new Part<>("The cloud connector", parts -> parts.uplinks);
        public static final Part<Journal> JOURNAL = new Part<>("The journal", parts -> parts.journal);
        public static final Part<GatewayHealth> HEALTH = new Part<>("The health service", parts -> parts.health);
        public static final Part<Events> EVENTS = new Part<>("The event list", parts -> parts.events);
        public static final Part<BrokerInfo> BROKER = new Part<>("The broker", parts -> parts.broker);
        public static final Part<LogBook> LOG = new Part<>("The log book", parts -> parts.log);

        T of(Parts parts) {
            return field.apply(parts);
        }
    }
}
