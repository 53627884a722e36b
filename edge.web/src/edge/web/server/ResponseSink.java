// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import edge.web.http.Feed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A feed's way to the client: one write under way at a time, and nothing queued behind it. Compressed if the client takes that. */
final class ResponseSink implements Feed.Sink {
    private static final byte[] NOTHING = {};

    private final Response response;
    private final Callback callback;
    private final Optional<Compression> compression;
    private final AtomicBoolean writing = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean closing;

    private ResponseSink(Response response, Callback callback) {
        this.response = response;
        this.callback = callback;
        this.compression = Compression.isTaken(response.getRequest()) ? Optional.of(new Compression()) : Optional.empty();
        if (compression.isPresent()) {
            response.getHeaders().put("Content-Encoding", "gzip");
        }
    }

    static void start(Response response, Callback callback, Feed feed) {
        ResponseSink sink = new ResponseSink(response, callback);
        response.getRequest().addFailureListener(sink::fail);
        feed.start(sink);
    }

    @Override
    public boolean isReady() {
        return isOpen() && !writing.get();
    }

    @Override
    public boolean isOpen() {
        return !closing && !ended.get();
    }

    @Override
    public void write(byte[] bytes) {
        if (isOpen() && writing.compareAndSet(false, true)) {
            byte[] sent = compression.map(gzip -> gzip.next(bytes)).orElse(bytes);
            response.write(false, ByteBuffer.wrap(sent), Callback.from(this::written, this::fail));
        }
    }

    private void written() {
        writing.set(false);
        if (closing) {
            complete();
        }
    }

    @Override
    public void close() {
        closing = true;
        if (!writing.get()) {
            complete();
        }
    }

    @Override
    public void abort(String why) {
        closing = true;
        fail(new IOException(why));
    }

    private void complete() {
        if (ended.compareAndSet(false, true)) {
            response.write(true, ByteBuffer.wrap(compression.map(Compression::end).orElse(NOTHING)), callback);
        }
    }

    private void fail(Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            compression.ifPresent(Compression::end);
            callback.failed(cause);
        }
    }
}
