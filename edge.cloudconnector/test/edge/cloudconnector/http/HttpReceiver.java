// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.http;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The JDK's own server as the cloud of {@link HttpUplink}. */
public final class HttpReceiver implements AutoCloseable {

    /** Takes a payload. */
    @FunctionalInterface
    public interface Sink {
        /** @return the HTTP status */
        int take(byte[] payload) throws IOException;
    }

    private final HttpServer server;

    public HttpReceiver(Sink sink) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/records", exchange -> {
            int status = sink.take(exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
