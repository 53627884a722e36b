// SPDX-License-Identifier: Apache-2.0
package edge.web.rest;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import edge.web.http.Access;
import edge.web.http.Route;
import edge.web.http.Sessions;
import edge.web.parts.Parts;
import edge.web.stream.LiveStream;
import edge.web.support.FakeAccounts;
import edge.web.support.FakeGateway;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed OpenAPI document tells exactly what the routes do. */
class ApiDescriptionTest {
    @TempDir
    private Path folder;

    private List<Route> routes() throws Exception {
        Parts parts = new Parts(new FakeGateway(folder), new FakeAccounts());
        Sessions sessions = new Sessions(Duration.ofMinutes(1), Duration.ofHours(1));
        return Api.router(parts, sessions, new Uploads(Files.createDirectories(folder.resolve("uploads"))),
            new LiveStream(parts, sessions, 1), document().getBytes(StandardCharsets.UTF_8)).routes();
    }

    private static String document() throws Exception {
        return Files.readString(Path.of(ApiDescriptionTest.class.getProtectionDomain().getCodeSource().getLocation()
            .toURI()).resolveSibling("resources/console/openapi.json"));
    }

    private static Json.Obj json() throws Exception {
        return JsonParser.parse(document()).asObject();
    }

    @Test
    void every_route_is_described_with_its_role_and_nothing_else_is() throws Exception {
        Map<String, String> described = new TreeMap<>();
        for (Map.Entry<String, Json> path : json().get("paths").asObject().members().entrySet()) {
            for (Map.Entry<String, Json> method : path.getValue().asObject().members().entrySet()) {
                Json.Obj operation = method.getValue().asObject();
                boolean open = operation.has("security") && operation.get("security").asArray().isEmpty();
                described.put(method.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(),
                    open ? "public" : operation.text("x-role"));
            }
        }
        Map<String, String> real = new TreeMap<>();
        for (Route route : routes()) {
            real.put(route.method() + " " + route.template(), JsonWriter.lower(route.access()));
        }
        assertThat(described).isEqualTo(real);
    }

    @Test
    void every_body_is_described_with_its_type() throws Exception {
        Json.Obj paths = json().get("paths").asObject();
        for (Route route : routes()) {
            Json.Obj operation = paths.get(route.template()).asObject()
                .get(route.method().toLowerCase(java.util.Locale.ROOT)).asObject();
            assertThat(operation.has("requestBody")).as("%s %s", route.method(), route.template())
                .isEqualTo(route.body() != Route.Body.NONE);
            if (route.body() != Route.Body.NONE) {
                assertThat(operation.get("requestBody").asObject().get("content").asObject().members()).containsOnlyKeys(
                    route.body() == Route.Body.FILE ? "application/octet-stream" : "application/json");
            }
        }
    }

    @Test
    void every_reference_leads_somewhere_and_every_operation_has_a_name_of_its_own() throws Exception {
        Json.Obj components = json().get("components").asObject();
        Matcher reference = Pattern.compile("\"#/components/(schemas|responses)/(\\w+)\"").matcher(document());
        TreeSet<String> used = new TreeSet<>();
        while (reference.find()) {
            assertThat(components.get(reference.group(1)).asObject().has(reference.group(2))).as(reference.group())
                .isTrue();
            used.add(reference.group(2));
        }
        assertThat(used).containsAll(components.get("schemas").asObject().members().keySet());
        List<String> names = Pattern.compile("\"operationId\": \"(\\w+)\"").matcher(document()).results()
            .map(found -> found.group(1)).toList();
        assertThat(names).doesNotHaveDuplicates().hasSize(routes().size());
    }

    @Test
    void only_looking_before_signing_in_and_signing_in_itself_are_public() throws Exception {
        assertThat(routes().stream().filter(route -> route.access() == Access.PUBLIC)
            .map(route -> route.method() + " " + route.template()))
            .containsExactlyInAnyOrder("GET /status", "POST /set-up", "POST /session");
    }
}
