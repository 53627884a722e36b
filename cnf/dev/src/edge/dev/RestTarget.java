// SPDX-License-Identifier: Apache-2.0
package edge.dev;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway anywhere, reached through its REST API with the secret of a machine account. */
final class RestTarget implements Target {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final HttpClient client;
    private final URI api;
    private final String token;

    private RestTarget(HttpClient client, URI api, String token) {
        this.client = client;
        this.api = api;
        this.token = token;
    }

    static RestTarget connect(String url, Optional<String> fingerprint, Optional<String> token) throws StopException, IOException {
        String secret = token.orElseThrow(() -> new StopException("set EDGE_TOKEN to NAME:SECRET of a machine account with the"
            + " role engineer; one is made in the console under Security"));
        URI base = URI.create(url.replaceAll("/+$", ""));
        if (!"https".equals(base.getScheme()) || base.getHost() == null) {
            throw new StopException("'" + url + "' is not the address of a gateway; it looks like https://10.0.0.7:8443");
        }
        PinnedCertificate pinned = new PinnedCertificate(fingerprint.map(PinnedCertificate::plain));
        if (fingerprint.isEmpty()) {
            throw new StopException("the certificate of " + base.getHost() + " has the fingerprint\n  " + pinned.look(base)
                + "\nCompare it with what the gateway itself shows (System, or its log), and repeat with --fingerprint and that value");
        }
        return new RestTarget(HttpClient.newBuilder().sslContext(pinned.context()).connectTimeout(Duration.ofSeconds(10)).build(),
            base.resolve("/api/v1/"), secret);
    }

    @Override
    public void configure(String pid, String text) throws IOException, InterruptedException, StopException {
        HttpResponse<String> answer = send("PUT", "configurations/" + pid.replace("~", "%7E") + "?probation=0", "application/json",
            BodyPublishers.ofString(text), "If-None-Match", "*");
        // 412: it has one already, and that one stays.
        if (answer.statusCode() >= 300 && answer.statusCode() != 412) {
            throw new StopException("the configuration " + pid + " is not taken: " + member(answer.body(), "detail"));
        }
    }

    @Override
    public String deploy(Path jar) throws IOException, InterruptedException, StopException {
        HttpResponse<String> upload = send("POST", "uploads?name=" + jar.getFileName(), "application/java-archive",
            BodyPublishers.ofFile(jar));
        if (upload.statusCode() == 401 || upload.statusCode() == 403) {
            throw new StopException(member(upload.body(), "detail"));
        }
        if (upload.statusCode() != 201) {
            return "not taken: " + member(upload.body(), "detail");
        }
        HttpResponse<String> report = send("POST", "deployments", "application/json", BodyPublishers.ofString(
            // Somebody is looking on: it is kept at once.
            "{\"why\":\"saved while developing\",\"probation\":0,\"changes\":[{\"action\":\"install\",\"upload\":\""
                + member(upload.body(), "id") + "\"}]}"));
        String outcome = member(report.body(), "outcome");
        return outcome.equals("done") ? "deployed" : outcome + ": " + member(report.body(), "detail") + "\n ";
    }

    private HttpResponse<String> send(String method, String path, String type, BodyPublisher body, String... headers)
        throws IOException, InterruptedException, StopException {
        HttpRequest.Builder request = HttpRequest.newBuilder(api.resolve(path)).timeout(PATIENCE)
            .header("Authorization", "Bearer " + token).header("Content-Type", type).method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (javax.net.ssl.SSLHandshakeException e) {
            throw new StopException("the gateway at " + api.getHost() + " has another certificate than the one named by"
                + " --fingerprint");
        }
    }

    /** One text of a JSON object of a known shape. */
    private static String member(String json, String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
        return matcher.find() ? matcher.group(1).replace("\\\"", "\"").replace("\\\\", "\\") : json;
    }
}
