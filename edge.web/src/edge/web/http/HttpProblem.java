// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import edge.api.config.Problem;
import edge.json.JsonException;
import java.util.List;

/**
 * Why a request is not answered as asked; becomes a problem document (RFC 9457). The message is the document's
 * {@code detail}: one sentence that names the thing and the remedy.
 */
public final class HttpProblem extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String type;
    private final transient List<Problem> problems;

    /** @param type last part of the problem's type, for machines: {@code not-found} */
    public HttpProblem(int status, String type, String message) {
        this(status, type, message, List.of());
    }

    /** @param problems what is wrong where in the text that was sent */
    public HttpProblem(int status, String type, String message, List<Problem> problems) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
        this.problems = List.copyOf(problems);
    }

    public static HttpProblem badRequest(String message) {
        return new HttpProblem(400, "bad-request", message);
    }

    public static HttpProblem notFound(String message) {
        return new HttpProblem(404, "not-found", message);
    }

    /** The JSON that was sent will not do. */
    public static HttpProblem of(JsonException e) {
        Problem problem = new Problem(e.line(), e.column(), e.path(), e.getMessage());
        return new HttpProblem(400, "bad-request", "The request's JSON is wrong: " + problem, List.of(problem));
    }

    public int status() {
        return status;
    }

    public String type() {
        return type;
    }

    public List<Problem> problems() {
        return problems == null ? List.of() : problems;
    }
}
