// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import edge.api.access.Accounts;
import edge.api.access.Caller;
import edge.web.http.Call.Identity;
import java.util.Optional;

/**
 * Decides who may pass: the session cookie or a machine's secret, the protection against forged requests, and the route's
 * role. Default is no. Any thread.
 */
public final class Gate {

    /**
     * The name's prefix makes browsers refuse it unless it is secure, host-only and for the whole path: a neighbour on
     * another port or subdomain cannot plant one.
     */
    public static final String COOKIE = "__Host-edge";
    /**
     * Wanted on every change that a browser asks for. Another site's page cannot send it without asking first, and it is
     * never told yes.
     */
    public static final String HEADER = "X-Edge-Request";

    private static final String BEARER = "Bearer ";

    private final Accounts accounts;
    private final Sessions sessions;

    public Gate(Accounts accounts, Sessions sessions) {
        this.accounts = accounts;
        this.sessions = sessions;
    }

    /** Who sends the request; empty if that cannot be told. */
    public Optional<Identity> identify(Call.Request request) {
        Optional<String> authorization = request.header().apply("Authorization");
        if (authorization.isPresent()) {
            return machine(authorization.get(), request.origin()).map(caller -> new Identity(caller, Optional.empty()));
        }
        return cookie(request).flatMap(sessions::find)
            .map(session -> new Identity(session.caller(), Optional.of(session)));
    }

    /**
     * Whether the request may use a route.
     *
     * @throws HttpProblem if not: 401 when nobody is known, 403 when the one who is known may not
     */
    public void admit(Call.Request request, Optional<Identity> identity, Access access) throws HttpProblem {
        if (access.role().isPresent() && identity.isEmpty()) {
            throw new HttpProblem(401, "not-signed-in", "Sign in first, or send a machine account's secret.");
        }
        boolean byCookie = identity.isEmpty() || identity.get().session().isPresent();
        if (request.isUnsafe() && byCookie) {
            refuseForged(request);
        }
        if (access.role().isPresent() && !identity.orElseThrow().caller().may(access.role().get())) {
            Caller caller = identity.get().caller();
            throw new HttpProblem(403, "not-allowed", caller.name() + " has the role " + lower(caller.role())
                + "; this needs the role " + lower(access.role().get()) + ".");
        }
    }

    private static void refuseForged(Call.Request request) throws HttpProblem {
        if (request.header().apply(HEADER).isEmpty()) {
            throw new HttpProblem(403, "forged", "Changes need the header " + HEADER + ": 1.");
        }
        Optional<String> origin = request.header().apply("Origin");
        if (origin.isPresent()) {
            String own = "https://" + request.header().apply("Host").orElse("");
            if (!origin.get().equalsIgnoreCase(own)) {
                throw new HttpProblem(403, "forged", "Changes are taken only from pages of this gateway.");
            }
        }
        String site = request.header().apply("Sec-Fetch-Site").orElse("same-origin");
        if (!site.equals("same-origin") && !site.equals("none")) {
            throw new HttpProblem(403, "forged", "Changes are taken only from pages of this gateway.");
        }
    }

    private Optional<Caller> machine(String authorization, String origin) {
        int colon = authorization.indexOf(':');
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length()) || colon < 0) {
            return Optional.empty();
        }
        String name = authorization.substring(BEARER.length(), colon).strip();
        return accounts.machine(name, authorization.substring(colon + 1).strip().toCharArray(), origin);
    }

    private static Optional<String> cookie(Call.Request request) {
        String header = request.header().apply("Cookie").orElse("");
        for (String pair : header.split(";")) {
            String trimmed = pair.strip();
            if (trimmed.startsWith(COOKIE + "=")) {
                return Optional.of(trimmed.substring(COOKIE.length() + 1));
            }
        }
        return Optional.empty();
    }

    private static String lower(Enum<?> constant) {
        return edge.json.JsonWriter.lower(constant);
    }
}
