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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Modbus TCP server, with TLS or without, on one thread, {@code edge-modbus-server-PORT}. Requests of a connection are answered in their order;
 * a connection that sends what is not Modbus is closed. Beyond the allowed number of connections a new one is closed at
 * once.
 */
public final class ModbusServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ModbusServer.class);
    private static final long STOP_MILLIS = 2_000;
    /** After a failed accept (no file descriptors left) the thread pauses instead of spinning. */
    private static final long ACCEPT_PAUSE_MILLIS = 100;
    private static final Duration NEVER_IDLE = Duration.ofDays(10_000);
    private static final int IDLE_LOOKS = 4;
    private static final long MAX_LOOK_MILLIS = 60_000;

    private final Memory memory;
    private final int maxConnections;
    private final Predicate<InetAddress> admitted;
    private final long idleNanos;
    private final Supplier<Optional<SSLEngine>> security;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final int port;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile int connections; // written by the server's thread only
    private long looked = System.nanoTime(); // by the server's thread only

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
     * @param idle a connection on which nothing was heard for so long is closed; at least a second
     * @param security gives what encrypts a connection, for each; empty for none
     */
    public ModbusServer(InetSocketAddress address, Memory memory, int maxConnections, Predicate<InetAddress> admitted,
        Duration idle, Supplier<Optional<SSLEngine>> security) throws IOException {
        this.memory = memory;
        this.maxConnections = maxConnections;
        this.admitted = admitted;
        this.idleNanos = idle.toNanos();
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
            long lookMillis = Math.min(MAX_LOOK_MILLIS, TimeUnit.NANOSECONDS.toMillis(idleNanos) / IDLE_LOOKS);
            while (!stopped) {
                selector.select(this::handle, lookMillis);
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
        if (now - looked < idleNanos / IDLE_LOOKS) {
            return;
        }
        looked = now;
        for (SelectionKey key : selector.keys()) {
            if (key.isValid() && key.attachment() instanceof ServerConnection connection && connection.isIdle(now, idleNanos)) {
                LOG.debug("Closing {}: nothing was heard for a while", key.channel());
                closeQuietly(key);
                ended(key);
            }
        }
    }

    private void handle(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                ((ServerConnection) key.attachment()).handle(key);
                ended(key);
            }
        } catch (CancelledKeyException e) {
            LOG.debug("A connection to port {} was closed meanwhile", port);
        } catch (RuntimeException e) {
            LOG.error("Modbus server on port {}: the memory failed; the connection is closed: {}", port, e.toString(), e);
            closeQuietly(key);
            ended(key);
        }
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
                LOG.warn("Modbus server on port {}: {} is not on the list of peers and is refused", port, peer.getHostAddress());
                channel.close();
                return;
            }
            if (connections >= maxConnections) {
                LOG.debug("Modbus server on port {}: more than {} connections, a new one is refused", port, maxConnections);
                channel.close();
                return;
            }
            register(channel);
        } catch (IOException e) {
            LOG.warn("Modbus server on port {} cannot accept a connection: {}", port, e.toString());
            pause();
        }
    }

    private void register(SocketChannel channel) throws IOException {
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.register(selector, SelectionKey.OP_READ, new ServerConnection(channel, security.get(), memory));
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
