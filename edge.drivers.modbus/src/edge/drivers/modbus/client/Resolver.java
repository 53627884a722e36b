// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Turns host names into addresses beside the selector thread, because a name server that does not answer blocks for many
 * seconds. Threads, {@code edge-modbus-resolver}, exist only while there is something to look up.
 */
final class Resolver {
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final int THREADS = 2;
    private static final int MAX_WAITING = 4096;

    private final ThreadPoolExecutor executor;

    Resolver() {
        executor = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING),
            task -> {
                Thread thread = new Thread(task, "edge-modbus-resolver");
                thread.setDaemon(true);
                return thread;
            });
        executor.allowCoreThreadTimeOut(true);
    }

    /**
     * Looks a host up.
     *
     * @param aside whether the caller must not be kept waiting even if there is nothing to ask
     * @param found gets the address, unresolved if there is none; on the calling thread if nothing has to be asked, else on
     *     a thread of the resolver
     */
    void resolve(String host, int port, boolean aside, Consumer<InetSocketAddress> found) {
        if (!aside && (host.indexOf(':') >= 0 || IPV4.matcher(host).matches())) {
            found.accept(lookUp(host, port));
            return;
        }
        try {
            executor.execute(() -> found.accept(lookUp(host, port)));
        } catch (RejectedExecutionException e) {
            found.accept(InetSocketAddress.createUnresolved(host, port));
        }
    }

    private static InetSocketAddress lookUp(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            return InetSocketAddress.createUnresolved(host, port);
        }
    }

    void close() {
        executor.shutdownNow();
    }
}
