// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.drivers.modbus.codec.Mbap;
import edge.drivers.modbus.codec.MalformedException;
import edge.drivers.modbus.codec.Response;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The socket of a connection and its buffers, which are kept from one socket to the next. */
final class Wire {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    private static final int BUFFER = 4 * Mbap.MAX_FRAME;

    /** Takes the frames of one {@link #receive}. */
    interface FrameHandler {
        /** @return false to get no further frame, because the wire was closed */
        boolean frame(ByteBuffer in, int start, int length) throws MalformedException;
    }

    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer view = in.duplicate();
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private SocketChannel channel;
    private SelectionKey key;

    /**
     * Begins to connect.
     *
     * @return whether it is connected already
     */
    boolean open(InetSocketAddress address, Selector selector, Object attachment) throws IOException {
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        boolean connected = channel.connect(address);
        key = channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, attachment);
        return connected;
    }

    boolean isOpen() {
        return channel != null;
    }

    void finishConnect() throws IOException {
        channel.finishConnect();
        key.interestOps(SelectionKey.OP_READ);
    }

    /** Where requests are appended; room for one is there if {@link #hasRoom}. */
    ByteBuffer out() {
        return out;
    }

    boolean hasRoom() {
        return out.remaining() >= Mbap.MAX_FRAME;
    }

    /** Sends what is in {@link #out}; the rest goes when the socket takes it. */
    void flush() throws IOException {
        out.flip();
        try {
            channel.write(out);
        } finally {
            out.compact();
        }
        int interest = out.position() == 0 ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** Reads what has arrived and hands out the whole frames in it. */
    void receive(FrameHandler handler) throws IOException, MalformedException {
        int read = channel.read(in);
        if (read < 0) {
            throw new EOFException("the device has closed the connection");
        }
        int end = in.position();
        int start = 0;
        while (end - start >= Mbap.PREFIX) {
            int length = Mbap.frameLength(in, start, Response.MIN_PDU);
            if (end - start < length) {
                break;
            }
            if (!handler.frame(view, start, length)) {
                return;
            }
            start += length;
        }
        if (start > 0) {
            in.limit(end).position(start);
            in.compact();
        }
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
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing {} failed: {}", channel, e.toString());
        }
        channel = null;
        key = null;
    }
}
