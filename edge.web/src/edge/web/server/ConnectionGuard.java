// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;

/**
 * Keeps a few clients from taking every connection: limits how many there are, in total and from one address, and ends
 * those that let the head of a request trickle in. Jetty tells it of connections on any thread.
 */
final class ConnectionGuard implements Connection.Listener {
    private static final long MOST_FOR_HEAD_NANOS = 20_000_000_000L;

    /** What was seen of an HTTP connection when it last began to wait for a request. */
    private static final class Wait {
        private long requests;
        private long bytes;
        private long sinceNanos;

        private Wait(long nowNanos) {
            this.sinceNanos = nowNanos;
        }
    }

    private final int most;
    private final int mostPerAddress;
    private final Map<Connection, String> sockets = new ConcurrentHashMap<>();
    private final Map<Connection, Wait> waits = new ConcurrentHashMap<>();

    ConnectionGuard(int most, int mostPerAddress) {
        this.most = most;
        this.mostPerAddress = mostPerAddress;
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection)) {
            waits.put(connection, new Wait(System.nanoTime()));
            return;
        }
        if (!isLetIn(connection)) {
            connection.getEndPoint().close();
        }
    }

    /** One at a time: two that come together must not both take the last place. */
    private synchronized boolean isLetIn(Connection connection) {
        String address = address(connection);
        long same = sockets.values().stream().filter(address::equals).count();
        if (sockets.size() >= most || same >= mostPerAddress) {
            return false;
        }
        sockets.put(connection, address);
        return true;
    }

    @Override
    public void onClosed(Connection connection) {
        sockets.remove(connection);
        waits.remove(connection);
    }

    /** Ends the connections on which a request has begun and does not get on. To be called every few seconds. */
    void sweep() {
        long now = System.nanoTime();
        waits.forEach((connection, wait) -> {
            long requests = connection.getMessagesIn();
            boolean answering = requests > connection.getMessagesOut();
            if (answering || requests != wait.requests) {
                wait.requests = requests;
                wait.bytes = connection.getBytesIn();
                wait.sinceNanos = now;
            } else if (now - wait.sinceNanos > MOST_FOR_HEAD_NANOS
                && (requests == 0 || connection.getBytesIn() > wait.bytes)) {
                connection.getEndPoint().close(new TimeoutException("the head of a request did not arrive in time"));
            }
        });
    }

    private static String address(Connection connection) {
        return connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress remote
            && remote.getAddress() != null ? source(remote.getAddress()) : "unknown";
    }

    /** Of an IPv6 address the first 64 bits: whoever has one address of such a network has all of them. */
    static String source(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4 ? address.getHostAddress() : HexFormat.of().formatHex(bytes, 0, 8);
    }
}
