// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.api.device.Tag;
import edge.api.gateway.Gateway;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Refuses the configuration of an uplink that cannot work, at the line where it is wrong. */
@Component(property = "edge.check.pid=" + MqttUplink.PID)
public final class MqttCheck implements ConfigurationCheck {

    private final Gateway gateway;

    @Activate
    public MqttCheck(@Reference Gateway gateway) {
        this.gateway = gateway;
    }

    /** Something that may be wrong with one attribute. */
    @FunctionalInterface
    private interface Rule {
        void apply(Json node) throws JsonException, IOException;
    }

    @Override
    public List<Problem> check(String name, String text) {
        List<Problem> problems = new ArrayList<>();
        if (!Tag.isName(name)) {
            problems.add(new Problem(0, 0, "", "the file must be named " + MqttUplink.PID
                + "~NAME.cfg.json, with a NAME of 1 to 64 of A-Z a-z 0-9 _ . -"));
        }
        try {
            Json.Obj config = JsonParser.parse(text).asObject();
            if (config.has("host")) {
                rule(config, "host", problems, node -> MqttSettings.host(node.asText()));
            } else {
                problems.add(new Problem(config.place().line(), config.place().column(), "host",
                    "is missing: name or address of the cloud's MQTT broker"));
            }
            rule(config, "topic", problems, node -> topic(node, config));
            rule(config, "statusTopic", problems, this::gatewayTopic);
            rule(config, "probeTopic", problems, this::gatewayTopic);
            rule(config, "streams", problems, node -> streams(node.asArray(), problems));
            files(config, problems);
        } catch (JsonException e) {
            problems.add(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        }
        return problems;
    }

    private void topic(Json node, Json.Obj config) throws JsonException {
        if (!TopicTemplate.parse(node.asText(), gateway.id()).identifies() && config.text("encoder", "").equals("raw")) {
            throw new IllegalArgumentException("must contain {stream}, {epoch}, {sequence} and {lane}, because with the"
                + " encoder raw nothing else tells which record it is");
        }
    }

    private void gatewayTopic(Json node) throws JsonException {
        if (!node.asText().isEmpty() && !TopicTemplate.parse(node.asText(), gateway.id()).isOfGateway()) {
            throw new IllegalArgumentException("may contain {org}, {site}, {gateway} and {gatewayId} only");
        }
    }

    private void files(Json.Obj config, List<Problem> problems) throws JsonException {
        boolean tls = config.bool("tls", true);
        rule(config, "caFile", problems, node -> {
            if (used(node, tls)) {
                Tls.certificates(file(node));
            }
        });
        rule(config, "crlFile", problems, node -> {
            if (used(node, tls)) {
                Tls.lists(file(node));
                if (config.text("caFile", "").isEmpty()) {
                    throw new IllegalArgumentException("needs 'caFile': the CAs whose lists these are");
                }
            }
        });
        rule(config, "keyStore", problems, node -> {
            if (used(node, tls)) {
                // Whether '.keyStorePassword' is right is found when connecting: here it is encrypted.
                Tls.keyStore(file(node), null);
            }
        });
    }

    private static boolean used(Json node, boolean tls) throws JsonException {
        if (node.asText().isEmpty()) {
            return false;
        } else if (!tls) {
            throw node.place().problem("has no meaning when 'tls' is false");
        }
        return true;
    }

    private Path file(Json node) throws JsonException {
        return gateway.data().resolve(node.asText());
    }

    private static void streams(List<Json> patterns, List<Problem> problems) throws JsonException {
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException("needs at least one pattern, for example device/*");
        }
        for (Json pattern : patterns) {
            if (!pattern.asText().matches("[A-Za-z0-9_.*/-]{1,80}")) {
                problems.add(problem(pattern, "is no pattern of streams such as device/*, ingest/alarms or *"));
            }
        }
    }

    private static void rule(Json.Obj config, String attribute, List<Problem> problems, Rule rule)
        throws JsonException {
        if (!config.has(attribute)) {
            return;
        }
        Json node = config.get(attribute);
        try {
            rule.apply(node);
        } catch (JsonException e) {
            problems.add(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        } catch (IOException e) {
            problems.add(problem(node, "cannot be used: " + e.getMessage()));
        } catch (IllegalArgumentException e) {
            problems.add(problem(node, e.getMessage()));
        }
    }

    private static Problem problem(Json node, String message) {
        return new Problem(node.place().line(), node.place().column(), node.place().path(), message);
    }
}
