// SPDX-License-Identifier: Apache-2.0
package edge.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.access.Role;
import edge.json.Json;
import edge.json.JsonParser;
import edge.web.support.Browser;
import edge.web.support.ConsoleFramework;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on the bundle as it ships, over its real port. */
class AttackTest {
    @TempDir
    private static Path folder;
    private static ConsoleFramework console;
    private static Browser anna;
    private static Browser nobody;

    @BeforeAll
    static void start() throws Exception {
        console = new ConsoleFramework(folder, ConsoleFramework.freePort(), Map.of("maxStreams", 3,
            "maxUploadMegabytes", 1, "maxConnectionsPerAddress", 60));
        console.accounts.person("anna", Role.ADMINISTRATOR).person("viktor", Role.VIEWER).person("oskar", Role.OPERATOR)
            .person("erik", Role.ENGINEER).machine("script", Role.VIEWER);
        console.untilReachable();
        anna = new Browser(console).signIn("anna");
        nobody = new Browser(console);
    }

    @AfterAll
    static void stop() throws Exception {
        console.close();
    }

    /** Method, path and role of every route, from the document that the product serves. */
    private static List<String[]> routes() throws Exception {
        List<String[]> routes = new ArrayList<>();
        for (Map.Entry<String, Json> path : anna.json("/api/v1/openapi.json").get("paths").asObject().members()
            .entrySet()) {
            for (Map.Entry<String, Json> method : path.getValue().asObject().members().entrySet()) {
                routes.add(new String[] {method.getKey().toUpperCase(java.util.Locale.ROOT),
                    "/api/v1" + path.getKey().replaceAll("\\{[^}]*}", "x"),
                    method.getValue().asObject().text("x-role", "public")});
            }
        }
        return routes;
    }

    @Test
    void every_route_without_a_cookie_answers_401_but_the_public_ones() throws Exception {
        List<String> open = new ArrayList<>();
        for (String[] route : routes()) {
            int status = nobody.change(route[0], route[1], "{}").statusCode();
            if (status != 401) {
                open.add(route[0] + " " + route[1]);
            }
        }
        assertThat(open).containsExactlyInAnyOrder("GET /api/v1/status", "POST /api/v1/set-up", "POST /api/v1/session");
    }

    @Test
    void every_route_is_refused_to_the_role_below_its_own() throws Exception {
        Map<String, Browser> below = Map.of("operator", new Browser(console).signIn("viktor"), "engineer",
            new Browser(console).signIn("oskar"), "administrator", new Browser(console).signIn("erik"));
        int tried = 0;
        for (String[] route : routes()) {
            if (below.containsKey(route[2])) {
                tried++;
                assertThat(below.get(route[2]).change(route[0], route[1], "{}").statusCode())
                    .as("%s %s for less than %s", route[0], route[1], route[2]).isEqualTo(403);
            }
        }
        assertThat(tried).isGreaterThan(12);
        assertThat(console.audit.recent(100)).anyMatch(entry -> entry.caller().equals("viktor")
            && entry.outcome().startsWith("refused: "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/nothing", "/api/v1/", "/api", "/api/v2/devices", "/api/v1/devices/a/b/c/d",
        "/api/v1/status/x"})
    void a_path_that_is_not_there_tells_nothing_to_strangers(String path) throws Exception {
        assertThat(nobody.get(path).statusCode()).isEqualTo(401);
        assertThat(anna.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites_and_is_new_each_time() throws Exception {
        Set<String> cookies = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> response = new Browser(console).withCookie("__Host-edge=planted")
                .post("/api/v1/session", "{\"name\": \"viktor\", \"password\": \"viktor's password\"}");
            String cookie = response.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(cookie).matches("__Host-edge=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict");
            cookies.add(cookie);
        }
        assertThat(cookies).hasSize(3);
    }

    @Test
    void after_signing_out_the_old_cookie_is_dead() throws Exception {
        Browser viktor = new Browser(console).signIn("viktor");
        assertThat(viktor.get("/api/v1/session").statusCode()).isEqualTo(200);
        assertThat(viktor.change("DELETE", "/api/v1/session", "").statusCode()).isEqualTo(204);

        assertThat(viktor.get("/api/v1/session").statusCode()).isEqualTo(401);
    }

    @Test
    void a_wrong_name_and_a_wrong_password_get_the_same_answer() throws Exception {
        HttpResponse<String> wrongName = nobody.post("/api/v1/session", "{\"name\": \"nobody\", \"password\": \"x\"}");
        HttpResponse<String> wrongPassword = nobody.post("/api/v1/session", "{\"name\": \"anna\", \"password\": \"x\"}");
        HttpResponse<String> machine = nobody.post("/api/v1/session",
            "{\"name\": \"script\", \"password\": \"script-secret\"}");

        assertThat(wrongName.statusCode()).isEqualTo(401);
        assertThat(wrongPassword.body()).isEqualTo(wrongName.body()).isEqualTo(machine.body());
        assertThat(wrongName.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void a_forged_change_is_refused_also_as_an_upload_and_as_a_sign_in() throws Exception {
        String json = "{\"role\": \"viewer\"}";
        for (String path : List.of("/api/v1/accounts/x/secret", "/api/v1/session", "/api/v1/deployments")) {
            assertThat(anna.send("POST", path, BodyPublishers.ofString(json), "Content-Type", "application/json")
                .statusCode()).as("%s without the header", path).isEqualTo(403);
            assertThat(anna.post(path, json, "Origin", "https://evil.example").statusCode())
                .as("%s from elsewhere", path).isEqualTo(403);
        }
        assertThat(anna.send("POST", "/api/v1/uploads", BodyPublishers.ofString("PK"), "Content-Type",
            "application/octet-stream").statusCode()).isEqualTo(403);
        assertThat(anna.send("POST", "/api/v1/uploads", BodyPublishers.ofString("PK"), "Content-Type",
            "application/octet-stream", "X-Edge-Request", "1", "Origin", "null").statusCode()).isEqualTo(403);
    }

    @Test
    void a_form_of_another_site_cannot_be_a_change() throws Exception {
        for (String type : List.of("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x")) {
            assertThat(anna.post("/api/v1/deployments", "{}", "Content-Type", type).statusCode()).as(type).isEqualTo(415);
        }
    }

    @Test
    void every_answer_carries_the_security_headers_and_none_names_the_server() throws Exception {
        String script = nobody.get("/").body().replaceAll("(?s).*src=\"(/assets/main[^\"]*)\".*", "$1");
        for (HttpResponse<String> response : List.of(nobody.get("/"), nobody.get(script), nobody.get("/devices/x"),
            nobody.get("/assets/nothing.js"), nobody.get("/api/v1/status"), nobody.get("/api/v1/devices"),
            anna.get("/api/v1/devices"), anna.get("/api/v1/nothing"), anna.send("TRACE", "/", BodyPublishers.noBody()),
            nobody.get("/", "X-Long", "x".repeat(12_000)))) {
            String what = response.statusCode() + " " + response.uri();
            assertThat(header(response, "Content-Security-Policy")).as(what).contains("default-src 'self'")
                .contains("frame-ancestors 'none'").contains("object-src 'none'").doesNotContain("unsafe");
            assertThat(header(response, "X-Content-Type-Options")).as(what).isEqualTo("nosniff");
            assertThat(header(response, "Referrer-Policy")).as(what).isEqualTo("no-referrer");
            assertThat(header(response, "Strict-Transport-Security")).as(what).startsWith("max-age=");
            assertThat(response.headers().map()).as(what).doesNotContainKeys("server", "x-powered-by");
            assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).as(what).isEmpty();
            assertThat(response.body()).as(what).doesNotContainIgnoringCase("jetty").doesNotContain("\tat ");
        }
        assertThat(header(anna.get("/api/v1/devices"), "Cache-Control")).isEqualTo("no-store");
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/assets/../index.html", "/assets/..%2findex.html", "/assets/%2e%2e/openapi.json",
        "/assets/....//openapi.json", "/assets/%00", "/assets/..%5cindex.html", "/assets//etc/passwd",
        "/assets/lib/../../openapi.json"})
    void no_path_leads_out_of_the_consoles_files(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        // The console's page is the answer to every path that is a place inside of it.
        assertThat(answer).matches("(?s)HTTP/1.1 (400|404) .*|HTTP/1.1 200 .*<edge-console>.*");
        assertThat(answer).doesNotContain("\"openapi\"").doesNotContain("root:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..%2F..%2Fetc%2Fpasswd", "..", "edge.broker%00", "edge.broker~..%2Fx", "%2Fetc%2Fpasswd",
        "edge..broker", "edge.broker.cfg.json%2F..", "a%0Ab"})
    void no_configuration_is_a_path(String pid) throws Exception {
        String answer = raw("PUT /api/v1/configurations/" + pid + " HTTP/1.1\r\nHost: x\r\nCookie: " + anna.cookie()
            + "\r\nX-Edge-Request: 1\r\nIf-None-Match: *\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            + "Connection: close\r\n\r\n{}");

        assertThat(answer).matches("(?s)HTTP/1.1 (400|404|405) .*");
        assertThat(console.desired.texts.keySet()).noneMatch(name -> name.contains("/") || name.contains(".."));
    }

    @Test
    void hostile_json_is_refused_and_costs_nothing() throws Exception {
        String path = "/api/v1/session";

        assertThat(nobody.post(path, "[".repeat(30_000)).statusCode()).isEqualTo(400);
        assertThat(nobody.post(path, "{\"a\":".repeat(10_000)).statusCode()).isEqualTo(400);
        assertThat(nobody.post(path, "{\"name\": 1e999, \"password\": \"\"}").statusCode()).isEqualTo(400);
        assertThat(nobody.post(path, "{\"name\": " + "9".repeat(50_000) + "}").statusCode()).isEqualTo(400);
        assertThat(nobody.post(path, "{\"name\": \"a\", \"name\": \"b\"}").statusCode()).isEqualTo(400);
        assertThat(nobody.post(path, "{\"name\": \"a\", \"password\": \"b\", \"role\": \"x\"}").statusCode())
            .isEqualTo(400);
        assertThat(nobody.post(path, "").statusCode()).isEqualTo(400);
        assertThat(nobody.post(path, "\"name\"").statusCode()).isEqualTo(400);
        assertThat(nobody.send("POST", path, BodyPublishers.ofByteArray(new byte[] {'"', (byte) 0xC3, '"'}),
            "Content-Type", "application/json", "X-Edge-Request", "1").statusCode()).isEqualTo(400);
        assertThat(nobody.post(path, "\"" + "x".repeat(70_000) + "\"").statusCode()).isEqualTo(413);
    }

    @Test
    void a_body_that_does_not_end_is_cut_off() throws Exception {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        assertThat(status(() -> nobody.send("POST", "/api/v1/session", BodyPublishers.ofInputStream(() -> endless),
            "Content-Type", "application/json", "X-Edge-Request", "1"))).isIn(413, 0);
        assertThat(status(() -> anna.send("POST", "/api/v1/uploads", BodyPublishers.ofInputStream(() -> endless),
            "Content-Type", "application/octet-stream", "X-Edge-Request", "1"))).isIn(413, 0);
        ConsoleFramework.until("the piece that came to be deleted", () -> folder.resolve("data/tmp/uploads").toFile().list().length == 0);
        assertThat(anna.get("/api/v1/devices").statusCode()).isEqualTo(200);
    }

    private interface Sending {
        HttpResponse<String> send() throws Exception;
    }

    /** The status, or 0 when the connection was closed while still sending. */
    private static int status(Sending sending) throws Exception {
        try {
            return sending.send().statusCode();
        } catch (java.io.IOException e) {
            return 0;
        }
    }

    @Test
    void an_upload_larger_than_allowed_is_refused_before_it_is_sent() throws Exception {
        String answer = raw("POST /api/v1/uploads HTTP/1.1\r\nHost: x\r\nCookie: " + anna.cookie()
            + "\r\nX-Edge-Request: 1\r\nContent-Type: application/octet-stream\r\nContent-Length: 50000000\r\n"
            + "Connection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 413 ");
    }

    @Test
    void heads_that_are_too_large_or_malformed_are_refused() throws Exception {
        // Each within one TLS record: the console may close before a second one is written, and then nobody hears its answer.
        assertThat(raw("GET /" + "x".repeat(12_000) + " HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 414 ");
        assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\n" + "X-A: b\r\n".repeat(1_500) + "\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(raw("GET / HTTP/1.1\r\n\r\n")).as("no host").startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
            .as("request smuggling").startsWith("HTTP/1.1 400 ");
        assertThat(raw("POST /api/v1/session HTTP/1.1\r\nHost: x\r\nX-Edge-Request: 1\r\nContent-Type: application/json\r\n"
            + "Transfer-Encoding: chunked\r\n\r\nno number\r\n{}\r\n")).as("a broken chunk").startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw("\u0016\u0003rubbish\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void only_tls_1_2_and_newer_with_forward_secrecy_are_spoken() throws Exception {
        SSLContext trusting = Browser.trusting(console.data());
        for (String[] offer : new String[][] {{"TLSv1.1", null}, {"TLSv1", null},
            {"TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"}, {"TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"}}) {
            try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", console.port())) {
                socket.setEnabledProtocols(new String[] {offer[0]});
                if (offer[1] != null) {
                    socket.setEnabledCipherSuites(new String[] {offer[1]});
                }
                assertThatThrownBy(socket::startHandshake).as("%s %s", offer[0], offer[1])
                    .isInstanceOf(SSLException.class);
            }
        }
        for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
            try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", console.port())) {
                socket.setEnabledProtocols(new String[] {protocol});
                socket.startHandshake();
                assertThat(socket.getSession().getCipherSuite()).contains("GCM");
            }
        }
    }

    @Test
    void a_plain_http_request_gets_no_page() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", console.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(untilTheEnd(socket.getInputStream())).doesNotContain("HTTP/1.1");
        }
    }

    @Test
    void clients_that_send_slowly_do_not_keep_others_waiting() throws Exception {
        List<SSLSocket> slow = new ArrayList<>();
        try {
            // More of them than the listener has threads; half of a head, and half of a body.
            for (int i = 0; i < 40; i++) {
                SSLSocket socket = connect();
                slow.add(socket);
                socket.getOutputStream().write((i % 2 == 0 ? "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
                    : "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nX-Edge-Request: 1\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 1000\r\n\r\n{\"name\": ").getBytes(StandardCharsets.US_ASCII));
            }
            long before = System.nanoTime();
            assertThat(anna.get("/api/v1/devices").statusCode()).isEqualTo(200);
            assertThat(new Browser(console).signIn("viktor").get("/api/v1/session").statusCode()).isEqualTo(200);
            // The slow ones are parted from after twenty seconds: nobody else waited for that.
            assertThat((System.nanoTime() - before) / 1_000_000).as("milliseconds").isLessThan(12_000);
        } finally {
            for (SSLSocket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void one_address_cannot_take_every_connection() throws Exception {
        // One of its own: the connections of the other tests would count too, and these would stand in their way.
        List<Socket> held = new ArrayList<>();
        try (ConsoleFramework own = new ConsoleFramework(folder.resolve("own"), ConsoleFramework.freePort(),
            Map.of("maxConnectionsPerAddress", 8)).untilReachable()) {
            for (int i = 0; i < 12; i++) {
                Socket socket = new Socket("127.0.0.1", own.port());
                socket.setSoTimeout(1);
                held.add(socket);
            }
            // A connection that found out whether the console answers may still be counted.
            ConsoleFramework.until("all but eight to be ended", () -> held.stream().filter(AttackTest::ended).count() >= 4);
            held.stream().filter(socket -> !ended(socket)).findFirst().orElseThrow().close();
            // The console hears of an end a little later; until then it refuses whoever comes next.
            ConsoleFramework.until("one more to be let in", () -> {
                try (SSLSocket socket = connect(own)) {
                    socket.startHandshake();
                    return true;
                } catch (java.io.IOException e) {
                    return false;
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private static boolean ended(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.io.IOException e) {
            return true;
        }
    }

    @Test
    void there_are_only_so_many_live_streams() throws Exception {
        List<InputStream> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                HttpResponse<InputStream> response = anna.open("/api/v1/stream");
                assertThat(response.statusCode()).isEqualTo(200);
                open.add(response.body());
            }
            HttpResponse<String> refused = anna.get("/api/v1/stream");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(JsonParser.parse(refused.body()).asObject().text("detail")).contains("3 live streams");
        } finally {
            for (InputStream stream : open) {
                stream.close();
            }
        }
        ConsoleFramework.until("the streams of closed clients to be forgotten", () -> {
            try (InputStream stream = anna.open("/api/v1/stream").body()) {
                return new String(stream.readNBytes(6), StandardCharsets.US_ASCII).equals("retry:");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static SSLSocket connect() throws Exception {
        return connect(console);
    }

    private static SSLSocket connect(ConsoleFramework to) throws Exception {
        SSLSocket socket = (SSLSocket) Browser.trusting(to.data()).getSocketFactory().createSocket("127.0.0.1", to.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Sends exactly these bytes over TLS and returns what comes back until the end. */
    private static String raw(String request) throws Exception {
        try (SSLSocket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return untilTheEnd(socket.getInputStream());
        }
    }

    private static String untilTheEnd(InputStream in) {
        java.io.ByteArrayOutputStream answer = new java.io.ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int n = in.read(buffer); n >= 0 && answer.size() <= 200_000; n = in.read(buffer)) {
                answer.write(buffer, 0, n);
            }
        } catch (java.io.IOException e) {
            // reset: what came before it counts
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }
}
