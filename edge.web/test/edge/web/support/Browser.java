// SPDX-License-Identifier: Apache-2.0
package edge.web.support;

import edge.json.Json;
import edge.json.JsonParser;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A client that trusts exactly the console's certificate, checks its host name, and may be signed in. */
public final class Browser {

    static {
        // To play a browser that was led here under another name.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection");
    }

    private final HttpClient client;
    private final String base;
    private String cookie = "";

    public Browser(ConsoleFramework console) throws Exception {
        this.base = "https://127.0.0.1:" + console.port();
        this.client = HttpClient.newBuilder().sslContext(trusting(console.data())).version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10)).build();
    }

    /** Trusts the certificate in the console's key store and nothing else. */
    public static SSLContext trusting(Path data) throws Exception {
        Path file = data.resolve("access/console.p12");
        char[] password = Files.readString(file.resolveSibling("console.p12.password")).strip().toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, password);
        }
        Certificate certificate = keys.getCertificate(keys.aliases().nextElement());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("console", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    public Browser signIn(String name) throws Exception {
        HttpResponse<String> response = post("/api/v1/session",
            "{\"name\": \"" + name + "\", \"password\": \"" + name + "'s password\"}");
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        keepCookie(response);
        return this;
    }

    public void keepCookie(HttpResponse<?> response) {
        cookie = response.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
    }

    public String cookie() {
        return cookie;
    }

    public Browser withCookie(String other) {
        cookie = other;
        return this;
    }

    public HttpResponse<String> get(String path, String... headers) throws Exception {
        return send("GET", path, BodyPublishers.noBody(), headers);
    }

    public Json.Obj json(String path) throws Exception {
        HttpResponse<String> response = get(path);
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
        }
        return JsonParser.parse(response.body()).asObject();
    }

    public HttpResponse<String> post(String path, String json, String... headers) throws Exception {
        return change("POST", path, json, headers);
    }

    /** A change as the console's own pages ask for it. */
    public HttpResponse<String> change(String method, String path, String json, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of("X-Edge-Request", "1", "Content-Type", "application/json", "Origin",
            base));
        all.addAll(List.of(headers));
        return send(method, path, BodyPublishers.ofString(json), all.toArray(String[]::new));
    }

    public HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers)
        throws Exception {
        return client.send(request(method, path, body, headers), BodyHandlers.ofString());
    }

    public HttpResponse<byte[]> bytes(String path, String... headers) throws Exception {
        return client.send(request("GET", path, BodyPublishers.noBody(), headers), BodyHandlers.ofByteArray());
    }

    /** An answer that goes on; to be closed by the caller. */
    public HttpResponse<InputStream> open(String path, String... headers) throws Exception {
        return client.send(request("GET", path, BodyPublishers.noBody(), headers), BodyHandlers.ofInputStream());
    }

    private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).method(method, body)
            .timeout(Duration.ofSeconds(20));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return request.build();
    }
}
