// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.List;

/**
 * MQTT inside of WebSocket (MQTT 3.1.1 section 6): binary frames in whatever sizes, of which the bytes make one stream. Anything
 * else than a binary frame ends the connection (MQTT-6.0.0-1).
 */
final class WebSocketFrames extends MessageToMessageCodec<WebSocketFrame, ByteBuf> {

    static final String PATH = "/mqtt";
    private static final String SUBPROTOCOLS = "mqtt, mqttv3.1";
    private static final int MAX_REQUEST = 8 << 10;

    /** Adds what a connection needs before its packets can be decoded. */
    static void add(ChannelPipeline pipeline, int maxFrame, long handshakeMillis, long closeMillis) {
        pipeline.addLast("http", new HttpServerCodec());
        pipeline.addLast("request", new HttpObjectAggregator(MAX_REQUEST));
        pipeline.addLast("websocket", new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
            .websocketPath(PATH).subprotocols(SUBPROTOCOLS).allowExtensions(false).handshakeTimeoutMillis(handshakeMillis)
            .forceCloseTimeoutMillis(closeMillis)
            .decoderConfig(WebSocketDecoderConfig.newBuilder().maxFramePayloadLength(maxFrame).allowExtensions(false).build())
            .build()));
        pipeline.addLast("frames", new WebSocketFrames());
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> out) {
        out.add(new BinaryWebSocketFrame(bytes.retain()));
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, WebSocketFrame frame, List<Object> out) {
        if (frame instanceof BinaryWebSocketFrame || frame instanceof ContinuationWebSocketFrame) {
            out.add(frame.content().retain());
        } else {
            ctx.close();
        }
    }
}
