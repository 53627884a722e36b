// SPDX-License-Identifier: Apache-2.0
package io.moquette.broker;

import edge.broker.bus.SerialLoop;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.AttributeKey;

/** Hands packets to Moquette, and keeps from it the events that it would handle on the wrong thread or for nothing. */
@Sharable
final class EdgeHandler extends NewNettyMQTTHandler {

    /** Where Moquette's handler keeps the connection of a channel. */
    static final AttributeKey<Object> CONNECTION = AttributeKey.valueOf("connection");

    private final SerialLoop loop;

    EdgeHandler(MQTTConnectionFactory factory, SerialLoop loop) {
        super(factory);
        this.loop = loop;
    }

    private static MQTTConnection connection(ChannelHandlerContext ctx) {
        return (MQTTConnection) ctx.channel().attr(CONNECTION).get();
    }

    /** Moquette would drain the session's queue here, at each read; acknowledgements and writability drain it already. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Nothing to do.
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (connection(ctx).isConnected()) {
            connection(ctx).writabilityChanged();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof InflightResender.ResendNotAckedPublishes) {
            MQTTConnection connection = connection(ctx);
            loop.command(() -> {
                // Moquette would do this on the network loop, where the session's maps are not safe.
                if (connection.isConnected()) {
                    connection.resendNotAckedPublishes();
                }
            });
        }
    }
}
