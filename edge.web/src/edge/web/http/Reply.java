// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import edge.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is answered to a call. Immutable.
 *
 * @param contentType empty when there is no body
 * @param feed what goes on writing after the body; empty for ordinary replies
 */
public record Reply(int status, String contentType, byte[] body, List<Header> headers, Optional<Feed> feed) {

    public record Header(String name, String value) {
    }

    private static final byte[] NOTHING = {};

    public static Reply json(JsonWriter.Body body) {
        return json(200, body);
    }

    public static Reply json(int status, JsonWriter.Body body) {
        return new Reply(status, "application/json", JsonWriter.bytes(body), List.of(), Optional.empty());
    }

    /** 204. */
    public static Reply done() {
        return new Reply(204, "", NOTHING, List.of(), Optional.empty());
    }

    /** An answer that goes on until the feed or the client ends it. */
    public static Reply feed(String contentType, Feed feed) {
        return new Reply(200, contentType, NOTHING, List.of(), Optional.of(feed));
    }

    public static Reply problem(HttpProblem problem) {
        byte[] body = JsonWriter.bytes(out -> {
            out.writeStartObject();
            out.writeStringField("type", "urn:edge:problem:" + problem.type());
            out.writeStringField("title", title(problem.status()));
            out.writeNumberField("status", problem.status());
            out.writeStringField("detail", problem.getMessage());
            if (!problem.problems().isEmpty()) {
                out.writeFieldName("problems");
                ProblemJson.list(out, problem.problems());
            }
            out.writeEndObject();
        });
        return new Reply(problem.status(), "application/problem+json", body, List.of(), Optional.empty());
    }

    public Reply with(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Reply(status, contentType, body, List.copyOf(more), feed);
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad request";
            case 401 -> "Not signed in";
            case 403 -> "Not allowed";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 408 -> "Too slow";
            case 409 -> "Conflict";
            case 412 -> "Changed meanwhile";
            case 413 -> "Too large";
            case 415 -> "Unsupported media type";
            case 422 -> "Refused";
            case 428 -> "Precondition required";
            case 429 -> "Too many requests";
            case 502 -> "The device refused";
            case 503 -> "Not available";
            case 504 -> "The device did not answer";
            default -> "Internal error";
        };
    }
}
