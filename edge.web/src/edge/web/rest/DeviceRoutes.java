// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import edge.api.device.DeviceException;
import edge.api.device.DeviceState;
import edge.api.device.Tag;
import edge.api.device.TagState;
import edge.api.device.TagWriter;
import edge.api.value.Value;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonValues;
import edge.web.http.Access;
import edge.web.http.Call;
import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.http.Route.Body;
import edge.web.parts.DeviceJson;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Devices and tags: what they hold, and writing to them. */
final class DeviceRoutes {
    private static final int WRITE_SECONDS = 15;

    private final Parts parts;

    DeviceRoutes(Parts parts) {
        this.parts = parts;
    }

    List<Route> routes() {
        return List.of(
            Route.get("/devices", Access.VIEWER, call ->
                Items.reply(parts.need(Part.TAGS).devices(), DeviceJson::summary)),
            Route.get("/devices/{device}", Access.VIEWER, this::device),
            Route.get("/devices/{device}/tags/{tag}", Access.VIEWER, this::tag),
            new Route("PUT", "/devices/{device}/tags/{tag}/value", Access.OPERATOR, Body.JSON, this::write),
            Route.get("/tags", Access.VIEWER, this::tags));
    }

    private Reply device(Call call) throws HttpProblem {
        DeviceState device = parts.need(Part.TAGS).device(call.parameter("device"))
            .orElseThrow(() -> HttpProblem.notFound("There is no device " + call.parameter("device") + "."));
        return Reply.json(out -> DeviceJson.whole(out, device));
    }

    private Reply tag(Call call) throws HttpProblem {
        TagState tag = state(call);
        return Reply.json(out -> DeviceJson.tag(out, tag));
    }

    private TagState state(Call call) throws HttpProblem {
        return parts.need(Part.TAGS).tag(call.parameter("device"), call.parameter("tag"))
            .orElseThrow(() -> HttpProblem.notFound("The device " + call.parameter("device") + " has no tag "
                + call.parameter("tag") + ", or there is no such device."));
    }

    /** Tags of all devices whose {@code device/tag} contains a text, page by page. */
    private Reply tags(Call call) throws HttpProblem {
        String wanted = call.query("match").orElse("").toLowerCase(Locale.ROOT);
        String after = call.query("after").orElse("");
        int limit = call.query("limit", 200, 1, 2000);
        List<TagState> found = new ArrayList<>();
        Optional<String> last = Optional.empty();
        boolean begun = after.isEmpty();
        for (DeviceState device : parts.need(Part.TAGS).devices()) {
            for (TagState tag : device.tags()) {
                String key = tag.device() + "/" + tag.reading().tag().name();
                if (!begun) {
                    begun = key.equals(after);
                } else if (key.toLowerCase(Locale.ROOT).contains(wanted)) {
                    if (found.size() == limit) {
                        return Items.reply(found, DeviceJson::tag, last);
                    }
                    found.add(tag);
                    last = Optional.of(key);
                }
            }
        }
        return Items.reply(found, DeviceJson::tag);
    }

    private CompletionStage<Reply> write(Call call) throws HttpProblem, JsonException {
        TagWriter writer = parts.need(Part.WRITER);
        Tag tag = state(call).reading().tag();
        Json.Obj body = call.json();
        body.allowOnly(Set.of("value"));
        Value value = value(body.get("value"), tag);
        CompletableFuture<Void> written = new CompletableFuture<>();
        writer.write(call.parameter("device"), tag.name(), value, call.caller()).whenComplete((nothing, failure) -> {
            if (failure == null) {
                written.complete(null);
            } else {
                written.completeExceptionally(explained(failure));
            }
        });
        return written.orTimeout(WRITE_SECONDS, TimeUnit.SECONDS).handle((nothing, failure) -> {
            if (failure instanceof TimeoutException) {
                return Reply.problem(new HttpProblem(504, "timeout", "The device did not confirm within " + WRITE_SECONDS
                    + " s. The value may or may not have been written."));
            } else if (failure != null) {
                throw new CompletionException(failure);
            }
            return Reply.done();
        });
    }

    private static Value value(Json node, Tag tag) throws HttpProblem {
        try {
            return JsonValues.read(node, tag.type());
        } catch (JsonException e) {
            throw HttpProblem.badRequest("The value of " + tag.name() + " " + e.getMessage() + ".");
        }
    }

    private static Throwable explained(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause()
            : failure;
        if (cause instanceof IllegalArgumentException e) {
            return new HttpProblem(422, "refused", AccessRoutes.sentence(e));
        } else if (cause instanceof DeviceException e) {
            return new HttpProblem(502, "device", AccessRoutes.sentence(e));
        }
        return cause;
    }
}
