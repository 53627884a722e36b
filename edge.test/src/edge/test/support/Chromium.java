// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import edge.json.Json;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Headless Chromium with one page, driven over the DevTools protocol. */
public final class Chromium implements AutoCloseable {

    private final Program program;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<Json.Obj>> answers = new ConcurrentHashMap<>();

    public Chromium(Path folder, int width, int height) throws Exception {
        Path profile = Files.createDirectories(folder.resolve("chromium"));
        int port = Program.freePort();
        program = Program.start(folder.resolve("chromium.log"), Map.of(), List.of(Peers.need("chromium").toString(),
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
            "--ignore-certificate-errors", "--window-size=" + width + "," + height, "--remote-debugging-port=" + port,
            "--remote-allow-origins=*", "--user-data-dir=" + profile, "about:blank"));
        HttpClient http = HttpClient.newHttpClient();
        CompletableFuture<String> page = new CompletableFuture<>();
        Until.holds(Duration.ofSeconds(90), "Chromium to offer its page", program::output, () -> {
            String targets = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json")).build(),
                BodyHandlers.ofString()).body();
            for (Json target : JsonParser.parse(targets).asArray()) {
                if (target.asObject().text("type").equals("page")) {
                    page.complete(target.asObject().text("webSocketDebuggerUrl"));
                }
            }
            return page.isDone();
        });
        socket = http.newWebSocketBuilder().buildAsync(URI.create(page.join()), new Listener()).join();
    }

    public void open(String address) throws Exception {
        call("Page.navigate", "{\"url\": " + quoted(address) + "}");
    }

    /** The size of a screen, also one that is smaller than the smallest window. */
    public void screen(int width, int height) throws Exception {
        call("Emulation.setDeviceMetricsOverride",
            "{\"width\": " + width + ", \"height\": " + height + ", \"deviceScaleFactor\": 1, \"mobile\": " + (width < 500) + "}");
    }

    /** Light or dark, as the system would ask for it. */
    public void colours(String scheme) throws Exception {
        call("Emulation.setEmulatedMedia",
            "{\"features\": [{\"name\": \"prefers-color-scheme\", \"value\": " + quoted(scheme) + "}]}");
    }

    /** The value of an expression, as text; the expression sees {@code deep(selector)}, which looks into shadow roots. */
    public String evaluate(String expression) throws Exception {
        String script = """
            (() => {
              const all = (root, out) => { for (const e of root.querySelectorAll('*')) { out.push(e);
                if (e.shadowRoot) all(e.shadowRoot, out); } return out; };
              const deep = s => all(document, []).filter(e => e.matches(s));
              const text = e => e.shadowRoot ? text(e.shadowRoot) : [...e.childNodes].map(n =>
                n.nodeType === 3 ? n.data : n.nodeType === 1 && n.localName !== 'style' ? text(n) : '').join(' ');
              return String(%s);
            })()""".formatted(expression);
        Json.Obj result = call("Runtime.evaluate", "{\"expression\": " + quoted(script) + ", \"awaitPromise\": true}");
        if (result.has("exceptionDetails")) {
            throw new IOException("script failed: " + expression + ": "
                + result.get("result").asObject().text("description", "no description"));
        }
        return result.get("result").asObject().text("value");
    }

    /** Types into the element as a person does. */
    public void type(String selector, String text) throws Exception {
        evaluate("(deep(" + quoted(selector) + ")[0].focus(), 1)");
        call("Input.insertText", "{\"text\": " + quoted(text) + "}");
    }

    public void click(String selector) throws Exception {
        evaluate("(deep(" + quoted(selector) + ")[0].click(), 1)");
    }

    public void screenshot(Path png) throws Exception {
        Json.Obj result = call("Page.captureScreenshot", "{}");
        Files.write(png, Base64.getDecoder().decode(result.text("data")));
    }

    private Json.Obj call(String method, String parameters) throws Exception {
        int id = ids.incrementAndGet();
        CompletableFuture<Json.Obj> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText("{\"id\": " + id + ", \"method\": " + quoted(method) + ", \"params\": " + parameters + "}", true)
            .join();
        Json.Obj message = answer.get(90, TimeUnit.SECONDS);
        if (message.has("error")) {
            throw new IOException(method + ": " + message.get("error").asObject().text("message"));
        }
        return message.get("result").asObject();
    }

    private static String quoted(String text) {
        return new String(JsonWriter.bytes(out -> out.writeString(text)), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        socket.abort();
        program.kill();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    Json.Obj message = JsonParser.parse(text.toString()).asObject();
                    if (message.has("id")) {
                        answers.remove((int) message.integer("id", 0, Integer.MAX_VALUE)).complete(message);
                    }
                } catch (edge.json.JsonException e) {
                    answers.values().forEach(answer -> answer.completeExceptionally(e));
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
