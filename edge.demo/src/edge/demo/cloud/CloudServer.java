// SPDX-License-Identifier: Apache-2.0
package edge.demo.cloud;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** The listener of the stand-in cloud, its clients and its ledger: all on one thread. */
final class CloudServer {

    /** What can be said of it at one moment. */
    record Snapshot(boolean listening, int clients, Ledger.Totals totals) {
    }

    private static final int MAX_PACKET = 1 << 20;
    private static final int MAX_CONNECTIONS = 32;
    private static final int CONNECT_SECONDS = 10;
    private static final long CLOSE_SECONDS = 3;

    private final InetSocketAddress wanted;
    private final byte[] user;
    private final byte[] password;
    private final NioEventLoopGroup group;
    private final EventLoop loop;

    // The loop's thread only.
    private final Ledger ledger = new Ledger();
    private final Set<Channel> channels = new HashSet<>();
    private final Set<ClientHandler> clients = new CopyOnWriteArraySet<>();
    private Channel listener;
    private boolean open;
    private CompletableFuture<Void> opening = CompletableFuture.completedFuture(null);

    private volatile int port;

    CloudServer(int port, String user, String password) {
        wanted = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.user = user.getBytes(StandardCharsets.UTF_8);
        this.password = password.getBytes(StandardCharsets.UTF_8);
        group = new NioEventLoopGroup(1, task -> {
            Thread thread = new Thread(task, "edge-demo-cloud");
            thread.setDaemon(true);
            return thread;
        });
        loop = group.next();
    }

    /** The port it listens on, or 0 before it first did. */
    int port() {
        return port;
    }

    /** Runs a task on the server's thread; false if the server has ended. */
    boolean run(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs a task on the server's thread later, unless the server ends before. */
    void later(long seconds, Runnable task) {
        if (!loop.isShuttingDown()) {
            loop.schedule(task, seconds, TimeUnit.SECONDS);
        }
    }

    /** Starts to listen; completes on the server's thread, or fails with the reason. Only from the server's thread. */
    CompletionStage<Void> open() {
        if (open) {
            return opening;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        opening = done;
        open = true;
        ChannelFuture bound = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                    accept(channel);
                }
            })
            // The port stays the same over a cut, also if any free one was asked for.
            .bind(port == 0 ? wanted : new InetSocketAddress(wanted.getAddress(), port));
        bound.addListener(result -> {
            if (bound.isSuccess() && !open) {
                bound.channel().close();
                done.completeExceptionally(new IllegalStateException("it was cut meanwhile"));
            } else if (bound.isSuccess()) {
                listener = bound.channel();
                port = ((InetSocketAddress) listener.localAddress()).getPort();
                done.complete(null);
            } else {
                open = false;
                done.completeExceptionally(bound.cause());
            }
        });
        return done;
    }

    private void accept(SocketChannel channel) {
        if (!open || channels.size() >= MAX_CONNECTIONS) {
            channel.close();
            return;
        }
        channels.add(channel);
        channel.closeFuture().addListener(closed -> channels.remove(channel));
        channel.pipeline().addLast(ClientHandler.connectTimer(), new IdleStateHandler(CONNECT_SECONDS, 0, 0))
            .addLast(new MqttDecoder(MAX_PACKET)).addLast(MqttEncoder.INSTANCE).addLast(new ClientHandler(this));
    }

    /** Stops listening and drops all connections, as a cut does. Completes when that is so. Only from the server's thread. */
    CompletionStage<Void> cut() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        open = false;
        List.copyOf(channels).forEach(Channel::close);
        if (listener == null) {
            done.complete(null);
            return done;
        }
        Channel closing = listener;
        listener = null;
        closing.close().addListener(closed -> done.complete(null));
        return done;
    }

    /** Only from the server's thread. */
    Snapshot snapshot() {
        return new Snapshot(listener != null, clients.size(), ledger.totals());
    }

    boolean admits(String name, byte[] secret) {
        return name != null && secret != null && MessageDigest.isEqual(user, name.getBytes(StandardCharsets.UTF_8))
            & MessageDigest.isEqual(password, secret);
    }

    /** A client has signed in; another one of the same name has to go (MQTT 3.1.1, 3.1.4). */
    void came(ClientHandler client) {
        for (ClientHandler other : clients) {
            if (!client.clientId().isEmpty() && other.clientId().equals(client.clientId())) {
                other.close();
            }
        }
        clients.add(client);
    }

    void gone(ClientHandler client) {
        clients.remove(client);
    }

    void received(MqttPublishMessage message) {
        ledger.add(ByteBufUtil.getBytes(message.payload()));
        clients.forEach(client -> client.show(message.variableHeader().topicName(), message.payload()));
    }

    /** Ends it for ever; waits a bounded time. */
    void close() {
        run(this::cut);
        group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
        try {
            group.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
