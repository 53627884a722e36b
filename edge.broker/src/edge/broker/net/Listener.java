// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import edge.api.health.HealthReport.Status;
import edge.api.message.BrokerStatus;
import edge.broker.Alarms;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on one address. If the address cannot be had, it says why, tries again later and later, and leaves the rest of the
 * gateway alone.
 */
public final class Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** Largest CONNECT: somebody who has not signed in yet gets no more memory than that. */
    static final int MAX_CONNECT_BYTES = 16 << 10;

    private static final long READY_POLL_MILLIS = 50;
    /** Longer than any start takes. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);
    private static final long FIRST_RETRY_MILLIS = 1_000;
    private static final long LAST_RETRY_MILLIS = 30_000;
    /** One read, after which the others have their turn: a client that floods delays nobody for long. */
    private static final int READ_BYTES = 4 << 10;
    private static final WriteBufferWaterMark WRITE_BUFFER = new WriteBufferWaterMark(64 << 10, 512 << 10);
    /** One arena with small chunks: little memory while nothing happens. */
    private static final PooledByteBufAllocator ALLOCATOR = new PooledByteBufAllocator(true, 0, 1, 8_192, 5, 64, 32, false);

    private final EventLoopGroup network;
    private final Hub hub;
    private final ListenerSettings settings;
    private final Tls tls;
    private final Executor handshakes;
    private final Supplier<Optional<String>> waitsFor;
    private final long created = System.nanoTime();
    private volatile Channel channel;
    private volatile String problem = "It is being opened.";
    private volatile boolean closed;
    private long retryMillis = FIRST_RETRY_MILLIS;

    /**
     * @param handshakes does the arithmetic of TLS handshakes, which would hold everybody else up
     * @param waitsFor what must happen before clients may connect; empty if nothing
     */
    public Listener(EventLoopGroup network, Hub hub, ListenerSettings settings, Tls tls, Executor handshakes,
                    Supplier<Optional<String>> waitsFor) {
        this.network = network;
        this.hub = hub;
        this.settings = settings;
        this.tls = tls;
        this.handshakes = handshakes;
        this.waitsFor = waitsFor;
    }

    /** Returns at once; how it went is in {@link #status()} and in the health of the broker. */
    public void open() {
        if (settings.anonymous() && !settings.isLoopback()) {
            LOG.warn("Anonymous clients are not let in: {} is no loopback address", settings.host());
        }
        network.execute(this::openWhenReady);
    }

    private void openWhenReady() {
        Optional<String> reason = waitsFor.get();
        if (reason.isEmpty()) {
            bind();
        } else if (!closed) {
            problem = "It is not opened yet: " + reason.get() + ".";
            if (System.nanoTime() - created > PATIENCE_NANOS) {
                hub.alarms().raise(Alarms.Kind.NOT_LISTENING, Status.CRITICAL, "MQTT clients cannot connect: "
                    + reason.get() + ".", "Look into the log for what keeps it; nothing is acknowledged until then.");
            }
            network.schedule(this::openWhenReady, READY_POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void bind() {
        if (closed) {
            return;
        }
        if (NetUtil.isValidIpV4Address(settings.host()) || NetUtil.isValidIpV6Address(settings.host())) {
            listen(new InetSocketAddress(settings.host(), settings.port()));
            return;
        }
        // A name server that does not answer holds nobody up.
        Thread resolving = new Thread(() -> {
            InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
            try {
                network.execute(() -> listen(address));
            } catch (RejectedExecutionException e) {
                LOG.debug("The broker has ended", e);
            }
        }, "edge-broker-resolve");
        resolving.setDaemon(true);
        resolving.start();
    }

    private void listen(InetSocketAddress address) {
        if (closed) {
            return;
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
            .group(network)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1_024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOCATOR, ALLOCATOR)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
            .childOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1))
            .childHandler(new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel client) {
                    accept(client);
                }
            });
        ChannelFuture bound = bootstrap.bind(address);
        bound.addListener(done -> {
            if (!bound.isSuccess()) {
                failed(bound.cause());
            } else if (closed) {
                bound.channel().close();
            } else {
                channel = bound.channel();
                // Behind Netty's own, which lets a second pass before it tries to accept again.
                channel.pipeline().addLast("failures", new AcceptFailures());
                problem = "";
                retryMillis = FIRST_RETRY_MILLIS;
                LOG.info("MQTT clients can connect to {} ({})", address(), settings.protocol());
                hub.alarms().clear(Alarms.Kind.NOT_LISTENING, "MQTT clients can connect again on " + address() + ".");
            }
        });
    }

    private void accept(SocketChannel channelOfClient) {
        InetSocketAddress remote = channelOfClient.remoteAddress();
        Optional<SslContext> context = settings.protocol().hasTls() ? tls.context(settings.certificates()) : Optional.empty();
        String host = remote == null ? "" : remote.getAddress().getHostAddress();
        Optional<String> refusal = remote == null ? Optional.of("gone already")
            : hub.clients().count() >= hub.settings().maxConnections() ? Optional.of("too many connections")
            : hub.clients().count(host) >= hub.settings().maxPerAddress() ? Optional.of("too many connections of one address")
            : settings.protocol().hasTls() && context.isEmpty() ? Optional.of("no certificate") : Optional.empty();
        if (refusal.isPresent()) {
            hub.counters().refused(refusal.get());
            hub.counters().connectionsRefused.increment();
            channelOfClient.close();
            return;
        }
        Client client = new Client(hub, channelOfClient, settings, host + ":" + remote.getPort());
        hub.clients().add(client);
        PacketHandler handler = new PacketHandler(hub, client);
        client.handledBy(handler);
        // A task of its own: a connection may break in the middle of writing to it.
        channelOfClient.closeFuture().addListener(closed -> channelOfClient.eventLoop().execute(handler::gone));
        ChannelPipeline pipeline = channelOfClient.pipeline();
        long farewell = Farewell.patienceMillis(hub.settings());
        pipeline.addLast("farewell", new Farewell(farewell));
        context.ifPresent(c -> {
            SslHandler tlsHandler = c.newHandler(channelOfClient.alloc(), handshakes);
            tlsHandler.setHandshakeTimeoutMillis(hub.settings().connectTimeout().toMillis());
            tlsHandler.setCloseNotifyFlushTimeoutMillis(farewell);
            pipeline.addLast("tls", tlsHandler);
        });
        if (settings.protocol().isWebSocket()) {
            WebSocketFrames.add(pipeline, hub.settings().maxPacketBytes() + 16, hub.settings().connectTimeout().toMillis(),
                farewell);
        }
        pipeline.addLast("decoder", new PacketDecoder(MAX_CONNECT_BYTES));
        pipeline.addLast("packets", handler);
    }

    /** Connections that the system does not hand over, as when no more files may be opened: they wait until it does. */
    private final class AcceptFailures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            hub.counters().refused("not accepted");
            hub.log().say("Connections to {} wait, they cannot be accepted: {}", address(), cause.getMessage());
        }
    }

    private void failed(Throwable cause) {
        long wait = retryMillis + ThreadLocalRandom.current().nextLong(retryMillis / 4);
        retryMillis = Math.min(retryMillis * 2, LAST_RETRY_MILLIS);
        String reason = reason(cause);
        String remedy = remedy(cause);
        problem = reason + " " + remedy;
        hub.alarms().raise(Alarms.Kind.NOT_LISTENING, Status.CRITICAL, reason, remedy + " It is tried again and again.");
        if (!closed) {
            network.schedule(this::bind, wait, TimeUnit.MILLISECONDS);
        }
    }

    private String reason(Throwable cause) {
        String where = "MQTT clients cannot connect: " + settings.host() + " port " + settings.port();
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return where + " cannot be opened, because the host is not known.";
        }
        String text = String.valueOf(cause.getMessage());
        if (cause instanceof BindException && text.contains("in use")) {
            return where + " is already in use by another program.";
        }
        return where + " cannot be opened (" + text + ").";
    }

    private String remedy(Throwable cause) {
        boolean inUse = cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use");
        return inUse ? "Stop that program (ss -ltnp 'sport = :" + settings.port()
            + "' shows it), or set another port in etc/edge.broker.cfg.json."
            : "Set host and port in etc/edge.broker.cfg.json to an address of this machine and a port that it may use.";
    }

    /** The port that was got, or empty while it does not listen. */
    public OptionalInt port() {
        Channel open = channel;
        return open == null ? OptionalInt.empty()
            : OptionalInt.of(((InetSocketAddress) open.localAddress()).getPort());
    }

    public ListenerSettings settings() {
        return settings;
    }

    private String address() {
        return settings.host() + ":" + port().orElse(settings.port());
    }

    public BrokerStatus.Listener status() {
        boolean noCertificate = settings.protocol().hasTls() && tls.context(settings.certificates()).isEmpty();
        String text = !problem.isEmpty() || !noCertificate ? problem : tls.problem().isEmpty()
            ? "It asks clients for certificates, but tls.clientCa is not configured." : tls.problem();
        return new BrokerStatus.Listener(address(), channel != null && !noCertificate, text);
    }

    /** Stops listening. Clients stay as they are. */
    public void close() {
        closed = true;
        Channel open = channel;
        if (open != null) {
            open.close().awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
    }
}
