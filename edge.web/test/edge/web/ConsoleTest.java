// SPDX-License-Identifier: Apache-2.0
package edge.web;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Role;
import edge.api.device.Access;
import edge.api.health.HealthReport;
import edge.api.health.LogBook;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.json.Json;
import edge.json.JsonParser;
import edge.web.support.Browser;
import edge.web.support.ConsoleFramework;
import edge.web.support.FakeAccounts;
import edge.web.support.StreamReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Life of the console: the first run, the port, the files, the live stream, the end. */
class ConsoleTest {
    @TempDir
    private Path folder;
    private ConsoleFramework console;

    @BeforeEach
    void start() throws Exception {
        console = new ConsoleFramework(folder);
    }

    @AfterEach
    void stop() throws Exception {
        console.close();
    }

    private Browser signedIn() throws Exception {
        console.accounts.person("anna", Role.ADMINISTRATOR);
        console.untilReachable();
        return new Browser(console).signIn("anna");
    }

    @Test
    void before_the_first_administrator_exists_only_setting_up_is_possible() throws Exception {
        console.untilReachable();
        Browser browser = new Browser(console);

        assertThat(browser.json("/api/v1/status").bool("needsSetUp", false)).isTrue();
        for (String guess : List.of("admin", "password", "")) {
            assertThat(browser.post("/api/v1/session", "{\"name\": \"admin\", \"password\": \"" + guess + "\"}")
                .statusCode()).isEqualTo(401);
        }
        assertThat(browser.get("/api/v1/devices").statusCode()).isEqualTo(401);
        HttpResponse<String> weak = browser.post("/api/v1/set-up", "{\"name\": \"anna\", \"password\": \"admin\"}");
        assertThat(weak.statusCode()).isEqualTo(422);

        HttpResponse<String> done = browser.post("/api/v1/set-up", "{\"name\": \"anna\", \"password\": \"anna's password\"}");
        assertThat(done.statusCode()).as(done.body()).isEqualTo(200);
        browser.keepCookie(done);
        assertThat(browser.json("/api/v1/session").text("role")).isEqualTo("administrator");
        assertThat(browser.post("/api/v1/set-up", "{\"name\": \"eve\", \"password\": \"another password\"}").statusCode())
            .isEqualTo(409);
    }

    @Test
    void a_page_that_was_led_to_loopback_under_another_name_needs_the_one_time_code() throws Exception {
        console.untilReachable();
        Browser browser = new Browser(console);
        String body = "{\"name\": \"eve\", \"password\": \"eve's password\", \"code\": \"%s\"}";
        String host = "rebound.example:" + console.port();

        assertThat(browser.post("/api/v1/set-up", body.formatted(""), "Host", host, "Origin", "https://" + host)
            .statusCode()).isEqualTo(422);
        assertThat(console.accounts.origins()).containsExactly("loopback as rebound.example");
        assertThat(browser.post("/api/v1/set-up", body.formatted(FakeAccounts.CODE), "Host", host, "Origin",
            "https://" + host).statusCode()).isEqualTo(200);
    }

    @Test
    void the_live_stream_tells_the_picture_first_and_then_what_changes() throws Exception {
        console.field.device("boiler-1", "", "modbus-tcp://10.0.0.5:502 unit 1")
            .tag("boiler-1", "temperature", DataType.FLOAT64, "°C", Access.READ, Value.real(71.5))
            .tag("boiler-1", "pressure", DataType.FLOAT64, "bar", Access.READ, Value.real(2.4));
        try (StreamReader stream = new StreamReader(signedIn().open("/api/v1/stream?device=boiler-1"))) {
            for (String topic : List.of("gateway", "flow", "health", "uplinks", "bundles", "events", "devices", "device")) {
                stream.next(topic);
            }
            console.field.set("boiler-1", "temperature", Value.real(72.25));
            Json.Obj change = stream.next("tags");

            assertThat(change.text("device")).isEqualTo("boiler-1");
            assertThat(change.get("items").asArray()).as("only what changed").hasSize(1);
            assertThat(change.get("items").asArray().get(0).asObject().get("value").asNumber()).isEqualTo(72.25);
            console.field.remove("boiler-1");
            assertThat(stream.next("devices").get("gone").asArray().get(0).asText()).isEqualTo("boiler-1");
        }
    }

    @Test
    void a_stream_that_is_opened_again_goes_on_with_the_log_where_it_was() throws Exception {
        Browser anna = signedIn();
        console.gateway.line(LogBook.Level.INFO, "test", "one", "");
        String id;
        try (StreamReader stream = new StreamReader(anna.open("/api/v1/stream?log=info"))) {
            assertThat(stream.next("log").get("items").asArray()).hasSize(1);
            id = stream.lastId();
        }
        console.gateway.line(LogBook.Level.DEBUG, "test", "not asked for", "");
        console.gateway.line(LogBook.Level.WARN, "test", "two", "");
        try (StreamReader stream = new StreamReader(anna.open("/api/v1/stream?log=info", "Last-Event-ID", id))) {
            List<Json> lines = stream.next("log").get("items").asArray();
            assertThat(lines).hasSize(1);
            assertThat(lines.get(0).asObject().text("text")).isEqualTo("two");
        }
    }

    @Test
    void to_a_browser_that_takes_it_everything_is_told_compressed_and_at_once() throws Exception {
        for (int i = 0; i < 40; i++) {
            console.field.device("boiler-" + i, "Hall " + i, "modbus-tcp://10.0.0.5:502 unit " + i);
        }
        Browser anna = signedIn();
        HttpResponse<byte[]> list = anna.bytes("/api/v1/devices", "Accept-Encoding", "gzip, br");
        assertThat(list.headers().firstValue("Content-Encoding")).contains("gzip");
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(list.body())).readAllBytes();
        assertThat(plain).isEqualTo(anna.bytes("/api/v1/devices").body()).hasSizeGreaterThan(4 * list.body().length);
        assertThat(anna.bytes("/api/v1/status", "Accept-Encoding", "gzip").headers().firstValue("Content-Encoding"))
            .as("too small to be worth while").isEmpty();

        HttpResponse<InputStream> open = anna.open("/api/v1/stream?device=boiler-1", "Accept-Encoding", "gzip");
        assertThat(open.headers().firstValue("Content-Encoding")).contains("gzip");
        try (StreamReader stream = new StreamReader(new GZIPInputStream(open.body()))) {
            stream.next("device");
            console.field.tag("boiler-1", "temperature", DataType.FLOAT64, "°C", Access.READ, Value.real(71.5));
            assertThat(stream.next("device").get("items").asArray()).hasSize(1);
            anna.change("DELETE", "/api/v1/session", "");
            stream.next("ended");
            assertThat(stream.isAtEnd()).as("the end of the compressed answer too").isTrue();
        }
    }

    @Test
    void the_end_of_a_session_ends_its_stream() throws Exception {
        Browser anna = signedIn();
        try (StreamReader stream = new StreamReader(anna.open("/api/v1/stream"))) {
            stream.next("gateway");
            anna.change("DELETE", "/api/v1/session", "");
            stream.next("ended");
            assertThat(stream.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_port_in_use_is_told_and_taken_as_soon_as_it_is_free() throws Exception {
        console.untilReachable();
        try (ServerSocket taken = new ServerSocket(ConsoleFramework.freePort(), 1, InetAddress.getByName("127.0.0.1"))) {
            console.configure(taken.getLocalPort(), Map.of());
            ConsoleFramework.until("the console to say that the port is in use", () -> {
                HealthReport report = health();
                return report.status() == HealthReport.Status.CRITICAL
                    && report.reason().contains("127.0.0.1:" + taken.getLocalPort())
                    && report.reason().contains("edge.web.cfg.json");
            });
            ConsoleFramework.until("the event of it", () -> console.gateway.recent(10).stream()
                .anyMatch(event -> event.text().contains("cannot listen")));
        }
        console.untilReachable();
        assertThat(new Browser(console).get("/api/v1/status").statusCode()).isEqualTo(200);
    }

    private HealthReport health() {
        try {
            return console.health();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void the_certificate_stays_the_same_over_a_restart() throws Exception {
        console.untilReachable();
        Browser browser = new Browser(console);
        console.web().stop();
        console.web().start();
        console.untilReachable();

        assertThat(browser.get("/api/v1/status").statusCode()).isEqualTo(200);
    }

    @Test
    void stopped_it_leaves_no_thread_and_no_port_behind() throws Exception {
        Browser anna = signedIn();
        try (StreamReader stream = new StreamReader(anna.open("/api/v1/stream"))) {
            stream.next("gateway");
            console.web().stop();
        }
        ConsoleFramework.until("its threads to end", () -> Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName).noneMatch(name -> name.startsWith("edge-web")));
        new ServerSocket(console.port(), 1, InetAddress.getByName("127.0.0.1")).close();
    }
}
