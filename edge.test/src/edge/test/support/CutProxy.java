// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** A TCP proxy on the loopback whose cable can be cut, mended and made slow. */
public final class CutProxy implements AutoCloseable {

    private final int target;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;
    /** Bytes a second towards the target; 0 for as fast as it goes. */
    private volatile int rate;

    public CutProxy(int target) throws IOException {
        this.target = target;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread("accept", this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Every connection breaks, and every new one as soon as it is made. */
    public void cut() {
        cut = true;
        sockets.forEach(CutProxy::closeQuietly);
    }

    /** Makes it a slow line: so many bytes a second go to the target. */
    public void slowDown(int bytesPerSecond) {
        rate = bytesPerSecond;
    }

    public void mend() {
        cut = false;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                sockets.add(near);
                if (cut) {
                    closeQuietly(near);
                    continue;
                }
                Socket far = new Socket();
                sockets.add(far);
                far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 2000);
                thread("to", () -> copy(near, far, true));
                thread("from", () -> copy(far, near, false));
            } catch (IOException e) {
                // The target is away or the proxy is closed: the client sees a broken connection.
                sockets.removeIf(Socket::isClosed);
            }
        }
    }

    private void copy(Socket from, Socket to, boolean towardsTarget) {
        byte[] buffer = new byte[towardsTarget && rate > 0 ? 2 * 1024 : 16 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int count;
            while ((count = in.read(buffer)) >= 0 && !cut) {
                out.write(buffer, 0, count);
                if (towardsTarget && rate > 0) {
                    LockSupport.parkNanos(1_000_000_000L * count / rate);
                }
            }
        } catch (IOException e) {
            // One side is gone: so is the other.
        } finally {
            closeQuietly(from);
            closeQuietly(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    @Override
    public void close() {
        closeQuietly(server);
        cut();
    }

    private static void thread(String name, Runnable body) {
        Thread thread = new Thread(body, "cut-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(java.io.Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // Closed is closed.
        }
    }
}
