// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import edge.api.device.TagWriter;
import edge.api.device.TagWriter.Write;
import edge.json.JsonException;
import edge.json.WriteJson;
import edge.web.http.Access;
import edge.web.http.Call;
import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.http.Route.Body;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Writing several tags with one call. */
final class WriteRoutes {
    private final Parts parts;
    private final Repeats repeats;

    WriteRoutes(Parts parts, Repeats repeats) {
        this.parts = parts;
        this.repeats = repeats;
    }

    List<Route> routes() {
        return List.of(new Route("POST", "/writes", Access.OPERATOR, Body.JSON, repeats.once(this::write)));
    }

    /** Each write has its own outcome: the call succeeds as soon as all of them are known. */
    private CompletionStage<Reply> write(Call call) throws HttpProblem, JsonException {
        TagWriter writer = parts.need(Part.WRITER);
        List<Write> writes = WriteJson.read(call.json(), parts.need(Part.TAGS));
        return writer.writeAll(writes, call.caller()).thenApply(outcomes -> Reply.json(out -> {
            out.writeStartObject();
            WriteJson.members(out, outcomes);
            out.writeEndObject();
        }));
    }
}
