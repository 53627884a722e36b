// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.deploy.BundleState;
import edge.api.deploy.Change;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonWriter;
import edge.web.http.Access;
import edge.web.http.Call;
import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.http.Route.Body;
import edge.web.parts.BundleJson;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Bundles, uploads and deployments. */
final class BundleRoutes {
    private static final int WAIT_SECONDS = 60;

    private final Parts parts;
    private final Uploads uploads;

    BundleRoutes(Parts parts, Uploads uploads) {
        this.parts = parts;
        this.uploads = uploads;
    }

    List<Route> routes() {
        return List.of(
            Route.get("/bundles", Access.VIEWER, call ->
                Items.reply(parts.need(Part.DEPLOYER).bundles(), BundleJson::bundle)),
            Route.get("/bundles/{bundle}", Access.VIEWER, this::one),
            Route.post("/uploads", Access.ENGINEER, Body.FILE, this::upload),
            Route.delete("/uploads/{upload}", Access.ENGINEER, this::forget),
            Route.get("/deployments", Access.VIEWER, call ->
                Items.reply(parts.need(Part.DEPLOYER).history(call.query("limit", 50, 1, 500)), BundleRoutes::report)),
            Route.post("/deployments/plan", Access.ENGINEER, Body.JSON, this::plan),
            new Route("POST", "/deployments", Access.ENGINEER, Body.JSON, this::deploy));
    }

    private Reply one(Call call) throws HttpProblem {
        String name = call.parameter("bundle");
        BundleState found = parts.need(Part.DEPLOYER).bundles().stream()
            .filter(bundle -> bundle.symbolicName().equals(name)).findFirst()
            .orElseThrow(() -> HttpProblem.notFound("There is no bundle " + name + "."));
        return Reply.json(out -> BundleJson.bundle(out, found));
    }

    /** Takes a jar and tells what deploying it would do. Deploys nothing. */
    private Reply upload(Call call) throws HttpProblem, IOException {
        parts.need(Part.DEPLOYER);
        Uploads.Upload upload = uploads.keep(call.upload().orElseThrow(),
            call.query("name").orElse("upload.jar"));
        DeploymentPlan plan = parts.need(Part.DEPLOYER).plan(new Change.Install(upload.file(), upload.name()));
        return Reply.json(201, out -> {
            out.writeStartObject();
            out.writeStringField("id", upload.id());
            out.writeStringField("name", upload.name());
            out.writeNumberField("size", upload.size());
            out.writeStringField("sha256", upload.sha256());
            out.writeFieldName("plan");
            plan(out, plan);
            out.writeEndObject();
        });
    }

    private Reply forget(Call call) throws HttpProblem, IOException {
        if (!uploads.remove(call.parameter("upload"))) {
            throw HttpProblem.notFound("That upload is gone already.");
        }
        return Reply.done();
    }

    private Reply plan(Call call) throws HttpProblem, JsonException {
        DeploymentPlan plan = parts.need(Part.DEPLOYER).plan(change(call.json()));
        return Reply.json(out -> plan(out, plan));
    }

    private CompletionStage<Reply> deploy(Call call) throws HttpProblem, JsonException {
        Json.Obj body = call.json();
        Change change = change(body);
        return parts.need(Part.DEPLOYER).apply(change, call.caller()).toCompletableFuture().copy()
            .thenApply(report -> Reply.json(out -> report(out, report)))
            .completeOnTimeout(Reply.json(202, out -> {
                out.writeStartObject();
                out.writeStringField("detail", "The deployment is still under way; the history will tell what became "
                    + "of it.");
                out.writeEndObject();
            }), WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private Change change(Json.Obj body) throws HttpProblem, JsonException {
        body.allowOnly(Set.of("action", "bundle", "upload"));
        String action = body.text("action");
        return switch (action) {
            case "install" -> {
                Uploads.Upload upload = uploads.get(body.text("upload"));
                yield new Change.Install(upload.file(), upload.name());
            }
            case "start" -> new Change.Start(body.text("bundle"));
            case "stop" -> new Change.Stop(body.text("bundle"));
            case "uninstall" -> new Change.Uninstall(body.text("bundle"));
            default -> throw body.get("action").place().problem("must be one of install, start, stop, uninstall");
        };
    }

    private static void plan(JsonGenerator out, DeploymentPlan plan) throws IOException {
        out.writeStartObject();
        out.writeBooleanField("possible", plan.isPossible());
        BundleJson.texts(out, "effects", plan.effects());
        BundleJson.texts(out, "problems", plan.problems());
        out.writeEndObject();
    }

    private static void report(JsonGenerator out, DeploymentReport report) throws IOException {
        out.writeStartObject();
        JsonWriter.time(out, "time", report.time());
        out.writeStringField("caller", report.caller());
        out.writeStringField("summary", report.summary());
        out.writeStringField("outcome", JsonWriter.lower(report.outcome()));
        if (!report.detail().isEmpty()) {
            out.writeStringField("detail", report.detail());
        }
        out.writeNumberField("tookMillis", report.took().toMillis());
        out.writeEndObject();
    }
}
