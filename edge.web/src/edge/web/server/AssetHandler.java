// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import edge.web.http.HttpProblem;
import edge.web.http.Reply;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers with the console's files, and with its page for every path that is a place inside of the console. */
final class AssetHandler {
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    /** The page is asked for each time, and answered with "not modified". */
    private static final String ASK = "no-cache";

    private final Assets assets;
    private final String policy;

    AssetHandler(Assets assets) {
        this.assets = assets;
        this.policy = SecurityHeaders.policy(assets.scriptHash());
    }

    String policy() {
        return policy;
    }

    void handle(Request request, Response response, Callback callback, String path) {
        boolean head = request.getMethod().equals("HEAD");
        if (!head && !request.getMethod().equals("GET")) {
            problem(response, callback, new HttpProblem(405, "method-not-allowed", "This takes GET only."));
            return;
        }
        if (!path.startsWith(Assets.PREFIX)) {
            send(request, response, callback, assets.page(), ASK, head);
            return;
        }
        Optional<Assets.Asset> asset = assets.file(path.substring(Assets.PREFIX.length()));
        if (asset.isEmpty()) {
            problem(response, callback, HttpProblem.notFound("The console has no such file."));
            return;
        }
        String query = request.getHttpURI().getQuery();
        boolean versioned = query != null && query.startsWith("v=") && asset.get().etag().startsWith(query.substring(2), 1);
        send(request, response, callback, asset.get(), versioned ? FOR_EVER : ASK, head);
    }

    private static void send(Request request, Response response, Callback callback, Assets.Asset asset, String caching,
        boolean head) {
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("ETag", asset.etag());
        headers.put("Cache-Control", caching);
        headers.put("Vary", "Accept-Encoding");
        String seen = request.getHeaders().get("If-None-Match");
        if (seen != null && seen.contains(asset.etag())) {
            response.setStatus(304);
            response.write(true, ByteBuffer.allocate(0), callback);
            return;
        }
        headers.put("Content-Type", asset.contentType());
        boolean gzip = Compression.isTaken(request);
        byte[] bytes = gzip ? asset.gzip() : asset.bytes();
        if (gzip) {
            headers.put("Content-Encoding", "gzip");
        }
        headers.put("Content-Length", bytes.length);
        response.write(true, head ? ByteBuffer.allocate(0) : ByteBuffer.wrap(bytes), callback);
    }

    private static void problem(Response response, Callback callback, HttpProblem problem) {
        Reply reply = Reply.problem(problem);
        response.setStatus(reply.status());
        response.getHeaders().put("Content-Type", reply.contentType());
        response.write(true, ByteBuffer.wrap(reply.body()), callback);
    }
}
