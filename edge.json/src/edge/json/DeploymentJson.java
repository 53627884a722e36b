// SPDX-License-Identifier: Apache-2.0
package edge.json;

import com.fasterxml.jackson.core.JsonGenerator;
import edge.api.deploy.Change;
import edge.api.deploy.DeploymentPlan;
import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentRequest;
import edge.api.deploy.DeploymentState;
import edge.api.deploy.Generation;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Deployments as JSON: the same for REST, the MQTT command and feature files. */
public final class DeploymentJson {
    private static final long MAX_SECONDS = 86_400;

    private DeploymentJson() {
    }

    /** Knows what the place where a request comes from means by a jar. */
    @FunctionalInterface
    public interface Jars {

        /**
         * @param install a change with the action {@code install} and without {@code url}
         * @throws JsonException if it names no jar that can be had here
         */
        Change.Install install(Json.Obj install) throws JsonException;
    }

    /** A place where jars come from URLs only. */
    public static Change.Install noJars(Json.Obj install) throws JsonException {
        throw install.place().problem("needs a 'url' and the 'sha256' of the jar");
    }

    public static DeploymentRequest request(Json.Obj root, Jars jars) throws JsonException {
        root.allowOnly(Set.of("$schema", "why", "probation", "confirmWithin", "allowDowngrade", "changes"));
        List<Change> changes = new ArrayList<>();
        for (Json change : root.get("changes").asArray()) {
            changes.add(change(change.asObject(), jars));
        }
        if (changes.isEmpty()) {
            throw root.get("changes").place().problem("must have at least one change");
        }
        return new DeploymentRequest(changes, root.text("why", ""), seconds(root, "probation", 0),
            seconds(root, "confirmWithin", 0), root.bool("allowDowngrade", false));
    }

    private static Optional<Duration> seconds(Json.Obj root, String name, long min) throws JsonException {
        return root.has(name) ? Optional.of(Duration.ofSeconds(root.integer(name, min, MAX_SECONDS))) : Optional.empty();
    }

    private static Change change(Json.Obj change, Jars jars) throws JsonException {
        String action = change.text("action");
        switch (action) {
            case "install":
                if (!change.has("url")) {
                    return jars.install(change);
                }
                change.allowOnly(Set.of("action", "url", "sha256"));
                return new Change.Fetch(url(change), change.text("sha256"));
            case "start", "stop", "uninstall":
                change.allowOnly(Set.of("action", "bundle"));
                String bundle = change.text("bundle");
                return action.equals("start") ? new Change.Start(bundle) : action.equals("stop") ? new Change.Stop(bundle)
                    : new Change.Uninstall(bundle);
            case "configure":
                change.allowOnly(Set.of("action", "pid", "text", "configuration", "etag"));
                return new Change.Configure(change.text("pid"), configuration(change),
                    change.has("etag") ? Optional.of(change.text("etag")) : Optional.empty());
            case "unconfigure":
                change.allowOnly(Set.of("action", "pid"));
                return new Change.Unconfigure(change.text("pid"));
            default:
                throw change.get("action").place()
                    .problem("must be one of install, start, stop, uninstall, configure, unconfigure");
        }
    }

    private static URI url(Json.Obj change) throws JsonException {
        URI url;
        try {
            url = URI.create(change.text("url"));
        } catch (IllegalArgumentException e) {
            throw change.get("url").place().problem("must be a URL");
        }
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            throw change.get("url").place().problem("must not have a name or password in it: plans, history and audit log"
                + " would show them. The jar is known by its SHA-256; offer it without, or upload it");
        }
        return url;
    }

    /** The whole text, or the object that it shall be. */
    private static String configuration(Json.Obj change) throws JsonException {
        if (change.has("text")) {
            return change.text("text");
        }
        Json.Obj configuration = change.get("configuration").asObject();
        return new String(JsonWriter.bytes(out -> {
            out.useDefaultPrettyPrinter();
            JsonWriter.tree(out, configuration);
        }), StandardCharsets.UTF_8) + "\n";
    }

    // --------------------------------------------------------------------------------------------------------- writing

    public static void plan(JsonGenerator out, DeploymentPlan plan) throws IOException {
        out.writeStartObject();
        out.writeBooleanField("possible", plan.isPossible());
        texts(out, "effects", plan.effects());
        texts(out, "problems", plan.problems());
        out.writeArrayFieldStart("bundles");
        for (DeploymentPlan.BundleChange bundle : plan.bundles()) {
            out.writeStartObject();
            out.writeStringField("name", bundle.symbolicName());
            out.writeStringField("effect", JsonWriter.lower(bundle.effect()));
            out.writeStringField("from", bundle.from());
            out.writeStringField("to", bundle.to());
            out.writeBooleanField("nativeCode", bundle.nativeCode());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("rewirings");
        for (DeploymentPlan.Rewiring rewiring : plan.rewirings()) {
            out.writeStartObject();
            out.writeStringField("bundle", rewiring.bundle());
            out.writeStringField("what", rewiring.what());
            out.writeStringField("from", rewiring.from());
            out.writeStringField("to", rewiring.to());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeArrayFieldStart("pauses");
        for (DeploymentPlan.Pause pause : plan.pauses()) {
            out.writeStartObject();
            out.writeStringField("device", pause.device());
            out.writeNumberField("tags", pause.tags());
            out.writeEndObject();
        }
        out.writeEndArray();
        configurations(out, plan);
        out.writeArrayFieldStart("missing");
        for (DeploymentPlan.Missing missing : plan.missing()) {
            out.writeStartObject();
            out.writeStringField("bundle", missing.bundle());
            out.writeStringField("need", missing.need());
            texts(out, "providers", missing.providers());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeBooleanField("restart", plan.restart());
        out.writeEndObject();
    }

    private static void configurations(JsonGenerator out, DeploymentPlan plan) throws IOException {
        out.writeArrayFieldStart("configurations");
        for (DeploymentPlan.ConfigurationChange change : plan.configurations()) {
            out.writeStartObject();
            out.writeStringField("pid", change.pid());
            out.writeStringField("effect", change.before().isEmpty() ? "added" : change.after().isEmpty() ? "deleted"
                : "changed");
            texts(out, "lines", change.lines());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    public static void report(JsonGenerator out, DeploymentReport report) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", report.id());
        JsonWriter.time(out, "time", report.time());
        out.writeStringField("caller", report.caller());
        if (!report.why().isEmpty()) {
            out.writeStringField("why", report.why());
        }
        out.writeStringField("summary", report.summary());
        out.writeStringField("outcome", JsonWriter.lower(report.outcome()));
        if (!report.detail().isEmpty()) {
            out.writeStringField("detail", report.detail());
        }
        texts(out, "findings", report.findings());
        if (report.generation() > 0) {
            out.writeNumberField("generation", report.generation());
        }
        out.writeNumberField("tookMillis", report.took().toMillis());
        out.writeEndObject();
    }

    public static void state(JsonGenerator out, DeploymentState state) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", state.id());
        out.writeStringField("caller", state.caller());
        out.writeStringField("summary", state.summary());
        out.writeStringField("stage", JsonWriter.lower(state.stage()));
        JsonWriter.time(out, "since", state.since());
        JsonWriter.time(out, "until", state.until());
        out.writeEndObject();
    }

    public static void generation(JsonGenerator out, Generation generation) throws IOException {
        out.writeStartObject();
        out.writeNumberField("number", generation.number());
        JsonWriter.time(out, "time", generation.time());
        out.writeStringField("caller", generation.caller());
        out.writeStringField("summary", generation.summary());
        if (!generation.why().isEmpty()) {
            out.writeStringField("why", generation.why());
        }
        out.writeBooleanField("current", generation.current());
        out.writeBooleanField("proven", generation.proven());
        out.writeArrayFieldStart("bundles");
        for (Generation.DeployedBundle bundle : generation.bundles()) {
            out.writeStartObject();
            out.writeStringField("name", bundle.symbolicName());
            out.writeStringField("version", bundle.version());
            out.writeStringField("sha256", bundle.sha256());
            out.writeStringField("source", bundle.source());
            out.writeEndObject();
        }
        out.writeEndArray();
        texts(out, "stopped", generation.stopped());
        texts(out, "configurations", generation.configurations());
        out.writeEndObject();
    }

    private static void texts(JsonGenerator out, String name, Collection<String> texts) throws IOException {
        out.writeArrayFieldStart(name);
        for (String text : texts) {
            out.writeString(text);
        }
        out.writeEndArray();
    }
}
