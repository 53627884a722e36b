// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import edge.json.Json;
import edge.json.JsonParser;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** Deploys by REST. */
public final class Deployments {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final GatewayProcess gateway;

    public Deployments(GatewayProcess gateway) {
        this.gateway = gateway;
    }

    /** @return the upload's id */
    public String upload(byte[] jar) throws Exception {
        HttpResponse<String> response = gateway.send("POST", "/api/v1/uploads?name=test.jar",
            BodyPublishers.ofByteArray(jar), Map.of("Content-Type", "application/octet-stream"));
        if (response.statusCode() != 201) {
            throw new IOException("upload: " + response.statusCode() + " " + response.body());
        }
        return JsonParser.parse(response.body()).asObject().text("id");
    }

    /** Carries out changes, and waits for the report. */
    public Json.Obj apply(int probation, String changes) throws Exception {
        return post("/api/v1/deployments", "{\"probation\": " + probation + ", \"allowDowngrade\": true, \"changes\": ["
            + changes + "]}");
    }

    public Json.Obj install(int probation, byte[] jar) throws Exception {
        return apply(probation, install(upload(jar)));
    }

    public static String install(String upload) {
        return "{\"action\": \"install\", \"upload\": \"" + upload + "\"}";
    }

    public Json.Obj post(String path, String body) throws Exception {
        HttpResponse<String> response = gateway.send("POST", path, BodyPublishers.ofString(body), JSON);
        if (response.statusCode() >= 300) {
            throw new IOException(path + ": " + response.statusCode() + " " + response.body());
        }
        return response.body().isEmpty() ? null : JsonParser.parse(response.body()).asObject();
    }

    /** The newest first. */
    public List<Json> history() throws Exception {
        return gateway.items("/api/v1/deployments?limit=50");
    }

    public String version(String bundle) throws Exception {
        return gateway.json("/api/v1/bundles/" + bundle).asObject().text("version");
    }

    public boolean isGood(String device) throws Exception {
        return gateway.json("/api/v1/devices/" + device + "/tags/t0").asObject().text("quality", "good").equals("good");
    }
}
