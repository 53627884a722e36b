// SPDX-License-Identifier: Apache-2.0
package edge.runtime.command;

import edge.api.access.Caller;
import edge.api.deploy.Deployer;
import edge.api.deploy.Deployment;
import edge.api.device.FieldDevice.Observation;
import edge.api.device.Tag;
import edge.api.gateway.GatewayClock;
import edge.api.message.Message;
import edge.api.message.MessageBus;
import edge.api.message.RawMessage;
import edge.api.message.Topics;
import edge.json.DeploymentJson;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys on command of MQTT clients with the role engineer. A command on {@code edge/v1/cmd/deploy/ID} is answered on
 * {@code edge/v1/cmd/answer/ID}: at once, that it is taken on, and when it has come to its end, what became of it. A
 * deployment that awaits it is confirmed on {@code edge/v1/cmd/confirm/ID}, and one that is watched or awaits that is undone on
 * {@code edge/v1/cmd/undo/ID}. The same id from the same account again gets the same answer again and is not carried out twice.
 */
@Component(immediate = true, service = DeployCommands.class)
public final class DeployCommands {
    private static final Logger LOG = LoggerFactory.getLogger(DeployCommands.class);
    private static final String DEPLOY = Topics.COMMANDS + "deploy/";
    private static final String CONFIRM = Topics.COMMANDS + "confirm/";
    private static final String UNDO = Topics.COMMANDS + "undo/";
    private static final int MAX_BYTES = 262_144;
    private static final Caller SELF = Caller.system("commands");

    private final MessageBus bus;
    private final Deployer deployer;
    private final GatewayClock clock;
    private final Answers answers = new Answers();
    private final List<Observation> observations;

    @Activate
    public DeployCommands(@Reference MessageBus bus, @Reference Deployer deployer, @Reference GatewayClock clock) {
        this.bus = bus;
        this.deployer = deployer;
        this.clock = clock;
        this.observations = Stream.of(DEPLOY, CONFIRM, UNDO)
            .map(topic -> bus.subscribe(topic + "+", message -> take(message, topic))).toList();
    }

    @Deactivate
    void close() {
        observations.forEach(Observation::close);
    }

    private void take(Message message, String topic) {
        String id = message.topic().substring(topic.length());
        if (!(message instanceof RawMessage raw) || !Tag.isName(id)) {
            LOG.warn("A command of {} cannot be answered: its topic must end with an id, 1 to 64 of A-Z a-z 0-9 _ . -",
                message.caller().name());
            return;
        }
        String key = topic + raw.caller().name() + "/" + id;
        switch (answers.enter(key)) {
            case NEW -> run(key, id, raw, topic);
            case ANSWERED -> answers.answer(key).ifPresent(answer -> publish(id, answer));
            case TOO_MANY -> publish(id, answer(id, "refused", "detail",
                "more than " + Answers.MOST_UNDER_WAY + " commands are under way; try again"));
            case UNDER_WAY -> { } // it will be answered
        }
    }

    private void run(String key, String id, RawMessage raw, String topic) {
        try {
            if (raw.retain()) {
                throw new IllegalArgumentException("a command must not be retained");
            } else if (raw.payload().length > MAX_BYTES) {
                throw new IllegalArgumentException("a command has at most " + MAX_BYTES + " bytes, not " + raw.payload().length);
            }
            Json.Obj command = JsonParser.parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw.payload()))
                .toString()).asObject();
            if (topic.equals(DEPLOY)) {
                Deployment deployment = deployer.apply(DeploymentJson.request(command, DeploymentJson::noJars), raw.caller());
                publish(id, answer(id, "accepted", "deployment", deployment.id()));
                deployment.outcome().thenAccept(report -> end(key, id, JsonWriter.bytes(out -> {
                    out.writeStartObject();
                    out.writeStringField("schema", WriteCommands.SCHEMA);
                    out.writeStringField("id", id);
                    out.writeStringField("status", JsonWriter.lower(report.outcome()));
                    out.writeFieldName("report");
                    DeploymentJson.report(out, report);
                    out.writeEndObject();
                })));
            } else {
                command.allowOnly(Set.of("deployment"));
                String deployment = command.text("deployment");
                Optional<String> problem = topic.equals(CONFIRM) ? deployer.confirm(deployment, raw.caller())
                    : deployer.undo(deployment, raw.caller());
                end(key, id, problem.map(why -> answer(id, "refused", "detail", why))
                    .orElseGet(() -> answer(id, "done", "deployment", deployment)));
            }
        } catch (JsonException e) {
            end(key, id, answer(id, "refused", "detail", "line " + e.line() + ", column " + e.column() + ": "
                + (e.path().isEmpty() ? "" : e.path() + ": ") + e.getMessage()));
        } catch (CharacterCodingException e) {
            end(key, id, answer(id, "refused", "detail", "a command is JSON in UTF-8"));
        } catch (RuntimeException e) { // whatever it is, who gave the command gets an answer
            end(key, id, answer(id, "refused", "detail", e.getMessage() == null ? e.toString() : e.getMessage()));
        }
    }

    private void end(String key, String id, byte[] answer) {
        answers.answered(key, answer);
        publish(id, answer);
    }

    private void publish(String id, byte[] answer) {
        bus.publish(new RawMessage(Topics.ANSWERS + id, answer, 1, false, clock.now(), SELF)).whenComplete((receipt, failure) -> {
            if (failure != null) {
                LOG.warn("The answer to command {} could not be published: {}", id, failure.getMessage());
            }
        });
    }

    private static byte[] answer(String id, String status, String name, String value) {
        return JsonWriter.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("schema", WriteCommands.SCHEMA);
            out.writeStringField("id", id);
            out.writeStringField("status", status);
            out.writeStringField(name, value);
            out.writeEndObject();
        });
    }
}
