// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.server;

import edge.drivers.modbus.codec.ExceptionResponse;
import edge.drivers.modbus.codec.FunctionCode;
import edge.drivers.modbus.codec.MalformedException;
import edge.drivers.modbus.codec.Mbap;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Response;
import edge.drivers.modbus.codec.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client of a server. Lives on the server's thread. */
final class ServerConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);
    private static final int BUFFER = 4 * Mbap.MAX_FRAME;

    private final SocketChannel channel;
    private final Memory memory;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private final int[] values = new int[2000];

    ServerConnection(SocketChannel channel, Memory memory) {
        this.channel = channel;
        this.memory = memory;
    }

    void handle(SelectionKey key) {
        try {
            if (key.isReadable() && channel.read(in) < 0) {
                channel.close();
                return;
            }
            do {
                answerWhatIsThere();
                out.flip();
                channel.write(out);
                out.compact();
                // A client that does not read its answers is not read from either.
            } while (out.position() == 0 && hasWholeFrame());
            key.interestOps(out.position() == 0 ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
        } catch (MalformedException e) {
            LOG.debug("Closing {}: {}", channel, e.getMessage());
            close();
        } catch (IOException e) {
            LOG.debug("Lost {}: {}", channel, e.toString());
            close();
        }
    }

    private void close() {
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
