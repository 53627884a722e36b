// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.drivers.modbus.codec.Framing;
import edge.drivers.modbus.codec.MalformedException;
import edge.drivers.modbus.tls.TlsChannel;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket of a connection and its buffers, which are kept from one socket to the next. In a datagram there is one frame. */
final class Wire {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    private static final int BUFFER = 4 * Framing.MAX_FRAME;

    /** Takes the frames of one {@link #receive}. */
    interface FrameHandler {
        /** @return false to get no further frame, because the wire was closed */
        boolean frame(ByteBuffer in, int start, int length) throws MalformedException;
    }

    private final Framing framing;
    private final boolean datagrams;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer view = in.duplicate();
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private ByteChannel channel;
    private SelectionKey key;
    private SSLEngine engine;
    /** Null without TLS, and until the socket is connected. */
    private TlsChannel tls;

    Wire(Framing framing, boolean datagrams) {
        this.framing = framing;
        this.datagrams = datagrams;
    }

    /**
     * Begins to connect.
     *
     * @param secured what encrypts the connection; empty for none
     * @return whether it is connected already
     */
    boolean open(InetSocketAddress address, Optional<SSLEngine> secured, Selector selector, Object attachment)
        throws IOException {
        engine = secured.orElse(null);
        return datagrams ? openDatagrams(address, selector, attachment) : openStream(address, selector, attachment);
    }

    private boolean openStream(InetSocketAddress address, Selector selector, Object attachment) throws IOException {
        SocketChannel stream = SocketChannel.open();
        channel = stream;
        stream.configureBlocking(false);
        stream.setOption(StandardSocketOptions.TCP_NODELAY, true);
        stream.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        boolean connected = stream.connect(address);
        key = stream.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, attachment);
        return connected && secure();
    }

    /** From nobody but the device are datagrams taken. */
    private boolean openDatagrams(InetSocketAddress address, Selector selector, Object attachment) throws IOException {
        DatagramChannel socket = DatagramChannel.open();
        channel = socket;
        socket.configureBlocking(false);
        socket.connect(address);
        key = socket.register(selector, SelectionKey.OP_READ, attachment);
        return true;
    }

    /** Whether frames go in datagrams, so that there is no connection to be lost. */
    boolean isDatagrams() {
        return datagrams;
    }

    boolean isOpen() {
        return channel != null;
    }

    /**
     * Goes on with connecting.
     *
     * @return whether it is connected
     */
    boolean finishConnect() throws IOException {
        if (tls == null) {
            ((SocketChannel) key.channel()).finishConnect();
            key.interestOps(SelectionKey.OP_READ);
        }
        return secure();
    }

    private boolean secure() throws IOException {
        if (engine == null) {
            return true;
        }
        if (tls == null) {
            tls = new TlsChannel(channel, engine);
        }
        tls.handshake();
        want(tls.hasUnsent());
        return tls.isReady();
    }

    /** Whether what is left of connecting is TLS. */
    boolean isSecuring() {
        return tls != null;
    }

    /** Where requests are appended; room for one is there if {@link #hasRoom}. */
    ByteBuffer out() {
        return out;
    }

    boolean hasRoom() {
        return datagrams ? out.position() == 0 : out.remaining() >= Framing.MAX_FRAME;
    }

    /** Tells that a frame has been appended. */
    void frameEnds() throws IOException {
        if (datagrams) {
            flush();
        }
    }

    /** Sends what is in {@link #out}; the rest goes when the socket takes it. */
    void flush() throws IOException {
        out.flip();
        try {
            if (tls == null) {
                channel.write(out);
            } else {
                tls.write(out);
            }
        } finally {
            out.compact();
        }
        want(out.position() > 0 || tls != null && tls.hasUnsent());
    }

    /** Whether there is something to {@link #flush}. */
    boolean hasUnsent() {
        return out.position() > 0 || tls != null && tls.hasUnsent();
    }

    private void want(boolean writing) {
        int interest = writing ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** Reads what has arrived and hands out the whole frames in it. */
    void receive(FrameHandler handler) throws IOException, MalformedException {
        int read;
        do {
            read = tls == null ? channel.read(in) : tls.read(in);
            if (read < 0 && datagrams) {
                throw new MalformedException("an empty datagram");
            } else if (read < 0) {
                throw new EOFException("the device has closed the connection");
            }
            if (!handOut(handler)) {
                return;
            }
            if (datagrams && in.position() > 0) {
                throw new MalformedException(in.position() + " bytes in a datagram that are no whole frame");
            }
            // What TLS has decrypted already no selector tells about.
        } while (tls != null && read > 0);
    }

    private boolean handOut(FrameHandler handler) throws MalformedException {
        int end = in.position();
        int start = 0;
        for (int length = length(start, end); length >= 0; length = length(start, end)) {
            framing.check(in, start, length);
            if (!handler.frame(view, start, length)) {
                return false;
            }
            start += length;
        }
        if (start > 0) {
            in.limit(end).position(start);
            in.compact();
        }
        return true;
    }

    /** Of the whole frame that starts there, or -1 if it is not whole. */
    private int length(int start, int end) throws MalformedException {
        int length = framing.length(in, start, end - start);
        return length > end - start ? -1 : length;
    }

    /** Whether bytes have arrived that make no whole frame yet. */
    boolean hasFragment() {
        return in.position() > 0;
    }

    void close() {
        in.clear();
        out.clear();
        if (channel == null) {
            return;
        }
        if (tls != null) {
            tls.close();
            tls = null;
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing {} failed: {}", channel, e.toString());
        }
        channel = null;
        key = null;
    }
}
