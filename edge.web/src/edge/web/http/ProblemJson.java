// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.config.Problem;
import java.io.IOException;
import java.util.List;

/** Problems of a configuration or a request, with their places, as JSON. */
public final class ProblemJson {

    private ProblemJson() {
    }

    /** Writes an array. */
    public static void list(JsonGenerator out, List<Problem> problems) throws IOException {
        out.writeStartArray();
        for (Problem problem : problems) {
            out.writeStartObject();
            if (problem.line() > 0) {
                out.writeNumberField("line", problem.line());
            }
            if (problem.column() > 0) {
                out.writeNumberField("column", problem.column());
            }
            if (!problem.attribute().isEmpty()) {
                out.writeStringField("attribute", problem.attribute());
            }
            out.writeStringField("message", problem.message());
            out.writeEndObject();
        }
        out.writeEndArray();
    }
}
