// SPDX-License-Identifier: Apache-2.0
package edge.json;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.access.AccessDeniedException;
import edge.api.device.DeviceException;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import edge.api.device.TagWriter.Outcome;
import edge.api.device.TagWriter.Write;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes to tags and what became of them, as JSON: the same in MQTT commands and in the REST API. */
public final class WriteJson {
    /** Most values that one command writes. */
    public static final int MAX_WRITES = 500;

    private static final Set<String> WRITE = Set.of("device", "tag", "value");

    private WriteJson() {
    }

    /**
     * Reads one write, {@code {"device", "tag", "value"}}, or several, {@code {"writes": [...]}}.
     *
     * @param table tells the types of the tags
     * @throws JsonException if it is malformed, a tag does not exist, or a value is not of its type
     */
    public static List<Write> read(Json.Obj root, TagTable table) throws JsonException {
        if (!root.has("writes")) {
            return List.of(one(root, table));
        }
        root.allowOnly(Set.of("writes"));
        List<Json> items = root.get("writes").asArray();
        if (items.isEmpty() || items.size() > MAX_WRITES) {
            throw root.get("writes").place().problem("must have 1 to " + MAX_WRITES + " values, not " + items.size());
        }
        List<Write> writes = new ArrayList<>(items.size());
        for (Json item : items) {
            writes.add(one(item.asObject(), table));
        }
        return writes;
    }

    private static Write one(Json.Obj item, TagTable table) throws JsonException {
        item.allowOnly(WRITE);
        String device = item.text("device");
        String tag = item.text("tag");
        Optional<TagState> state = table.tag(device, tag);
        if (state.isEmpty()) {
            throw item.get("tag").place().problem("there is no tag " + device + "/" + tag);
        }
        return new Write(device, tag, JsonValues.read(item.get("value"), state.get().reading().tag().type()));
    }

    /** Writes the members {@code "status"}, done or failed, and {@code "results"}. */
    public static void members(JsonGenerator out, List<Outcome> outcomes) throws IOException {
        out.writeStringField("status", outcomes.stream().allMatch(one -> one.failure().isEmpty()) ? "done" : "failed");
        out.writeArrayFieldStart("results");
        for (Outcome outcome : outcomes) {
            out.writeStartObject();
            out.writeStringField("device", outcome.write().device());
            out.writeStringField("tag", outcome.write().tag());
            out.writeStringField("status", outcome.failure().isEmpty() ? "done" : "failed");
            if (outcome.failure().isPresent()) {
                Throwable failure = outcome.failure().get();
                out.writeStringField("reason", reason(failure));
                out.writeStringField("detail", failure.getMessage() == null ? failure.toString() : failure.getMessage());
            }
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static String reason(Throwable failure) {
        if (failure instanceof DeviceException device) {
            return JsonWriter.lower(device.reason());
        } else if (failure instanceof AccessDeniedException) {
            return "access-denied";
        }
        return failure instanceof IllegalArgumentException ? "refused" : "error";
    }
}
