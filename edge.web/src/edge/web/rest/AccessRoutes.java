// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import edge.api.access.Accounts;
import edge.api.access.AuditLog;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonWriter;
import edge.web.http.Access;
import edge.web.http.Call;
import edge.web.http.Gate;
import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.http.Route.Body;
import edge.web.http.Session;
import edge.web.http.Sessions;
import edge.web.parts.GatewayJson;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Setting up, signing in and out, accounts and the audit log. */
final class AccessRoutes {
    /** A password costs a lot to check: nobody may keep more than one processor busy with it. */
    private static final int MOST_AT_ONCE = 8;
    private static final String COOKIE = "; Path=/; Secure; HttpOnly; SameSite=Strict";

    private final Parts parts;
    private final Sessions sessions;
    private final Set<String> checking = ConcurrentHashMap.newKeySet();

    AccessRoutes(Parts parts, Sessions sessions) {
        this.parts = parts;
        this.sessions = sessions;
    }

    List<Route> routes() {
        return List.of(
            Route.get("/status", Access.PUBLIC, call -> status()),
            Route.post("/set-up", Access.PUBLIC, Body.JSON, this::setUp),
            Route.post("/session", Access.PUBLIC, Body.JSON, this::signIn),
            Route.get("/session", Access.VIEWER, this::me),
            Route.delete("/session", Access.VIEWER, this::signOut),
            Route.get("/accounts", Access.ADMINISTRATOR, call -> accounts()),
            Route.put("/accounts/{name}", Access.ADMINISTRATOR, Body.JSON, this::putPerson),
            Route.delete("/accounts/{name}", Access.ADMINISTRATOR, this::remove),
            Route.post("/accounts/{name}/secret", Access.ADMINISTRATOR, Body.JSON, this::issueSecret),
            Route.get("/audit", Access.ADMINISTRATOR, this::audit));
    }

    /** What a page must know before anybody has signed in; nothing else. */
    private Reply status() {
        return Reply.json(out -> {
            out.writeStartObject();
            out.writeBooleanField("needsSetUp", parts.accounts().needsSetUp());
            GatewayJson.labels(out, parts.gateway());
            out.writeEndObject();
        });
    }

    private Reply setUp(Call call) throws HttpProblem, JsonException {
        Json.Obj body = call.json();
        body.allowOnly(Set.of("name", "password", "code"));
        String name = body.text("name");
        String code = body.text("code", "");
        char[] password = body.text("password").toCharArray();
        return oneAtATime(call, () -> {
            try {
                return signedIn(parts.accounts().setUp(name, password, code, call.request().origin()));
            } catch (IllegalStateException e) {
                throw new HttpProblem(409, "already-set-up", "This gateway has been set up already. Sign in.");
            } catch (IllegalArgumentException e) {
                throw new HttpProblem(422, "refused", sentence(e));
            } finally {
                Arrays.fill(password, ' ');
            }
        });
    }

    private Reply signIn(Call call) throws HttpProblem, JsonException {
        Json.Obj body = call.json();
        body.allowOnly(Set.of("name", "password"));
        String name = body.text("name");
        char[] password = body.text("password").toCharArray();
        return oneAtATime(call, () -> {
            try {
                Optional<Caller> caller = parts.accounts().signIn(name, password, call.request().origin());
                if (caller.isEmpty()) {
                    throw new HttpProblem(401, "wrong-credentials", "Name and password do not fit. After several "
                        + "failures further attempts are refused for a while.");
                }
                return signedIn(caller.get());
            } finally {
                Arrays.fill(password, ' ');
            }
        });
    }

    @FunctionalInterface
    private interface Check {
        Reply run() throws HttpProblem;
    }

    private Reply oneAtATime(Call call, Check check) throws HttpProblem {
        String origin = call.request().origin();
        if (checking.size() >= MOST_AT_ONCE || !checking.add(origin)) {
            throw new HttpProblem(429, "too-many", "Another attempt is still being checked. Try again in a moment.");
        }
        try {
            return check.run();
        } finally {
            checking.remove(origin);
        }
    }

    private Reply signedIn(Caller caller) {
        return Reply.json(out -> writeMe(out, caller))
            .with("Set-Cookie", Gate.COOKIE + "=" + sessions.begin(caller) + COOKIE);
    }

    private Reply me(Call call) {
        return Reply.json(out -> writeMe(out, call.caller()));
    }

    private void writeMe(com.fasterxml.jackson.core.JsonGenerator out, Caller caller) throws java.io.IOException {
        out.writeStartObject();
        out.writeStringField("name", caller.name());
        out.writeStringField("kind", JsonWriter.lower(caller.kind()));
        out.writeStringField("role", JsonWriter.lower(caller.role()));
        out.writeNumberField("idleSeconds", sessions.idle().toSeconds());
        out.writeEndObject();
    }

    private Reply signOut(Call call) {
        Optional<Session> session = call.identity().flatMap(Call.Identity::session);
        session.ifPresent(sessions::end);
        parts.find(Part.AUDIT).ifPresent(audit -> audit.record(call.caller(), "sign out", call.caller().name(), "done"));
        return Reply.done().with("Set-Cookie", Gate.COOKIE + "=; Max-Age=0" + COOKIE);
    }

    private Reply accounts() {
        return Items.reply(parts.accounts().list(), (out, account) -> {
            out.writeStartObject();
            out.writeStringField("name", account.name());
            out.writeStringField("kind", JsonWriter.lower(account.kind()));
            out.writeStringField("role", JsonWriter.lower(account.role()));
            out.writeEndObject();
        });
    }

    private Reply putPerson(Call call) throws HttpProblem, JsonException {
        Json.Obj body = call.json();
        body.allowOnly(Set.of("password", "role"));
        char[] password = body.text("password").toCharArray();
        try {
            parts.accounts().putPerson(call.parameter("name"), password, role(body), call.caller());
        } catch (IllegalArgumentException e) {
            throw new HttpProblem(422, "refused", sentence(e));
        } finally {
            Arrays.fill(password, ' ');
        }
        sessions.endAll(call.parameter("name"));
        return Reply.done();
    }

    private Reply remove(Call call) throws HttpProblem {
        String name = call.parameter("name");
        boolean removed;
        try {
            removed = parts.accounts().remove(name, call.caller());
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new HttpProblem(409, "refused", sentence(e));
        }
        if (!removed) {
            boolean known = parts.accounts().list().stream().map(Accounts.Account::name).anyMatch(name::equals);
            throw known ? new HttpProblem(409, "refused", "The last administrator cannot be removed.")
                : HttpProblem.notFound("There is no account " + name + ".");
        }
        sessions.endAll(name);
        return Reply.done();
    }

    private Reply issueSecret(Call call) throws HttpProblem, JsonException {
        Json.Obj body = call.json();
        body.allowOnly(Set.of("role"));
        String secret;
        try {
            secret = parts.accounts().issueMachineSecret(call.parameter("name"), role(body), call.caller());
        } catch (IllegalArgumentException e) {
            throw new HttpProblem(422, "refused", sentence(e));
        }
        return Reply.json(201, out -> {
            out.writeStartObject();
            out.writeStringField("name", call.parameter("name"));
            out.writeStringField("secret", secret);
            out.writeEndObject();
        });
    }

    private Reply audit(Call call) throws HttpProblem {
        AuditLog audit = parts.need(Part.AUDIT);
        return Items.reply(audit.recent(call.query("limit", 200, 1, 2000)), (out, entry) -> {
            out.writeStartObject();
            JsonWriter.time(out, "time", entry.time());
            out.writeStringField("caller", entry.caller());
            out.writeStringField("origin", entry.origin());
            out.writeStringField("action", entry.action());
            out.writeStringField("subject", entry.subject());
            out.writeStringField("outcome", entry.outcome());
            out.writeEndObject();
        });
    }

    private static Role role(Json.Obj body) throws JsonException {
        String name = body.text("role");
        for (Role role : Role.values()) {
            if (JsonWriter.lower(role).equals(name)) {
                return role;
            }
        }
        throw body.get("role").place().problem("must be one of " + Arrays.toString(Role.values())
            .toLowerCase(Locale.ROOT));
    }

    static String sentence(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.endsWith(".") ? message : message + ".";
    }
}
