// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.config.ConfigurationFile;
import edge.api.config.Configurations;
import edge.api.config.Problem;
import edge.json.JsonWriter;
import edge.web.http.Access;
import edge.web.http.Call;
import edge.web.http.HttpProblem;
import edge.web.http.ProblemJson;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.http.Route.Body;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The configuration files. A change names the state that it was made from (RFC 9110, 13.1). */
final class ConfigurationRoutes {
    /** Also what keeps an id from being a path. */
    private static final Pattern PID = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*(~[A-Za-z0-9_.-]{1,64})?");

    private final Parts parts;

    ConfigurationRoutes(Parts parts) {
        this.parts = parts;
    }

    List<Route> routes() {
        return List.of(
            Route.get("/configurations", Access.VIEWER, call -> Items.reply(all().list(), (out, file) -> {
                out.writeStartObject();
                members(out, file);
                out.writeEndObject();
            })),
            Route.get("/configurations/{pid}", Access.VIEWER, this::one),
            Route.post("/configurations/{pid}/check", Access.ENGINEER, Body.TEXT, this::check),
            Route.put("/configurations/{pid}", Access.ENGINEER, Body.TEXT, this::put),
            Route.delete("/configurations/{pid}", Access.ENGINEER, this::delete));
    }

    private Configurations all() throws HttpProblem {
        return parts.need(Part.CONFIGURATIONS);
    }

    private Optional<ConfigurationFile> file(String pid) throws HttpProblem {
        return all().list().stream().filter(file -> file.pid().equals(pid)).findFirst();
    }

    /** The PID in the path. */
    static String pid(Call call) throws HttpProblem {
        String pid = call.parameter("pid");
        if (pid.length() > 200 || !PID.matcher(pid).matches()) {
            throw HttpProblem.badRequest("That is no configuration's name: PID or PID~NAME, of A-Z a-z 0-9 _ . -");
        }
        return pid;
    }

    private Reply one(Call call) throws HttpProblem {
        String pid = pid(call);
        ConfigurationFile file = file(pid).orElseThrow(() -> missing(pid));
        String text = all().text(pid).orElseThrow(() -> missing(pid));
        return Reply.json(out -> {
            out.writeStartObject();
            members(out, file);
            out.writeStringField("text", text);
            out.writeEndObject();
        }).with("ETag", '"' + file.etag() + '"');
    }

    private static HttpProblem missing(String pid) {
        return HttpProblem.notFound("There is no configuration " + pid + ".");
    }

    private Reply check(Call call) throws HttpProblem {
        List<Problem> problems = all().check(pid(call), call.text());
        return Reply.json(out -> {
            out.writeStartObject();
            out.writeFieldName("problems");
            ProblemJson.list(out, problems);
            out.writeEndObject();
        });
    }

    private Reply put(Call call) throws HttpProblem {
        String pid = pid(call);
        Optional<String> expected = call.header("If-Match").map(ConfigurationRoutes::unquoted);
        boolean fresh = call.header("If-None-Match").filter("*"::equals).isPresent();
        if (expected.isEmpty() && !fresh) {
            throw new HttpProblem(428, "precondition-required", "Send If-Match with the ETag that you have seen, or "
                + "If-None-Match: * to create a new configuration.");
        }
        List<Problem> problems;
        try {
            problems = all().put(pid, call.text(), expected, call.caller());
        } catch (Configurations.StaleException e) {
            throw new HttpProblem(412, "stale", AccessRoutes.sentence(e));
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badRequest(AccessRoutes.sentence(e));
        }
        if (!problems.isEmpty()) {
            throw new HttpProblem(422, "refused", "The configuration " + pid + " was not written: "
                + (problems.size() == 1 ? problems.get(0).toString() : problems.size() + " problems."), problems);
        }
        Reply done = Reply.done();
        Optional<ConfigurationFile> written = file(pid);
        return written.isPresent() ? done.with("ETag", '"' + written.get().etag() + '"') : done;
    }

    private Reply delete(Call call) throws HttpProblem {
        String pid = pid(call);
        Optional<String> expected = call.header("If-Match").map(ConfigurationRoutes::unquoted);
        Optional<ConfigurationFile> file = file(pid);
        if (expected.isPresent() && file.isPresent() && !file.get().etag().equals(expected.get())) {
            throw new HttpProblem(412, "stale", "The configuration " + pid + " has been changed meanwhile.");
        }
        if (!all().delete(pid, call.caller())) {
            throw missing(pid);
        }
        return Reply.done();
    }

    private static String unquoted(String etag) {
        String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
        return strong.length() >= 2 && strong.startsWith("\"") && strong.endsWith("\"")
            ? strong.substring(1, strong.length() - 1) : strong;
    }

    private static void members(JsonGenerator out, ConfigurationFile file) throws IOException {
        out.writeStringField("pid", file.pid());
        out.writeStringField("status", JsonWriter.lower(file.status()));
        out.writeFieldName("problems");
        ProblemJson.list(out, file.problems());
        JsonWriter.time(out, "changed", file.changed());
        out.writeStringField("etag", file.etag());
    }
}
