// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy on the loopback that can do to a connection what networks do: cut it, let it hang half open, slow it down.
 */
public final class CuttingProxy implements AutoCloseable {

    /** What happens to the bytes. */
    public enum Mode {
        PASS,
        /** Connections are reset, and new ones as soon as they are made. */
        CUT,
        /** Nothing is passed on or acknowledged by a peer, and nobody is told: the half-open connection. */
        STALL
    }

    private static final long LOOK_EVERY = Duration.ofMillis(5).toNanos();

    private final ServerSocket server;
    private volatile int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private volatile Mode mode = Mode.PASS;
    private volatile Duration delay = Duration.ZERO;
    // Guarded by this.
    private long towardsTarget;
    private long cutAfter;
    private long cutEvery;
    private int cutsLeft;

    public CuttingProxy(int target) throws IOException {
        this.target = target;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        thread("accept", this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Connections accepted so far. */
    public long accepted() {
        return accepted.get();
    }

    public void mode(Mode next) {
        mode = next;
        if (next == Mode.CUT) {
            sockets.forEach(CuttingProxy::reset);
            sockets.clear();
        }
    }

    /** Each read is passed on that much later. */
    public void delay(Duration each) {
        delay = each;
    }

    /** Cuts each time when that many more bytes have gone to the target, so often; passes on afterwards. */
    public synchronized void cutEvery(long bytes, int times) {
        cutEvery = bytes;
        cutsLeft = times;
        cutAfter = towardsTarget + bytes;
    }

    private synchronized boolean isToBeCut(int more) {
        towardsTarget += more;
        if (cutsLeft == 0 || towardsTarget < cutAfter) {
            return false;
        }
        cutsLeft--;
        cutAfter = towardsTarget + cutEvery;
        return true;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                accepted.incrementAndGet();
                if (mode == Mode.CUT) {
                    reset(near);
                    continue;
                }
                sockets.add(near);
                thread("connect", () -> connect(near));
            } catch (IOException e) {
                // The proxy was closed.
                return;
            }
        }
    }

    private void connect(Socket near) {
        Socket far = new Socket();
        sockets.add(far);
        try {
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 2000);
            thread("back", () -> pass(far, near, false));
            pass(near, far, true);
        } catch (IOException e) {
            reset(near);
            reset(far);
        }
    }

    private void pass(Socket from, Socket to, boolean forward) {
        byte[] buffer = new byte[16 * 1024];
        try {
            int count = from.getInputStream().read(buffer);
            while (count >= 0) {
                LockSupport.parkNanos(delay.toNanos());
                while (mode == Mode.STALL && !from.isClosed()) {
                    LockSupport.parkNanos(LOOK_EVERY);
                }
                to.getOutputStream().write(buffer, 0, count);
                if (forward && isToBeCut(count)) {
                    reset(from);
                    reset(to);
                }
                count = from.getInputStream().read(buffer);
            }
        } catch (IOException e) {
            // One side is gone: so is the other.
        } finally {
            reset(from);
            reset(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    /** Closes with a reset, as a router does that forgot the connection. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        try {
            socket.close();
        } catch (IOException e) {
            // Closed is closed.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        mode(Mode.CUT);
    }

    private static void thread(String name, Runnable body) {
        Thread thread = new Thread(body, "cutting-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
