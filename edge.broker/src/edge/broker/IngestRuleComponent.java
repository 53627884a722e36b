// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import edge.api.device.Tag;
import edge.api.message.StreamId;
import edge.broker.bus.IngestRule;
import edge.broker.base.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One ingest rule, from {@code etc/edge.broker.ingest~NAME.cfg.json}. NAME is the name of its stream. */
@Component(name = IngestRuleComponent.PID, configurationPid = IngestRuleComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE, service = IngestRuleComponent.class)
@Designate(ocd = IngestRuleComponent.Config.class, factory = true)
public final class IngestRuleComponent {

    public static final String PID = "edge.broker.ingest";

    /** Attributes of the file. */
    @ObjectClassDefinition(name = "Ingest rule", description = "Which messages of MQTT clients are stored in the journal, so "
        + "that uplinks can send them.")
    public @interface Config {

        @AttributeDefinition(name = "Topics", description = "MQTT topic filters, for example plant/+/alarm. Topics under edge/ "
            + "are the gateway's own and are never ingested.")
        String[] topics();
    }

    private final IngestRule rule;

    @Activate
    public IngestRuleComponent(Config config, Map<String, Object> properties) {
        String name = name(String.valueOf(properties.get("service.pid")));
        rule = new IngestRule(StreamId.ingest(name), checked(name, config));
    }

    /** In place: a rule that went away for a moment would let messages be acknowledged that are not stored. */
    @Modified
    void modified(Config config) {
        rule.change(checked(rule.stream().name(), config));
    }

    private static List<String> checked(String name, Config config) {
        List<String> topics = config.topics() == null ? List.of() : List.of(config.topics());
        List<String> problems = problems(name, topics);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("ingest rule " + name + ": " + String.join("; ", problems));
        }
        return topics;
    }

    public IngestRule rule() {
        return rule;
    }

    private static String name(String pid) {
        return pid.substring(pid.indexOf('~') + 1);
    }

    /** What is wrong with a rule; empty if nothing. */
    static List<String> problems(String name, List<String> topics) {
        List<String> problems = new ArrayList<>();
        if (!Tag.isName(name)) {
            problems.add("'" + name + "' cannot name a stream: 1 to 64 of A-Z a-z 0-9 _ . -");
        }
        if (topics.isEmpty()) {
            problems.add("topics: at least one filter is needed, for example plant/#");
        }
        for (String topic : topics) {
            problem(topic).ifPresent(problems::add);
        }
        return problems;
    }

    /** What is wrong with a filter. */
    static Optional<String> problem(String filter) {
        Optional<String> malformed = TopicNames.problemOfFilter(filter)
            .map(problem -> "'" + filter + "' is not a topic filter: " + problem);
        return malformed.isPresent() || !filter.startsWith("$") && !filter.equals("edge") && !filter.startsWith("edge/")
            ? malformed
            : Optional.of("'" + filter + "' is not for third parties: topics that begin with $ or edge/ are never ingested");
    }
}
