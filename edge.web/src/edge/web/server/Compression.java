// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.server.Request;

/** Gzip for a client that takes it: of a whole answer, or of one that goes on, piece by piece. Any thread. */
final class Compression {
    /** What is smaller fits into one packet anyway. */
    private static final int LEAST = 1_200;
    private static final int BUFFER = 512;
    private static final byte[] NOTHING = {};

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final GZIPOutputStream gzip;
    private boolean isEnded;

    Compression() {
        try {
            gzip = new GZIPOutputStream(bytes, BUFFER, true);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    static boolean isTaken(Request request) {
        String accepted = request.getHeaders().get("Accept-Encoding");
        return accepted != null && accepted.contains("gzip");
    }

    /** Whether it is worth while: what is asked for, and large. An answer to a change may hold a secret beside what the client sent. */
    static boolean isWorthWhile(Request request, byte[] body) {
        return body.length >= LEAST && request.getMethod().equals("GET") && isTaken(request);
    }

    static byte[] whole(byte[] body) {
        Compression compression = new Compression();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(compression.next(body));
        all.writeBytes(compression.end());
        return all.toByteArray();
    }

    /** What has to be sent so that the client has all of it now; nothing after the end. */
    synchronized byte[] next(byte[] piece) {
        return isEnded ? NOTHING : written(() -> {
            gzip.write(piece);
            gzip.flush();
        });
    }

    /** What has to be sent at the end; gives back the memory outside of the heap. Twice does no harm. */
    synchronized byte[] end() {
        if (isEnded) {
            return NOTHING;
        }
        isEnded = true;
        return written(gzip::close);
    }

    private interface Writing {
        void run() throws IOException;
    }

    private byte[] written(Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        byte[] out = bytes.toByteArray();
        bytes.reset();
        return out;
    }
}
