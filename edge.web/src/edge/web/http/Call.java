// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import edge.api.access.Caller;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One request that has passed the gate: who calls, what is in the path and the query, and the whole body. Used by one
 * thread at a time.
 *
 * @param request method, path and headers
 * @param parameters of the route's path template
 * @param identity who calls; empty on public routes
 * @param body the body in memory; empty for routes that take a file or nothing
 * @param upload the file that the body was written to, for routes that take one; deleted after the reply
 */
public record Call(Request request, Map<String, String> parameters, Optional<Identity> identity, byte[] body,
                   Optional<Path> upload) {

    /**
     * The part of a request that is known before its body.
     *
     * @param header a header's first value, by name
     * @param origin the remote address
     */
    public record Request(String method, String path, Map<String, String> query,
                          Function<String, Optional<String>> header, String origin) {

        /** Everything but GET, HEAD and OPTIONS changes something. */
        public boolean isUnsafe() {
            return !method.equals("GET") && !method.equals("HEAD") && !method.equals("OPTIONS");
        }
    }

    /**
     * @param caller who
     * @param session how they came to be known; empty for a machine's secret
     */
    public record Identity(Caller caller, Optional<Session> session) {
    }

    /** Who calls. Only on routes that ask for a role. */
    public Caller caller() {
        return identity.orElseThrow(() -> new IllegalStateException("a public route has no caller")).caller();
    }

    public String parameter(String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no parameter " + name);
        }
        return value;
    }

    public Optional<String> query(String name) {
        return Optional.ofNullable(request.query().get(name));
    }

    /** A whole number of the query. */
    public int query(String name, int otherwise, int min, int max) throws HttpProblem {
        String text = request.query().get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw HttpProblem.badRequest("'" + name + "' must be a whole number from " + min + " to " + max + ".");
    }

    public Optional<String> header(String name) {
        return request.header().apply(name);
    }

    /** The body as text. */
    public String text() throws HttpProblem {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw HttpProblem.badRequest("The body must be UTF-8.");
        }
    }

    /** The body as a JSON object. */
    public Json.Obj json() throws HttpProblem, JsonException {
        return JsonParser.parse(text()).asObject();
    }
}
