// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.tls;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * TLS on a channel that does not block. Lives on the thread that serves the channel; what the engine wants to compute, which is
 * only in the handshake, is computed there too.
 */
public final class TlsChannel {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ByteChannel channel;
    private final SSLEngine engine;
    /** Encrypted, as it came; ready to be appended to. */
    private final ByteBuffer netIn;
    /** Encrypted, to be sent; ready to be appended to. */
    private final ByteBuffer netOut;
    /** Decrypted; the engine wants room for a whole record. Ready to be appended to. */
    private final ByteBuffer plain;

    /** Begins the handshake; go on with it whenever the channel is ready until {@link #isReady}. */
    public TlsChannel(ByteChannel channel, SSLEngine engine) throws SSLException {
        this.channel = channel;
        this.engine = engine;
        netIn = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        netOut = ByteBuffer.allocate(2 * engine.getSession().getPacketBufferSize());
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        engine.beginHandshake();
    }

    /** Whether application data can be sent. */
    public boolean isReady() {
        HandshakeStatus status = engine.getHandshakeStatus();
        return status == HandshakeStatus.NOT_HANDSHAKING || status == HandshakeStatus.FINISHED;
    }

    /** Whether bytes wait for the socket to take them. */
    public boolean hasUnsent() {
        return netOut.position() > 0;
    }

    /** Goes on with the handshake as far as it can without waiting. */
    public void handshake() throws IOException {
        fill();
        boolean moved = true;
        while (moved && !isReady()) {
            moved = switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    engine.getDelegatedTask().run();
                    yield true;
                }
                case NEED_WRAP -> wrap(NOTHING);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap();
                case FINISHED, NOT_HANDSHAKING -> false;
            };
            if (!moved && fill() > 0) {
                moved = true;
            }
        }
        flush();
    }

    /**
     * Reads into a buffer what has come.
     *
     * @return how many bytes
     * @throws EOFException if the other side has closed
     */
    public int read(ByteBuffer into) throws IOException {
        int before = into.position();
        boolean more;
        do {
            move(into);
            more = fill() > 0 | netIn.position() > 0 && unwrap();
            if (!isReady()) {
                handshake();
            }
            move(into);
        } while (more && into.hasRemaining());
        return into.position() - before;
    }

    private void move(ByteBuffer into) {
        plain.flip();
        int count = Math.min(plain.remaining(), into.remaining());
        into.put(into.position(), plain, plain.position(), count);
        into.position(into.position() + count);
        plain.position(plain.position() + count);
        plain.compact();
    }

    /** Sends what is in a flipped buffer; what the socket does not take at once waits inside. */
    public void write(ByteBuffer out) throws IOException {
        while (out.hasRemaining() && wrap(out)) {
            flush();
        }
        flush();
    }

    private void flush() throws IOException {
        netOut.flip();
        channel.write(netOut);
        netOut.compact();
    }

    /** Says goodbye, as far as that goes without waiting. */
    public void close() {
        engine.closeOutbound();
        try {
            wrap(NOTHING);
            flush();
        } catch (IOException e) {
            // The connection is gone already, and with it whoever could hear it.
            return;
        }
    }

    private int fill() throws IOException {
        int read = channel.read(netIn);
        if (read < 0) {
            throw new EOFException("the other side has closed the connection");
        }
        return read;
    }

    private boolean wrap(ByteBuffer from) throws SSLException {
        SSLEngineResult result = engine.wrap(from, netOut);
        return result.getStatus() == Status.OK && (result.bytesProduced() > 0 || result.bytesConsumed() > 0);
    }

    private boolean unwrap() throws IOException {
        netIn.flip();
        SSLEngineResult result = engine.unwrap(netIn, plain);
        netIn.compact();
        if (result.getStatus() == Status.CLOSED) {
            throw new EOFException("the other side has closed the connection");
        }
        return result.getStatus() == Status.OK;
    }
}
