// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.server;

import edge.drivers.modbus.codec.ExceptionResponse;
import edge.drivers.modbus.codec.FunctionCode;
import edge.drivers.modbus.codec.MalformedException;
import edge.drivers.modbus.codec.Mbap;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Response;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.tls.TlsChannel;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client of a server. Lives on the server's thread. */
final class ServerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
    static final long MAX_HANDSHAKE = TimeUnit.SECONDS.toNanos(10);
    private static final int BUFFER = 4 * Mbap.MAX_FRAME;

    private final SocketChannel channel;
    /** Null without TLS. */
    private final TlsChannel tls;
    private final Memory memory;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private final int[] values = new int[2000];

    private final InetAddress peer;
    private final Refusals refusals;
    /** When the last whole request came, or the connection was made, by {@link System#nanoTime}. */
    private long lastRequest = System.nanoTime();

    /** @param engine what encrypts it; empty for nothing */
    ServerConnection(SocketChannel channel, InetAddress peer, Optional<SSLEngine> engine, Memory memory, Refusals refusals)
        throws IOException {
        this.channel = channel;
        this.peer = peer;
        this.tls = engine.isPresent() ? new TlsChannel(channel, engine.get()) : null;
        this.memory = memory;
        this.refusals = refusals;
    }

    InetAddress peer() {
        return peer;
    }

    /** Whether it may be closed for somebody else: nobody who has shown a certificate is, for somebody who has not. */
    boolean givesWay() {
        return tls == null || isSecuring();
    }

    long lastRequest() {
        return lastRequest;
    }

    /** Whether no whole request came for so long, in ns, or who it is has not been shown soon after connecting. */
    boolean isIdle(long now, long most) {
        return now - lastRequest > (isSecuring() ? Math.min(most, MAX_HANDSHAKE) : most);
    }

    private boolean isSecuring() {
        return tls != null && !tls.isReady();
    }

    void handle(SelectionKey key) {
        try {
            if (isSecuring()) {
                tls.handshake();
            }
            if (!isSecuring()) {
                serve(key.isReadable());
            }
            key.interestOps(!hasUnsent() ? SelectionKey.OP_READ
                : isSecuring() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_WRITE);
        } catch (EOFException e) {
            close();
        } catch (SSLException e) {
            refusals.add("A Modbus client at " + peer.getHostAddress() + " is refused: " + e.getMessage());
            close();
        } catch (MalformedException e) {
            LOG.debug("Closing {}: {}", channel, e.getMessage());
            close();
        } catch (IOException e) {
            LOG.debug("Lost {}: {}", channel, e.toString());
            close();
        }
    }

    private void serve(boolean readable) throws IOException, MalformedException {
        int read;
        do {
            read = tls != null ? tls.read(in) : readable ? channel.read(in) : 0;
            if (read < 0) {
                throw new EOFException();
            }
            do {
                answerWhatIsThere();
                out.flip();
                if (tls == null) {
                    channel.write(out);
                } else {
                    tls.write(out);
                }
                out.compact();
                // A client that does not read its answers is not read from either.
            } while (!hasUnsent() && hasWholeFrame());
            // What TLS has decrypted already no selector tells about.
        } while (tls != null && read > 0 && !hasUnsent());
    }

    private boolean hasUnsent() {
        return out.position() > 0 || tls != null && tls.hasUnsent();
    }

    private void close() {
        if (tls != null) {
            tls.close();
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing {} failed: {}", channel, e.toString());
        }
    }

    private boolean hasWholeFrame() throws MalformedException {
        return in.position() >= Mbap.PREFIX && in.position() >= Mbap.frameLength(in, 0, 1);
    }

    private void answerWhatIsThere() throws MalformedException {
        int start = 0;
        int end = in.position();
        while (end - start >= Mbap.PREFIX && out.remaining() >= Mbap.MAX_FRAME) {
            int length = Mbap.frameLength(in, start, 1);
            if (end - start < length) {
                break;
            }
            answer(start, length);
            start += length;
        }
        if (start > 0) {
            lastRequest = System.nanoTime();
        }
        in.limit(end).position(start);
        in.compact();
    }

    private void answer(int start, int length) {
        int transaction = Mbap.transaction(in, start);
        try {
            Request request = Request.decode(in, start, length);
            write(request);
            if (request.function().isRead()) {
                memory.read(request.unit(), request.function().table(), request.address(), request.quantity(), values);
                Response.encodeRead(request, transaction, values, out);
            } else {
                Response.encodeWrite(request, transaction, out);
            }
        } catch (ExceptionResponse e) {
            Response.encodeException(transaction, Mbap.unit(in, start), in.get(start + Mbap.HEADER) & 0x7f, e.code(), out);
        }
    }

    private void write(Request request) throws ExceptionResponse {
        if (!request.function().isWrite()) {
            return;
        }
        Table table = request.function().table();
        if (request.function() == FunctionCode.MASK_WRITE_REGISTER) {
            memory.read(request.unit(), table, request.address(), 1, values);
            values[0] = request.masked(values[0]);
        } else {
            request.values(values);
        }
        memory.write(request.unit(), table, request.writeAddress(), request.writeQuantity(), values);
    }
}
