// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import edge.web.http.HttpProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads a request's body as it arrives, without holding a thread while waiting: a client that sends one byte a minute
 * costs a connection and nothing else. Bounded in size and in time.
 */
final class BodyReader {
    private static final long MEBIBYTE = 1024 * 1024;

    /** Takes the pieces of a body. */
    interface Target {
        void take(ByteBuffer piece) throws IOException;
    }

    private final Request request;
    private final Target target;
    private final long limit;
    private final long deadlineNanos;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long length;

    private BodyReader(Request request, Target target, long limit, Duration most) {
        this.request = request;
        this.target = target;
        this.limit = limit;
        this.deadlineNanos = System.nanoTime() + most.toNanos();
    }

    /**
     * Reads all of it.
     *
     * @return completes when the whole body is with the target; fails with {@link HttpProblem} if it is too long or too
     *     slow, or with what the connection or the target failed with
     */
    static CompletionStage<Void> read(Request request, Target target, long limit, Duration most) {
        BodyReader reader = new BodyReader(request, target, limit, most);
        if (request.getLength() > limit) {
            reader.done.completeExceptionally(tooLarge(limit));
        } else {
            reader.readSome();
        }
        return reader.done;
    }

    private void readSome() {
        try {
            while (true) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this::readSome);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    done.completeExceptionally(chunk.getFailure());
                    return;
                }
                boolean last = chunk.isLast();
                try {
                    length += chunk.remaining();
                    if (length > limit) {
                        throw tooLarge(limit);
                    }
                    target.take(chunk.getByteBuffer());
                } finally {
                    chunk.release();
                }
                if (last) {
                    done.complete(null);
                    return;
                }
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new HttpProblem(408, "too-slow", "The request's body took too long to arrive.");
                }
            }
        } catch (HttpProblem | IOException | RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private static HttpProblem tooLarge(long limit) {
        String most = limit < MEBIBYTE ? limit + " bytes" : limit / MEBIBYTE + " MiB";
        return new HttpProblem(413, "too-large", "That is larger than " + most + ", the most that is taken here.");
    }
}
