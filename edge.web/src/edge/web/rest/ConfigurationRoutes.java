// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.config.ConfigurationFile;
import edge.api.config.Configurations;
import edge.api.config.Problem;
import edge.api.deploy.Change;
import edge.api.deploy.Deployment;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.api.deploy.DeploymentRequest;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The configuration files. A change names the state that it was made from (RFC 9110, 13.1). */
final class ConfigurationRoutes {
    /** Also what keeps an id from being a path. */
    private static final Pattern PID = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*(~[A-Za-z0-9_.-]{1,64})?");
    /** The ETag of what does not exist. */
    private static final String NONE = "";
    private static final int WAIT_SECONDS = 60;
    private static final int MOST_SECONDS = 86_400;

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
            new Route("PUT", "/configurations/{pid}", Access.ENGINEER, Body.TEXT, this::put),
            new Route("DELETE", "/configurations/{pid}", Access.ENGINEER, Body.NONE, this::delete));
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

    /** Written as a deployment like any other: watched, and undone if it does harm. */
    private CompletionStage<Reply> put(Call call) throws HttpProblem {
        String pid = pid(call);
        Optional<String> expected = call.header("If-Match").map(ConfigurationRoutes::unquoted);
        boolean fresh = call.header("If-None-Match").filter("*"::equals).isPresent();
        if (expected.isEmpty() && !fresh) {
            throw new HttpProblem(428, "precondition-required", "Send If-Match with the ETag that you have seen, or "
                + "If-None-Match: * to create a new configuration.");
        }
        String etag = expected.orElse(NONE);
        requireFresh(pid, etag);
        List<Problem> problems = all().check(pid, call.text());
        if (!problems.isEmpty()) {
            throw new HttpProblem(422, "refused", "The configuration " + pid + " was not written: "
                + (problems.size() == 1 ? problems.get(0).toString() : problems.size() + " problems."), problems);
        }
        return deploy(call, pid, new Change.Configure(pid, call.text(), Optional.of(etag)));
    }

    private CompletionStage<Reply> delete(Call call) throws HttpProblem {
        String pid = pid(call);
        file(pid).orElseThrow(() -> missing(pid));
        Optional<String> expected = call.header("If-Match").map(ConfigurationRoutes::unquoted);
        if (expected.isPresent()) {
            requireFresh(pid, expected.get());
        }
        return deploy(call, pid, new Change.Unconfigure(pid));
    }

    private void requireFresh(String pid, String etag) throws HttpProblem {
        String now = file(pid).map(ConfigurationFile::etag).orElse(NONE);
        if (!now.equals(etag)) {
            throw new HttpProblem(412, "stale", "The configuration " + pid + (now.equals(NONE) ? " does not exist any more."
                : etag.equals(NONE) ? " exists already." : " has been changed meanwhile: read it again."));
        }
    }

    /** Answers when the change is in force, or has come to its end; waits for the end as long as the call says. */
    private CompletionStage<Reply> deploy(Call call, String pid, Change change) throws HttpProblem {
        Deployment deployment = parts.need(Part.DEPLOYER).apply(new DeploymentRequest(List.of(change),
            call.query("why").orElse(""), seconds(call, "probation"), seconds(call, "confirmWithin"), false), call.caller());
        int wait = call.query("wait", 0, 0, WAIT_SECONDS);
        CompletableFuture<DeploymentReport> outcome = deployment.outcome().toCompletableFuture().copy();
        return deployment.applied().toCompletableFuture().copy().completeOnTimeout(null, WAIT_SECONDS, TimeUnit.SECONDS)
            .thenCompose(applied -> outcome.thenApply(Optional::of)
                .completeOnTimeout(Optional.empty(), wait, TimeUnit.SECONDS))
            .thenApply(report -> withEtag(pid, report.isPresent() ? ended(pid, report.get()) : underWay(deployment)));
    }

    private static Optional<Duration> seconds(Call call, String name) throws HttpProblem {
        return call.query(name).isEmpty() ? Optional.empty()
            : Optional.of(Duration.ofSeconds(call.query(name, 0, 0, MOST_SECONDS)));
    }

    private static Reply ended(String pid, DeploymentReport report) {
        return report.outcome() == Outcome.DONE ? Reply.done() : Reply.problem(new HttpProblem(422,
            JsonWriter.lower(report.outcome()), "The configuration " + pid + " was not changed: " + report.detail()));
    }

    private static Reply underWay(Deployment deployment) {
        return Reply.json(202, out -> {
            out.writeStartObject();
            out.writeStringField("id", deployment.id());
            out.writeStringField("detail", "The change is watched before it is kept. If it does harm, or is not confirmed although"
                + " it has to be, it is undone; /api/v1/deployments/running tells how far it is.");
            out.writeEndObject();
        });
    }

    private Reply withEtag(String pid, Reply reply) {
        return parts.find(Part.CONFIGURATIONS).flatMap(all -> all.list().stream().filter(file -> file.pid().equals(pid))
            .findFirst()).filter(file -> reply.status() < 300).map(file -> reply.with("ETag", '"' + file.etag() + '"'))
            .orElse(reply);
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
