// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The socket that Paho works on: TCP, and TLS on top of it where wanted. Our own, because closing must always be possible at
 * once (closing an SSLSocket waits for a writer that is stuck in it; closing the TCP socket below frees that writer),
 * because name, connection and handshake share one time-out, and because Paho reads byte by byte.
 */
final class UplinkSocket extends Socket {

    private static final int BUFFER = 8 * 1024;

    private final MqttSettings settings;
    private final Optional<SSLContext> tls;
    private final Object lock = new Object();
    /** Guarded by lock. The connection that close() has to end. */
    private Socket tcp;
    /** Guarded by lock. */
    private boolean closed;
    /** What is read and written: the TCP socket itself, or TLS over it. Set before Paho asks for a stream. */
    private volatile Socket carrier;
    private InputStream in;

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
                in = new UnhurriedBuffer(carrier.getInputStream());
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

    /**
     * Paho wants to wake up each second to see whether it was closed. Closing ends a read by itself here, and a read that
     * times out in the midst of a TLS record is asking for trouble.
     */
    @Override
    public void setSoTimeout(int ignored) throws SocketException {
        carrier.setSoTimeout(0);
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return carrier.getOutputStream();
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

    /** Paho asks for available() before each packet: that must not cost a system call. */
    private static final class UnhurriedBuffer extends BufferedInputStream {

        UnhurriedBuffer(InputStream in) {
            super(in, BUFFER);
        }

        @Override
        public synchronized int available() {
            return count - pos;
        }
    }
}
