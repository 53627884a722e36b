// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import edge.api.config.ConfigurationFile;
import edge.api.config.ConfigurationImport;
import edge.api.config.ConfigurationImport.Format;
import edge.api.config.ConfigurationImport.Imported;
import edge.api.config.Configurations;
import edge.web.http.Access;
import edge.web.http.Call;
import edge.web.http.HttpProblem;
import edge.web.http.ProblemJson;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.http.Route.Body;
import edge.web.parts.Parts;
import edge.web.parts.Parts.Part;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Lists of a configuration in other formats. Importing only translates: the configurations that come out are put by the route
 * that puts every configuration.
 */
final class ImportRoutes {
    private final Parts parts;

    ImportRoutes(Parts parts) {
        this.parts = parts;
    }

    List<Route> routes() {
        return List.of(
            Route.get("/configurations/{pid}/formats", Access.VIEWER, this::formats),
            Route.get("/configurations/{pid}/list", Access.VIEWER, this::write),
            Route.post("/configurations/{pid}/import", Access.ENGINEER, Body.TEXT, this::read));
    }

    private Reply formats(Call call) throws HttpProblem {
        return Items.reply(known(call).formats(), (out, format) -> {
            out.writeStartObject();
            out.writeStringField("id", format.id());
            out.writeStringField("label", format.label());
            out.writeBooleanField("writable", format.writable());
            out.writeEndObject();
        });
    }

    private ConfigurationImport known(Call call) throws HttpProblem {
        String pid = ConfigurationRoutes.pid(call);
        return parts.imports(factory(pid)).orElseThrow(() ->
            HttpProblem.notFound("No running bundle knows lists of " + pid + " in other formats."));
    }

    private static String factory(String pid) {
        int tilde = pid.indexOf('~');
        return tilde < 0 ? pid : pid.substring(0, tilde);
    }

    private static Format format(ConfigurationImport imports, Call call) throws HttpProblem {
        String wanted = call.query("format").orElse("");
        return imports.formats().stream().filter(format -> format.id().equals(wanted)).findFirst()
            .orElseThrow(() -> HttpProblem.badRequest("'format' must be one of "
                + String.join(", ", imports.formats().stream().map(Format::id).toList()) + "."));
    }

    private Reply write(Call call) throws HttpProblem {
        ConfigurationImport imports = known(call);
        Format format = format(imports, call);
        String pid = ConfigurationRoutes.pid(call);
        String text = parts.need(Part.CONFIGURATIONS).text(pid)
            .orElseThrow(() -> HttpProblem.notFound("There is no configuration " + pid + "."));
        try {
            return new Reply(200, "text/csv;charset=utf-8", imports.write(format.id(), text).getBytes(StandardCharsets.UTF_8),
                List.of(), Optional.empty()).with("Content-Disposition", "attachment; filename=\"" + pid + "." + format.id() + '"');
        } catch (IllegalArgumentException e) {
            throw new HttpProblem(422, "refused", AccessRoutes.sentence(e));
        }
    }

    private Reply read(Call call) throws HttpProblem {
        ConfigurationImport imports = known(call);
        Format format = format(imports, call);
        String pid = ConfigurationRoutes.pid(call);
        if (pid.indexOf('~') < 0) {
            throw HttpProblem.badRequest("Name the configuration: " + pid + "~NAME.");
        }
        Configurations all = parts.need(Part.CONFIGURATIONS);
        Imported imported = imports.read(format.id(), pid.substring(pid.indexOf('~') + 1), call.text(), all.text(pid));
        return Reply.json(out -> {
            out.writeStartObject();
            out.writeFieldName("warnings");
            ProblemJson.list(out, imported.warnings());
            out.writeArrayFieldStart("items");
            for (ConfigurationImport.File file : imported.files()) {
                String made = factory(pid) + '~' + file.name();
                out.writeStartObject();
                out.writeStringField("pid", made);
                Optional<ConfigurationFile> there = all.list().stream().filter(one -> one.pid().equals(made)).findFirst();
                if (there.isPresent()) {
                    out.writeStringField("etag", there.get().etag());
                }
                out.writeStringField("text", file.text());
                out.writeFieldName("problems");
                ProblemJson.list(out, all.check(made, file.text()));
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }
}
