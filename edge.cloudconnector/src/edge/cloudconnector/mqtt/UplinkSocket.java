// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The socket that Paho works on: TCP, and TLS on top of it where wanted. Our own, because closing must always be possible at
 * once (closing an SSLSocket waits for a writer that is stuck in it; closing the TCP socket below frees that writer),
 * because name, connection and handshake share one time-out, because Paho reads byte by byte and sends each packet by itself,
 * and because Paho waits for ever for its own receiver to start when that has already failed: see {@link Input}.
 */
final class UplinkSocket extends Socket {

    private static final int BUFFER = 8 * 1024;
    /** As much as one record of TLS holds. */
    private static final int OUTPUT_BUFFER = 16 * 1024;
    private static final int ALERT_MILLIS = 500;

    private final MqttSettings settings;
    private final Optional<SSLContext> tls;
    private final Object lock = new Object();
    /** Guarded by lock. The connection that close() has to end. */
    private Socket tcp;
    /** Guarded by lock. */
    private boolean closed;
    /** What is read and written: the TCP socket itself, or TLS over it. Set before Paho asks for a stream. */
    private volatile Socket carrier;
    private final CountDownLatch writing = new CountDownLatch(1);
    /** Packets that Paho has been given and has not written yet. */
    private final AtomicInteger coming = new AtomicInteger();
    private final CompletableFuture<IOException> inputEnd = new CompletableFuture<>();

    UplinkSocket(MqttSettings settings, Optional<SSLContext> tls) {
        this.settings = settings;
        this.tls = tls;
    }

    /** Connects to the settings' host, whatever the address says: the first of its addresses that answers. */
    @Override
    public void connect(SocketAddress ignored, int ignoredTimeout) throws IOException {
        long deadline = System.nanoTime() + settings.connectTimeout().toNanos();
        IOException first = null;
        for (InetAddress address : InetAddress.getAllByName(settings.host())) {
            try {
                Socket connected = open(new InetSocketAddress(address, settings.port()), deadline);
                carrier = tls.isPresent() ? handshake(connected, tls.get(), deadline) : connected;
                return;
            } catch (java.net.ConnectException | SocketTimeoutException | java.net.NoRouteToHostException e) {
                first = first == null ? e : first;
            }
        }
        throw first == null ? new java.net.UnknownHostException(settings.host()) : first;
    }

    private Socket open(SocketAddress address, long deadline) throws IOException {
        Socket socket = new Socket();
        synchronized (lock) {
            if (closed) {
                throw new SocketException("closed while connecting");
            }
            tcp = socket;
        }
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(address, millisUntil(deadline));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private SSLSocket handshake(Socket socket, SSLContext context, long deadline) throws IOException {
        SSLSocket secure =
            (SSLSocket) context.getSocketFactory().createSocket(socket, settings.host(), settings.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.setSoTimeout(millisUntil(deadline));
        secure.startHandshake();
        return secure;
    }

    private static int millisUntil(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("connect timed out");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    /** Paho is about to be given so many packets: what it writes waits for the last of them, or until a buffer is full. */
    void expect(int packets) {
        coming.addAndGet(packets);
    }

    /** What Paho writes from now on waits for nothing. */
    void expectNothing() {
        coming.set(0);
    }

    /**
     * Paho wants to wake up each second to see whether it was closed. Closing ends a read by itself here, and a read that
     * times out in the midst of a TLS record is asking for trouble.
     */
    @Override
    public void setSoTimeout(int ignored) throws SocketException {
        carrier.setSoTimeout(0);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new Input(carrier.getInputStream());
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new Output(carrier.getOutputStream());
    }

    @Override
    public void close() throws IOException {
        Socket open;
        synchronized (lock) {
            closed = true;
            open = tcp;
        }
        super.close();
        if (open != null) {
            open.close();
        }
    }

    /**
     * Gives nothing, not even the end, before Paho has begun to write: it writes only when all its threads have started, and
     * one that has ended by then would keep it waiting. Asking for {@link #available()}, as Paho does before each packet,
     * costs no system call.
     */
    private final class Input extends BufferedInputStream {

        Input(InputStream in) {
            super(in, BUFFER);
        }

        @Override
        public synchronized int read() throws IOException {
            awaitWriting();
            try {
                return ended(super.read());
            } catch (IOException e) {
                inputEnd.complete(e);
                throw e;
            }
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) throws IOException {
            awaitWriting();
            try {
                return ended(super.read(bytes, offset, length));
            } catch (IOException e) {
                inputEnd.complete(e);
                throw e;
            }
        }

        private int ended(int result) {
            if (result < 0) {
                inputEnd.complete(new EOFException());
            }
            return result;
        }

        private void awaitWriting() throws InterruptedIOException {
            try {
                writing.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted before the first packet");
            }
        }

        @Override
        public synchronized int available() {
            return count - pos;
        }
    }

    /**
     * Tells the input when Paho begins to write. Paho flushes after each packet; while more are expected, that costs no system
     * call here, and none to the target, which gets many packets at once. When writing fails, what the input ended with is the
     * better reason: a peer that refuses our certificate sends an alert and closes (TLS 1.3, RFC 8446, 4.4.2.4), and we meet it
     * here first.
     */
    private final class Output extends FilterOutputStream {

        Output(OutputStream out) {
            super(new BufferedOutputStream(out, OUTPUT_BUFFER));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writing.countDown();
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw reason(e);
            }
        }

        @Override
        public void flush() throws IOException {
            // A packet that nobody announced, such as a PINGREQ, counts as one: then the last ones go out by themselves.
            if (coming.updateAndGet(count -> Math.max(0, count - 1)) > 0) {
                return;
            }
            try {
                out.flush();
            } catch (IOException e) {
                throw reason(e);
            }
        }

        private IOException reason(IOException failure) {
            try {
                IOException end = inputEnd.get(ALERT_MILLIS, TimeUnit.MILLISECONDS);
                return end instanceof SSLException ? end : failure;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                failure.addSuppressed(e);
            }
            return failure;
        }
    }
}
