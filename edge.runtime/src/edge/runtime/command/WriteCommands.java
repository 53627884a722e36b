// SPDX-License-Identifier: Apache-2.0
package edge.runtime.command;

import edge.api.access.Caller;
import edge.api.device.FieldDevice.Observation;
import edge.api.device.Tag;
import edge.api.device.TagTable;
import edge.api.device.TagWriter;
import edge.api.device.TagWriter.Write;
import edge.api.gateway.GatewayClock;
import edge.api.message.Message;
import edge.api.message.MessageBus;
import edge.api.message.RawMessage;
import edge.api.message.Topics;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import edge.json.WriteJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to tags on command of MQTT clients: a command on {@code edge/v1/cmd/write/ID} is answered on
 * {@code edge/v1/cmd/answer/ID}, whatever becomes of it. The same id from the same account again gets the same answer again and
 * is not carried out twice. Whether a client may give commands is the broker's to say; each write is checked by the
 * {@link TagWriter}.
 */
@Component(immediate = true, service = WriteCommands.class)
public final class WriteCommands {
    static final String SCHEMA = "edge.answer/1";
    static final int MAX_BYTES = 65_536;

    private static final Logger LOG = LoggerFactory.getLogger(WriteCommands.class);
    private static final String TOPIC = Topics.COMMANDS + "write/";
    private static final Caller SELF = Caller.system("commands");

    private final MessageBus bus;
    private final TagTable table;
    private final TagWriter writer;
    private final GatewayClock clock;
    private final Answers answers = new Answers();
    private final Observation subscription;

    @Activate
    public WriteCommands(@Reference MessageBus bus, @Reference TagTable table, @Reference TagWriter writer,
        @Reference GatewayClock clock) {
        this.bus = bus;
        this.table = table;
        this.writer = writer;
        this.clock = clock;
        this.subscription = bus.subscribe(TOPIC + "+", this::take);
    }

    @Deactivate
    void close() {
        subscription.close();
    }

    private void take(Message message) {
        String id = message.topic().substring(TOPIC.length());
        if (!(message instanceof RawMessage raw) || !Tag.isName(id)) {
            LOG.warn("A command of {} cannot be answered: its topic must end with an id, 1 to 64 of A-Z a-z 0-9 _ . -",
                message.caller().name());
            return;
        }
        String key = raw.caller().name() + "/" + id;
        switch (answers.enter(key)) {
            case NEW -> run(key, id, raw);
            case ANSWERED -> answers.answer(key).ifPresent(answer -> publish(id, answer));
            case TOO_MANY -> publish(id, refusal(id, "more than " + Answers.MOST_UNDER_WAY + " commands are under way; try again"));
            case UNDER_WAY -> { } // it will be answered
        }
    }

    private void run(String key, String id, RawMessage raw) {
        try {
            if (raw.retain()) {
                throw new IllegalArgumentException("a command must not be retained");
            } else if (raw.payload().length > MAX_BYTES) {
                throw new IllegalArgumentException("a command has at most " + MAX_BYTES + " bytes, not " + raw.payload().length);
            }
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw.payload())).toString();
            List<Write> writes = WriteJson.read(JsonParser.parse(text).asObject(), table);
            writer.writeAll(writes, raw.caller()).whenComplete((outcomes, failure) ->
                end(key, id, failure != null ? refusal(id, "the command failed: " + failure) : JsonWriter.bytes(out -> {
                    out.writeStartObject();
                    out.writeStringField("schema", SCHEMA);
                    out.writeStringField("id", id);
                    WriteJson.members(out, outcomes);
                    out.writeEndObject();
                })));
        } catch (JsonException e) {
            end(key, id, refusal(id, "line " + e.line() + ", column " + e.column() + ": "
                + (e.path().isEmpty() ? "" : e.path() + ": ") + e.getMessage()));
        } catch (CharacterCodingException e) {
            end(key, id, refusal(id, "a command is JSON in UTF-8"));
        } catch (RuntimeException e) { // whatever it is, who gave the command gets an answer
            end(key, id, refusal(id, e.getMessage() == null ? e.toString() : e.getMessage()));
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

    private static byte[] refusal(String id, String detail) {
        return JsonWriter.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("schema", SCHEMA);
            out.writeStringField("id", id);
            out.writeStringField("status", "refused");
            out.writeStringField("detail", detail);
            out.writeEndObject();
        });
    }
}
