// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.http;

import edge.api.journal.StreamSelection;
import edge.api.uplink.Delivery;
import edge.api.uplink.OutboundMessage;
import edge.api.uplink.Uplink;
import edge.api.uplink.UplinkException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A second target, to show what one takes: each message is POSTed over one kept connection, in order; 2xx accepts it, 4xx
 * refuses it for ever, anything else breaks the connection. Lanes, order, retries, dead letters, rates and budgets are the
 * connector's.
 */
public final class HttpUplink implements Uplink {

    private final String name;
    private final int port;
    private final int timeOutMillis;
    // Of the uplink's own thread.
    private ExecutorService wire;
    private Socket socket;
    private Consumer<UplinkException> broken = why -> { };

    /** @param timeOut to connect, and for each answer */
    public HttpUplink(String name, int port, Duration timeOut) {
        this.name = name;
        this.port = port;
        this.timeOutMillis = (int) timeOut.toMillis();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String address() {
        return "http://127.0.0.1:" + port + "/records";
    }

    @Override
    public StreamSelection selection() {
        return StreamSelection.ALL;
    }

    @Override
    public String encoder() {
        return "json";
    }

    @Override
    public Window window() {
        return new Window(4, 50);
    }

    @Override
    public CompletionStage<Void> open(Consumer<UplinkException> told) {
        close();
        broken = told;
        wire = Executors.newSingleThreadExecutor(task -> new Thread(task, "edge-http-" + name));
        socket = new Socket();
        Socket opening = socket;
        return CompletableFuture.runAsync(() -> {
            try {
                opening.connect(new InetSocketAddress("127.0.0.1", port), timeOutMillis);
                opening.setSoTimeout(timeOutMillis);
                opening.setTcpNoDelay(true);
            } catch (IOException e) {
                throw new java.util.concurrent.CompletionException(failure(e));
            }
        }, wire);
    }

    @Override
    public CompletionStage<List<Delivery>> send(List<OutboundMessage> batch) {
        CompletableFuture<List<Delivery>> answers = new CompletableFuture<>();
        Socket open = socket;
        try {
            if (wire == null) {
                throw new RejectedExecutionException("closed");
            }
            wire.execute(() -> {
                try {
                    List<Delivery> all = new ArrayList<>();
                    for (OutboundMessage message : batch) {
                        all.add(post(open, message));
                    }
                    answers.complete(all);
                } catch (IOException e) {
                    answers.completeExceptionally(failure(e));
                    broken.accept(failure(e));
                }
            });
        } catch (RejectedExecutionException e) {
            answers.completeExceptionally(failure(new IOException("it is closed", e)));
        }
        return answers;
    }

    private Delivery post(Socket open, OutboundMessage message) throws IOException {
        OutputStream out = new BufferedOutputStream(open.getOutputStream());
        out.write(("POST /records HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
            + message.payload().length + (message.compression().isEmpty() ? "" : "\r\nContent-Encoding: " + message.compression())
            + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(message.payload());
        out.flush();
        String head = head(open.getInputStream());
        int status = Integer.parseInt(head.split(" ", 3)[1]);
        if (status >= 400 && status < 500) {
            return Delivery.rejected("HTTP status " + status);
        } else if (status < 200 || status >= 300) {
            throw new IOException("HTTP status " + status);
        }
        return Delivery.ACCEPTED;
    }

    /** The answer's head; the receiver sends no body. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed by the peer");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private UplinkException failure(IOException cause) {
        return new UplinkException(UplinkException.Kind.UNREACHABLE, address() + " does not work: " + cause.getMessage(),
            "See that the receiver is there", cause);
    }

    @Override
    public void close() {
        if (wire == null) {
            return;
        }
        try {
            socket.close();
            wire.shutdown();
            wire.awaitTermination(timeOutMillis, TimeUnit.MILLISECONDS);
        } catch (IOException e) {
            // Closed is closed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        wire = null;
    }
}
