// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Modbus TCP server, with TLS or without, on one thread, {@code edge-modbus-server-PORT}. Requests of a connection are answered in their order;
 * a connection that sends what is not Modbus is closed. Beyond the allowed number of connections a new one is closed at
 * once, unless another address holds more of them: then that one loses the connection that was silent for longest, so that
 * nobody can keep all others out. With TLS it loses one only that has not shown its certificate yet.
 */
public final class ModbusServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModbusServer.class);
    private static final long STOP_MILLIS = 2_000;
    /** After a failed accept (no file descriptors left) the thread pauses instead of spinning. */
    private static final long ACCEPT_PAUSE_MILLIS = 100;
    private static final Duration NEVER_IDLE = Duration.ofDays(10_000);
    private static final int IDLE_LOOKS = 4;
    private static final long MAX_LOOK = ServerConnection.MAX_HANDSHAKE / IDLE_LOOKS;

    private final Memory memory;
    private final int maxConnections;
    private final Predicate<InetAddress> admitted;
    private final long idleNanos;
    private final Supplier<Optional<SSLEngine>> security;
    private final Refusals refusals = new Refusals();
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final int port;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile int connections; // written by the server's thread only
    private long looked = System.nanoTime(); // by the server's thread only
    private final long lookNanos;

    /**
     * Starts to listen.
     *
     * @param address where; port 0 for any free one
     * @param maxConnections at least 1
     * @throws IOException if it cannot listen there
     */
    public ModbusServer(InetSocketAddress address, Memory memory, int maxConnections) throws IOException {
        this(address, memory, maxConnections, peer -> true, NEVER_IDLE, Optional::empty);
    }

    /**
     * Starts to listen to some peers only.
     *
     * @param admitted which addresses may connect; any other connection is closed at once
     * @param idle a connection on which no whole request came for so long is closed; at least a second
     * @param security gives what encrypts a connection, for each; empty for none
     */
    public ModbusServer(InetSocketAddress address, Memory memory, int maxConnections, Predicate<InetAddress> admitted,
        Duration idle, Supplier<Optional<SSLEngine>> security) throws IOException {
        this.memory = memory;
        this.maxConnections = maxConnections;
        this.admitted = admitted;
        this.idleNanos = idle.toNanos();
        this.lookNanos = Math.min(MAX_LOOK, idleNanos / IDLE_LOOKS);
        this.security = security;
        selector = Selector.open();
        try {
            listener = ServerSocketChannel.open();
        } catch (IOException e) {
            selector.close();
            throw e;
        }
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(address);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        } catch (IOException | RuntimeException e) {
            listener.close();
            selector.close();
            throw e;
        }
        thread = new Thread(this::run, "edge-modbus-server-" + port);
        thread.setDaemon(true);
        thread.start();
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** How many clients are connected now. */
    public int connections() {
        return connections;
    }

    /** Ends listener and connections; returns when the thread has ended, or after two seconds. */
    @Override
    public void close() {
        stopped = true;
        selector.wakeup();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopped) {
                selector.select(this::handle, idleNanos == NEVER_IDLE.toNanos() ? 0 : TimeUnit.NANOSECONDS.toMillis(lookNanos));
                closeIdle();
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.error("Modbus server on port {} stopped: {}", port, e.toString(), e);
        } finally {
            closeAll();
        }
    }

    private void closeIdle() {
        long now = System.nanoTime();
        if (now - looked < lookNanos) {
            return;
        }
        looked = now;
        for (SelectionKey key : selector.keys()) {
            if (key.isValid() && key.attachment() instanceof ServerConnection connection && connection.isIdle(now, idleNanos)) {
                LOG.debug("Closing {}: no request came for a while", key.channel());
                end(key);
            }
        }
    }

    private void handle(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                of(key).handle(key);
                ended(key);
            }
        } catch (CancelledKeyException e) {
            LOG.debug("A connection to port {} was closed meanwhile", port);
        } catch (RuntimeException e) {
            LOG.error("Modbus server on port {}: the memory failed; the connection is closed: {}", port, e.toString(), e);
            end(key);
        }
    }

    private void end(SelectionKey key) {
        closeQuietly(key);
        ended(key);
    }

    private void ended(SelectionKey key) {
        if (!key.isValid()) {
            connections--;
        }
    }

    private void accept() {
        try {
            SocketChannel channel = listener.accept();
            if (channel == null) {
                return;
            }
            InetAddress peer = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
            if (!admitted.test(peer)) {
                refusals.add("Modbus server on port " + port + ": " + peer.getHostAddress()
                    + " is not on the list of peers and is refused");
                channel.close();
            } else if (connections < maxConnections || makeRoom(peer)) {
                register(channel, peer);
            } else {
                refusals.add("Modbus server on port " + port + ": there are " + maxConnections + " connections, and one more from "
                    + peer.getHostAddress() + " is refused");
                channel.close();
            }
        } catch (IOException e) {
            LOG.warn("Modbus server on port {} cannot accept a connection: {}", port, e.toString());
            pause();
        }
    }

    /** Closes one connection of the address that has most of them, if it has more than the newcomer will have. */
    private boolean makeRoom(InetAddress newcomer) {
        List<SelectionKey> open = selector.keys().stream()
            .filter(key -> key.isValid() && key.attachment() instanceof ServerConnection).toList();
        Map<InetAddress, Long> counts = open.stream().collect(Collectors.groupingBy(key -> of(key).peer(), Collectors.counting()));
        long own = counts.getOrDefault(newcomer, 0L);
        Optional<SelectionKey> loser = open.stream()
            .filter(key -> of(key).givesWay() && counts.get(of(key).peer()) > own + 1)
            .min(Comparator.comparingLong((SelectionKey key) -> -counts.get(of(key).peer()))
                .thenComparingLong(key -> of(key).lastRequest() - looked));
        loser.ifPresent(this::end);
        return loser.isPresent();
    }

    private static ServerConnection of(SelectionKey key) {
        return (ServerConnection) key.attachment();
    }

    private void register(SocketChannel channel, InetAddress peer) throws IOException {
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.register(selector, SelectionKey.OP_READ, new ServerConnection(channel, peer, security.get(), memory, refusals));
            connections++;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(ACCEPT_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeAll() {
        for (SelectionKey key : selector.keys()) {
            closeQuietly(key);
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("Closing the selector of port {} failed: {}", port, e.toString());
        }
    }

    private static void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            LOG.debug("Closing {} failed: {}", key.channel(), e.toString());
        }
    }
}
