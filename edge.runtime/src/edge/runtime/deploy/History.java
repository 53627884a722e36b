// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.deploy.DeploymentReport;
import edge.api.deploy.DeploymentReport.Outcome;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import edge.runtime.base.AtomicFiles;
import edge.runtime.base.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What became of the newest deployments, kept in {@code generations/history.json}. Any thread. */
final class History {
    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final int KEPT = 100;

    private final Path file;
    // guarded by this, the newest first
    private final List<DeploymentReport> reports = new ArrayList<>();

    History(Path folder) {
        this.file = folder.resolve("history.json");
        try {
            if (Files.exists(file)) {
                for (Json item : JsonParser.parse(Files.readString(file)).asArray()) {
                    reports.add(report(item.asObject()));
                }
            }
        } catch (IOException | JsonException | DateTimeParseException | IllegalArgumentException e) {
            LOG.warn("The history of deployments in {} cannot be read and begins anew: {}", file, e.getMessage());
        }
    }

    private static DeploymentReport report(Json.Obj item) throws JsonException {
        List<String> findings = new ArrayList<>();
        for (Json finding : item.get("findings").asArray()) {
            findings.add(finding.asText());
        }
        return new DeploymentReport(item.text("id"), Instant.parse(item.text("time")), item.text("caller"), item.text("why"),
            item.text("summary"), Outcome.valueOf(item.text("outcome")), item.text("detail"), findings,
            item.integer("generation", 0, Long.MAX_VALUE), Duration.ofMillis(item.integer("tookMillis", 0, Long.MAX_VALUE)));
    }

    synchronized List<DeploymentReport> newest(int limit) {
        return List.copyOf(reports.subList(0, Math.min(Math.max(0, limit), reports.size())));
    }

    synchronized void add(DeploymentReport report) {
        reports.add(0, report);
        if (reports.size() > KEPT) {
            reports.remove(reports.size() - 1);
        }
        write();
    }

    /** Adds what became known after the report was made. */
    synchronized void addFinding(String id, String finding) {
        for (int i = 0; i < reports.size(); i++) {
            DeploymentReport old = reports.get(i);
            if (old.id().equals(id)) {
                List<String> findings = new ArrayList<>(old.findings());
                findings.add(finding);
                reports.set(i, new DeploymentReport(id, old.time(), old.caller(), old.why(), old.summary(), old.outcome(),
                    old.detail(), findings, old.generation(), old.took()));
                write();
                return;
            }
        }
    }

    private void write() {
        try {
            AtomicFiles.write(file, JsonWriter.bytes(out -> {
                out.useDefaultPrettyPrinter();
                out.writeStartArray();
                for (DeploymentReport one : reports) {
                    out.writeStartObject();
                    out.writeStringField("id", one.id());
                    JsonWriter.time(out, "time", one.time());
                    out.writeStringField("caller", one.caller());
                    out.writeStringField("why", one.why());
                    out.writeStringField("summary", one.summary());
                    out.writeStringField("outcome", one.outcome().name());
                    out.writeStringField("detail", one.detail());
                    out.writeArrayFieldStart("findings");
                    for (String finding : one.findings()) {
                        out.writeString(finding);
                    }
                    out.writeEndArray();
                    out.writeNumberField("generation", one.generation());
                    out.writeNumberField("tookMillis", one.took().toMillis());
                    out.writeEndObject();
                }
                out.writeEndArray();
            }));
        } catch (IOException e) {
            LOG.warn("The history of deployments cannot be written to {}: {}", file, DataDirectory.reason(e));
        }
    }
}
