// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import edge.api.access.AccessDeniedException;
import edge.json.JsonException;
import edge.web.http.Call;
import edge.web.http.Call.Identity;
import edge.web.http.Gate;
import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import edge.web.http.Route;
import edge.web.http.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes every request: the API below {@code /api/v1}, the console's files, and the console's page for all other paths. */
final class ConsoleHandler extends Handler.Abstract {
    static final String API = "/api/v1";

    private static final Logger LOG = LoggerFactory.getLogger(ConsoleHandler.class);
    private static final Duration MOST_FOR_JSON = Duration.ofSeconds(15);
    private static final Duration MOST_FOR_FILE = Duration.ofMinutes(30);

    private final Router router;
    private final Gate gate;
    private final AssetHandler assets;
    private final long mostUpload;
    private final Path uploads;
    private final Refusals refusals;

    /** Hears of calls that a known caller was not allowed to make. */
    @FunctionalInterface
    interface Refusals {
        void refused(Identity identity, String method, String path, String why);
    }

    ConsoleHandler(Router router, Gate gate, AssetHandler assets, long mostUpload, Path uploads, Refusals refusals) {
        this.router = router;
        this.gate = gate;
        this.assets = assets;
        this.mostUpload = mostUpload;
        this.uploads = uploads;
        this.refusals = refusals;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        SecurityHeaders.put(response.getHeaders(), assets.policy());
        String path = request.getHttpURI().getCanonicalPath();
        if (path == null) {
            path = "/";
        }
        if (path.equals("/api") || path.startsWith("/api/")) {
            response.getHeaders().put("Cache-Control", "no-store");
            response.getHeaders().put("Vary", "Accept-Encoding");
            api(request, response, callback, path);
        } else {
            assets.handle(request, response, callback, path);
        }
        return true;
    }

    private void api(Request request, Response response, Callback callback, String path) {
        try {
            Call.Request call = request(request, path);
            Optional<Identity> identity = gate.identify(call);
            String below = path.startsWith(API) ? path.substring(API.length()) : "/";
            Optional<Router.Match> match = router.find(call.method(), below);
            if (match.isEmpty()) {
                throw unknown(call, identity, below);
            }
            Route route = match.get().route();
            try {
                gate.admit(call, identity, route.access());
            } catch (HttpProblem e) {
                identity.ifPresent(known -> refusals.refused(known, call.method(), path, e.getMessage()));
                throw e;
            }
            readAndHandle(request, response, callback, call, match.get(), identity);
        } catch (HttpProblem e) {
            refuse(request, response, callback, Reply.problem(e));
        } catch (IOException | RuntimeException e) {
            refuse(request, response, callback, failed(e, path));
        }
    }

    /**
     * Answers before the body was read. A small one is read first, so that the connection can go on; a large one is not,
     * and the connection ends.
     */
    private static void refuse(Request request, Response response, Callback callback, Reply reply) {
        long length = request.getLength();
        if (length > 0 && length <= Route.Body.JSON.limit()) {
            BodyReader.read(request, piece -> { }, length, MOST_FOR_JSON)
                .whenComplete((nothing, failure) -> send(response, callback, reply));
        } else {
            if (length != 0 && request.getHeaders().contains("Transfer-Encoding") || length > 0) {
                response.getHeaders().put("Connection", "close");
            }
            send(response, callback, reply);
        }
    }

    /** Whoever is not signed in does not learn which paths exist. */
    private HttpProblem unknown(Call.Request call, Optional<Identity> identity, String below) {
        if (identity.isEmpty()) {
            return new HttpProblem(401, "not-signed-in", "Sign in first, or send a machine account's secret.");
        }
        List<String> methods = router.methods(below);
        return methods.isEmpty() ? HttpProblem.notFound("The API has no " + call.path() + ".")
            : new HttpProblem(405, "method-not-allowed", call.path() + " takes " + String.join(", ", methods) + ".");
    }

    private void readAndHandle(Request request, Response response, Callback callback, Call.Request call,
        Router.Match match, Optional<Identity> identity) throws HttpProblem, IOException {
        Route route = match.route();
        if (route.body() == Route.Body.FILE) {
            expect(call, "application/octet-stream", "application/java-archive");
            Path file = Files.createTempFile(uploads, "upload-", ".part");
            OutputStream out = Files.newOutputStream(file);
            BodyReader.read(request, piece -> copy(piece, out), mostUpload, MOST_FOR_FILE)
                .whenComplete((nothing, failure) -> {
                    failure = closed(out, failure);
                    finish(response, callback, call, failure, () -> route.handler().handle(new Call(call,
                        match.parameters(), identity, new byte[0], Optional.of(file))), () -> delete(file));
                });
            return;
        }
        if (route.body() != Route.Body.NONE) {
            expect(call, "application/json");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BodyReader.read(request, piece -> copy(piece, bytes), route.body().limit(), MOST_FOR_JSON)
            .whenComplete((nothing, failure) -> finish(response, callback, call, failure,
                () -> route.handler().handle(new Call(call, match.parameters(), identity, bytes.toByteArray(),
                    Optional.empty())), () -> { }));
    }

    private interface Work {
        CompletionStage<Reply> run() throws Exception;
    }

    private void finish(Response response, Callback callback, Call.Request call, Throwable failure, Work work,
        Runnable after) {
        if (failure != null) {
            after.run();
            response.getHeaders().put("Connection", "close");
            send(response, callback, failed(failure, call.path()));
            return;
        }
        CompletionStage<Reply> stage;
        try {
            stage = work.run();
        } catch (Exception e) {
            after.run();
            send(response, callback, failed(e, call.path()));
            return;
        }
        stage.whenComplete((reply, problem) -> {
            after.run();
            send(response, callback, problem == null ? reply : failed(problem, call.path()));
        });
    }

    private static Reply failed(Throwable failure, String path) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause()
            : failure;
        if (cause instanceof HttpProblem problem) {
            return Reply.problem(problem);
        } else if (cause instanceof JsonException e) {
            return Reply.problem(HttpProblem.of(e));
        } else if (cause instanceof AccessDeniedException e) {
            return Reply.problem(new HttpProblem(403, "not-allowed", e.getMessage() + "."));
        } else if (cause instanceof HttpException broken && broken.getCode() < 500) {
            return Reply.problem(new HttpProblem(broken.getCode(), "bad-request",
                "The request breaks the rules of HTTP: " + broken.getReason() + "."));
        } else if (cause instanceof IOException || cause instanceof java.util.concurrent.TimeoutException) {
            LOG.debug("{}: {}", path, cause.toString());
            return Reply.problem(new HttpProblem(500, "io", "Reading or writing failed: " + cause.getMessage()));
        }
        String incident = UUID.randomUUID().toString().substring(0, 8);
        LOG.error("Request {} failed, incident {}", path, incident, cause);
        return Reply.problem(new HttpProblem(500, "internal",
            "That should not have happened. The log has the details under incident " + incident + "."));
    }

    private static void send(Response response, Callback callback, Reply reply) {
        response.setStatus(reply.status());
        if (!reply.contentType().isEmpty()) {
            response.getHeaders().put("Content-Type", reply.contentType());
        }
        for (Reply.Header header : reply.headers()) {
            response.getHeaders().put(new HttpField(header.name(), header.value()));
        }
        if (reply.status() == 401) {
            response.getHeaders().put("WWW-Authenticate", "Bearer");
        }
        if (reply.feed().isPresent()) {
            ResponseSink.start(response, callback, reply.feed().get());
        } else {
            byte[] body = reply.body();
            if (Compression.isWorthWhile(response.getRequest(), body)) {
                response.getHeaders().put("Content-Encoding", "gzip");
                body = Compression.whole(body);
            }
            response.write(true, ByteBuffer.wrap(body), callback);
        }
    }

    private static Call.Request request(Request request, String path) throws HttpProblem {
        Map<String, String> query = new HashMap<>();
        try {
            for (Fields.Field field : Request.extractQueryParameters(request)) {
                query.putIfAbsent(field.getName(), field.getValue());
            }
        } catch (RuntimeException e) {
            throw HttpProblem.badRequest("The query of the address is malformed.");
        }
        return new Call.Request(request.getMethod(), path, query,
            name -> Optional.ofNullable(request.getHeaders().get(name)), origin(request));
    }

    /**
     * The remote address. A loopback connection counts as one only if the browser also meant this machine: a name that
     * somebody else made to lead here does not.
     */
    private static String origin(Request request) {
        String address = String.valueOf(Request.getRemoteAddr(request)).replaceAll("[\\[\\]]", "");
        String host = Request.getServerName(request);
        boolean meantHere = host != null && (host.equalsIgnoreCase("localhost") || host.equals("127.0.0.1")
            || host.equals("[::1]") || host.equals("::1") || host.equals("[0:0:0:0:0:0:0:1]"));
        boolean loopback = request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
            && remote.getAddress() != null && remote.getAddress().isLoopbackAddress();
        return loopback && !meantHere ? "loopback as " + host : address;
    }

    private static void expect(Call.Request call, String... types) throws HttpProblem {
        String type = call.header().apply("Content-Type").orElse("").replaceFirst(";.*", "").strip();
        for (String known : types) {
            if (known.equalsIgnoreCase(type)) {
                return;
            }
        }
        throw new HttpProblem(415, "unsupported-media-type", "Send the body as " + types[0] + ".");
    }

    private static void copy(ByteBuffer piece, OutputStream out) throws IOException {
        byte[] bytes = new byte[piece.remaining()];
        piece.get(bytes);
        out.write(bytes);
    }

    private static Throwable closed(OutputStream out, Throwable failure) {
        try {
            out.close();
            return failure;
        } catch (IOException e) {
            return failure == null ? e : failure;
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("Cannot delete the upload {}: {}", file, e.toString());
        }
    }
}
