// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.journal.StreamSelection;
import edge.api.message.RecordKey;
import edge.api.uplink.DeadLetter;
import edge.api.uplink.Uplinks;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonWriter;
import edge.web.http.Access;
import edge.web.http.Call;
import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.http.Route.Body;
import edge.web.parts.GatewayJson;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** The uplinks, what they have put aside, and what is sent again. */
final class UplinkRoutes {
    private final Parts parts;
    private final Repeats repeats;

    UplinkRoutes(Parts parts, Repeats repeats) {
        this.parts = parts;
        this.repeats = repeats;
    }

    List<Route> routes() {
        return List.of(
            Route.get("/uplinks", Access.VIEWER, call -> Items.reply(uplinks().list(), GatewayJson::uplink)),
            Route.delete("/uplinks/{uplink}", Access.ENGINEER, this::forget),
            Route.post("/uplinks/{uplink}/pause", Access.OPERATOR, Body.NONE, call -> done(
                uplinks().pause(call.parameter("uplink"), true, call.caller()), call)),
            Route.post("/uplinks/{uplink}/resume", Access.OPERATOR, Body.NONE, call -> done(
                uplinks().pause(call.parameter("uplink"), false, call.caller()), call)),
            new Route("POST", "/uplinks/{uplink}/replay", Access.OPERATOR, Body.JSON,
                repeats.once(Route.now(this::replay))),
            Route.delete("/uplinks/{uplink}/replay", Access.OPERATOR, call -> done(
                uplinks().stopReplay(call.parameter("uplink"), call.caller()), call)),
            Route.get("/uplinks/{uplink}/dead-letters", Access.VIEWER, call ->
                Items.reply(uplinks().deadLetters(call.parameter("uplink")), UplinkRoutes::letter)),
            Route.get("/uplinks/{uplink}/dead-letters/{letter}", Access.VIEWER, this::payload),
            new Route("POST", "/uplinks/{uplink}/dead-letters/{letter}/replay", Access.OPERATOR, Body.NONE,
                repeats.once(Route.now(call -> done(
                    uplinks().replayDeadLetter(call.parameter("uplink"), key(call), call.caller()), call)))),
            Route.delete("/uplinks/{uplink}/dead-letters/{letter}", Access.OPERATOR, call -> done(
                uplinks().deleteDeadLetter(call.parameter("uplink"), key(call), call.caller()), call)));
    }

    private Uplinks uplinks() throws HttpProblem {
        return parts.need(Part.UPLINKS);
    }

    private Reply forget(Call call) throws HttpProblem {
        try {
            return done(uplinks().forget(call.parameter("uplink"), call.caller()), call);
        } catch (IllegalStateException e) {
            throw new HttpProblem(409, "conflict", e.getMessage());
        }
    }

    private static Reply done(boolean found, Call call) throws HttpProblem {
        if (!found) {
            throw HttpProblem.notFound("There is nothing of that at an uplink " + call.parameter("uplink") + ".");
        }
        return Reply.done();
    }

    private Reply replay(Call call) throws HttpProblem, JsonException {
        Json.Obj body = call.json();
        body.allowOnly(Set.of("streams", "from", "until"));
        List<String> streams = new ArrayList<>();
        if (body.has("streams")) {
            for (Json pattern : body.get("streams").asArray()) {
                streams.add(pattern.asText());
            }
        }
        Instant from = time(body, "from");
        Instant until = time(body, "until");
        if (!from.isBefore(until)) {
            throw body.get("until").place().problem("must be later than 'from'");
        }
        return done(uplinks().replay(call.parameter("uplink"),
            streams.isEmpty() ? StreamSelection.ALL : new StreamSelection(streams), from, until, call.caller()), call);
    }

    private static Instant time(Json.Obj body, String name) throws JsonException {
        try {
            return Instant.parse(body.text(name));
        } catch (DateTimeException e) {
            throw body.get(name).place().problem("must be a time such as 2026-11-20T10:15:30Z");
        }
    }

    /** A letter is named by what distinguishes it within its gateway: epoch, a dash and its sequence. */
    private static String name(DeadLetter letter) {
        return RecordKey.epochText(letter.key().epoch()) + "-" + letter.key().sequence();
    }

    private RecordKey key(Call call) throws HttpProblem {
        String wanted = call.parameter("letter");
        return uplinks().deadLetters(call.parameter("uplink")).stream().filter(letter -> name(letter).equals(wanted))
            .findFirst().map(DeadLetter::key)
            .orElseThrow(() -> HttpProblem.notFound("There is no dead letter " + wanted + "."));
    }

    private static void letter(JsonGenerator out, DeadLetter letter) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", name(letter));
        out.writeStringField("stream", letter.key().stream().label());
        out.writeStringField("epoch", RecordKey.epochText(letter.key().epoch()));
        out.writeNumberField("sequence", letter.key().sequence());
        out.writeStringField("reason", letter.reason());
        out.writeNumberField("attempts", letter.attempts());
        JsonWriter.time(out, "at", letter.at());
        out.writeBooleanField("replaying", letter.replaying());
        out.writeEndObject();
    }

    private Reply payload(Call call) throws HttpProblem {
        byte[] payload = uplinks().payload(call.parameter("uplink"), key(call)).orElseThrow(() -> HttpProblem.notFound(
            "The record of this dead letter is no longer in the journal."));
        return Reply.json(out -> {
            out.writeStartObject();
            try {
                out.writeStringField("text",
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString());
            } catch (CharacterCodingException e) {
                out.writeStringField("base64", Base64.getEncoder().encodeToString(payload));
            }
            out.writeEndObject();
        });
    }
}
