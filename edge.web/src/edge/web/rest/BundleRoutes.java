// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import edge.api.deploy.BundleState;
import edge.api.deploy.Change;
import edge.api.deploy.Deployment;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentRequest;
import edge.api.trust.Provenance;
import edge.api.trust.Verdict;
import edge.json.DeploymentJson;
import edge.json.Json;
import edge.json.JsonException;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Bundles, uploads and deployments. */
final class BundleRoutes {
    private static final int WAIT_SECONDS = 60;

    private final Parts parts;
    private final Uploads uploads;
    private final Repeats repeats;

    BundleRoutes(Parts parts, Uploads uploads, Repeats repeats) {
        this.parts = parts;
        this.uploads = uploads;
        this.repeats = repeats;
    }

    List<Route> routes() {
        return List.of(
            Route.get("/bundles", Access.VIEWER, call ->
                Items.reply(parts.need(Part.DEPLOYER).bundles(), BundleJson::bundle)),
            Route.get("/bundles/{bundle}", Access.VIEWER, this::one),
            Route.post("/uploads", Access.ENGINEER, Body.FILE, this::upload),
            Route.delete("/uploads/{upload}", Access.ENGINEER, this::forget),
            Route.get("/deployments", Access.VIEWER, call ->
                Items.reply(parts.need(Part.DEPLOYER).history(call.query("limit", 50, 1, 500)), DeploymentJson::report)),
            Route.get("/deployments/running", Access.VIEWER, call ->
                Items.reply(parts.need(Part.DEPLOYER).running(), DeploymentJson::state)),
            Route.post("/deployments/plan", Access.ENGINEER, Body.TEXT, this::plan),
            new Route("POST", "/deployments", Access.ENGINEER, Body.TEXT, repeats.once(this::deploy)),
            Route.post("/deployments/{deployment}/confirm", Access.ENGINEER, Body.JSON, this::confirm),
            Route.post("/deployments/{deployment}/undo", Access.ENGINEER, Body.JSON, this::undo),
            Route.get("/generations", Access.VIEWER, call ->
                Items.reply(parts.need(Part.DEPLOYER).generations(), DeploymentJson::generation)),
            Route.get("/generations/{generation}/compare/{other}", Access.ENGINEER, this::compare),
            Route.get("/generations/{generation}/plan", Access.ENGINEER, this::planRollback),
            new Route("POST", "/generations/{generation}/rollback", Access.ENGINEER, Body.JSON,
                repeats.once(this::rollback)));
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
        DeploymentPlan plan = parts.need(Part.DEPLOYER).plan(
            DeploymentRequest.of("", new Change.Install(upload.file(), upload.name())));
        Optional<Provenance> provenance = parts.find(Part.PROVENANCE);
        Optional<Verdict> signature = provenance.isPresent() && plan.problems().isEmpty()
            ? Optional.of(provenance.get().verify(upload.file())) : Optional.empty();
        return Reply.json(201, out -> {
            out.writeStartObject();
            out.writeStringField("id", upload.id());
            out.writeStringField("name", upload.name());
            out.writeNumberField("size", upload.size());
            out.writeStringField("sha256", upload.sha256());
            if (signature.isPresent()) {
                out.writeFieldName("signature");
                ProvenanceRoutes.verdict(out, signature.get());
            }
            out.writeFieldName("plan");
            DeploymentJson.plan(out, plan);
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
        DeploymentPlan plan = parts.need(Part.DEPLOYER).plan(request(call));
        return Reply.json(out -> DeploymentJson.plan(out, plan));
    }

    private CompletionStage<Reply> deploy(Call call) throws HttpProblem, JsonException {
        return whenDone(call, parts.need(Part.DEPLOYER).apply(request(call), call.caller()));
    }

    /** Waits for the outcome, but not for ever: a deployment may be on probation for long. */
    private static CompletionStage<Reply> whenDone(Call call, Deployment deployment) throws HttpProblem {
        return deployment.outcome().toCompletableFuture().copy()
            .thenApply(report -> Reply.json(out -> DeploymentJson.report(out, report)))
            .completeOnTimeout(Reply.json(202, out -> {
                out.writeStartObject();
                out.writeStringField("id", deployment.id());
                out.writeStringField("detail", "The deployment is still under way; the history will tell what became "
                    + "of it.");
                out.writeEndObject();
            }), call.query("wait", WAIT_SECONDS, 0, WAIT_SECONDS), TimeUnit.SECONDS);
    }

    private DeploymentRequest request(Call call) throws HttpProblem, JsonException {
        AtomicReference<HttpProblem> gone = new AtomicReference<>();
        try {
            return DeploymentJson.request(call.json(), install -> {
                install.allowOnly(Set.of("action", "upload"));
                try {
                    Uploads.Upload upload = uploads.get(install.text("upload"));
                    return new Change.Install(upload.file(), upload.name());
                } catch (HttpProblem e) {
                    gone.set(e);
                    throw install.get("upload").place().problem(e.getMessage());
                }
            });
        } catch (JsonException e) {
            if (gone.get() != null) {
                throw gone.get();
            }
            throw e;
        }
    }

    private Reply confirm(Call call) throws HttpProblem {
        Optional<String> problem = parts.need(Part.DEPLOYER).confirm(call.parameter("deployment"), call.caller());
        if (problem.isPresent()) {
            throw new HttpProblem(409, "not-confirmed", problem.get());
        }
        return Reply.done();
    }

    private Reply undo(Call call) throws HttpProblem {
        Optional<String> problem = parts.need(Part.DEPLOYER).undo(call.parameter("deployment"), call.caller());
        if (problem.isPresent()) {
            throw new HttpProblem(409, "not-undone", problem.get());
        }
        return Reply.done();
    }

    private Reply planRollback(Call call) throws HttpProblem {
        DeploymentPlan plan = parts.need(Part.DEPLOYER).planRollback(number(call, "generation"));
        return Reply.json(out -> DeploymentJson.plan(out, plan));
    }

    private CompletionStage<Reply> rollback(Call call) throws HttpProblem, JsonException {
        Json.Obj body = call.json();
        body.allowOnly(Set.of("why"));
        return whenDone(call, parts.need(Part.DEPLOYER).rollback(number(call, "generation"), body.text("why", ""),
            call.caller()));
    }

    private Reply compare(Call call) throws HttpProblem {
        try {
            List<String> lines = parts.need(Part.DEPLOYER).compare(number(call, "generation"), number(call, "other"));
            return Reply.json(out -> {
                out.writeStartObject();
                BundleJson.texts(out, "lines", lines);
                out.writeEndObject();
            });
        } catch (IllegalArgumentException e) {
            throw HttpProblem.notFound("One of these generations is not kept.");
        }
    }

    private static long number(Call call, String parameter) throws HttpProblem {
        try {
            return Long.parseLong(call.parameter(parameter));
        } catch (NumberFormatException e) {
            throw HttpProblem.notFound("A generation is named by its number.");
        }
    }
}
