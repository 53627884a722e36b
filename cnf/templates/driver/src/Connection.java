// SPDX-License-Identifier: Apache-2.0
package @NAME@;

import edge.api.device.DeviceException;
import edge.api.device.LinkState;
import edge.api.device.Quality.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The TCP connection to a device: one question, one answer. Used by one thread; closed by any. */
final class Connection implements AutoCloseable {
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int LONGEST_ANSWER = 200;

    private final InetSocketAddress address;
    private final int timeout;
    private volatile LinkState state = new LinkState(LinkState.Phase.CONNECTING, Instant.now(), "");
    private volatile boolean closed;
    private volatile Socket socket;
    private long retryAt = System.nanoTime();

    /** @param timeout for connecting and for each answer, in milliseconds */
    Connection(InetSocketAddress address, int timeout) {
        this.address = address;
        this.timeout = timeout;
    }

    LinkState state() {
        return state;
    }

    /** Sends a line and waits for the line that answers it. */
    String ask(String question) throws DeviceException {
        if (closed) {
            throw new DeviceException(Reason.PAUSED, "the device is switched off");
        }
        connect();
        String answer;
        try {
            socket.getOutputStream().write((question + "\n").getBytes(StandardCharsets.US_ASCII));
            answer = readLine();
        } catch (SocketTimeoutException e) {
            throw lost(Reason.TIMEOUT, "no answer within " + timeout + " ms");
        } catch (IOException e) {
            throw lost(Reason.NOT_CONNECTED, "the connection broke: " + e.getMessage());
        }
        if (answer.startsWith("ERR")) {
            throw new DeviceException(Reason.REJECTED, target() + " answered '" + answer + "' to '" + question + "'");
        }
        return answer;
    }

    /** Connects, unless it is connected. */
    void connect() throws DeviceException {
        if (socket != null) {
            return;
        }
        if (System.nanoTime() - retryAt < 0) {
            throw new DeviceException(Reason.NOT_CONNECTED, state.detail());
        }
        Socket fresh = new Socket();
        socket = fresh;
        try {
            if (closed) {
                throw new IOException("the device is switched off");
            }
            // A name is looked up at each attempt: it may have moved.
            fresh.connect(new InetSocketAddress(address.getHostString(), address.getPort()), timeout);
            fresh.setTcpNoDelay(true);
            state = closed ? state : new LinkState(LinkState.Phase.CONNECTED, Instant.now(), "");
        } catch (IOException e) {
            throw lost(Reason.NOT_CONNECTED, "no connection to " + target() + ": " + e.getMessage());
        }
    }

    private String target() {
        return address.getHostString() + ":" + address.getPort();
    }

    /** The whole answer must be there in time and must not be endless, whatever the device does. */
    private String readLine() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeout);
        StringBuilder line = new StringBuilder();
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new SocketTimeoutException();
            }
            socket.setSoTimeout((int) left);
            int c = socket.getInputStream().read();
            if (c == '\n') {
                return line.toString().trim();
            }
            if (c < 0 || line.length() == LONGEST_ANSWER) {
                throw new IOException(c < 0 ? "the device closed it" : "the answer has no end");
            }
            line.append((char) c);
        }
    }

    /** After any doubt the connection is made anew: a late answer must not be taken for the next one. */
    private DeviceException lost(Reason reason, String why) {
        closeSocket();
        retryAt = System.nanoTime() + RETRY_NANOS;
        state = new LinkState(LinkState.Phase.DISCONNECTED, Instant.now(), why + "; the next attempt is in 1 s");
        return new DeviceException(closed ? Reason.PAUSED : reason, why);
    }

    private void closeSocket() {
        Socket old = socket;
        socket = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                state = new LinkState(LinkState.Phase.DISCONNECTED, Instant.now(), "closing failed: " + e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        state = new LinkState(LinkState.Phase.DISCONNECTED, Instant.now(), "the device is switched off");
        Socket open = socket;
        if (open != null) {
            try {
                // Wakes the thread that waits for an answer.
                open.close();
            } catch (IOException e) {
                state = new LinkState(LinkState.Phase.DISCONNECTED, Instant.now(), "closing failed: " + e.getMessage());
            }
        }
    }
}
