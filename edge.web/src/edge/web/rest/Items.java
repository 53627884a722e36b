// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.web.http.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Lists in answers: always an object with {@code items}, so that something can be added beside them. */
final class Items {

    @FunctionalInterface
    interface Writer<T> {
        void write(JsonGenerator out, T item) throws IOException;
    }

    private Items() {
    }

    static <T> Reply reply(List<T> items, Writer<T> writer) {
        return reply(items, writer, Optional.empty());
    }

    /** @param next where the next page begins, if there is one */
    static <T> Reply reply(List<T> items, Writer<T> writer, Optional<String> next) {
        return Reply.json(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("items");
            for (T item : items) {
                writer.write(out, item);
            }
            out.writeEndArray();
            if (next.isPresent()) {
                out.writeStringField("next", next.get());
            }
            out.writeEndObject();
        });
    }
}
