// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.broker.Settings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection so that its client can read what it was told last. A socket that is closed while bytes of the client are unread
 * resets the connection, and the client may lose the reason with it. So only our side is closed first, once all has left, and what
 * the client still sends is thrown away: until the client closes too, or for so long or so much. Meanwhile it counts as a
 * connection. Whoever closes, and for whatever reason, it goes this way: it is the first handler of its pipeline. Loop only.
 */
final class Farewell extends ChannelOutboundHandlerAdapter {

    /** The event that tells the other handlers that the connection ends: nothing is taken from the client any more. */
    static final Object BEGUN = new Object();
    private static final long MOST_MILLIS = 5_000;
    /** The rest of the largest packet, and what is under way on a fast network. */
    private static final int MOST_BYTES = 2 << 20;

    private final long patienceMillis;
    private boolean begun;

    Farewell(long patienceMillis) {
        this.patienceMillis = patienceMillis;
    }

    /** How long a client may take to go: no longer than to come. */
    static long patienceMillis(Settings settings) {
        return Math.min(MOST_MILLIS, settings.connectTimeout().toMillis());
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        Channel channel = ctx.channel();
        channel.closeFuture().addListener(closed -> promise.trySuccess());
        if (begun) {
            return;
        }
        begun = true;
        if (!channel.isActive()) {
            ctx.close();
            return;
        }
        Future<?> deadline = ctx.executor().schedule(() -> ctx.close(), patienceMillis, TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(closed -> deadline.cancel(false));
        ctx.pipeline().addFirst("discard", new Discard());
        ctx.fireUserEventTriggered(BEGUN);
        channel.config().setAutoRead(true);
        // Behind everything that waits to leave.
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(left -> {
            if (left.isSuccess()) {
                ((SocketChannel) channel).shutdownOutput();
            } else {
                ctx.close();
            }
        });
    }

    private static final class Discard extends ChannelInboundHandlerAdapter {
        private int bytes;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object read) {
            bytes += ((ByteBuf) read).readableBytes();
            ReferenceCountUtil.release(read);
            if (bytes > MOST_BYTES) {
                ctx.close();
            }
        }
    }
}
