// SPDX-License-Identifier: Apache-2.0
package io.moquette.broker;

import edge.broker.bus.SerialLoop;
import io.moquette.interception.BrokerInterceptor;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the commands of all sessions on our one loop. Moquette's own group has a thread for each processor, and a command that
 * throws ends the thread of all its sessions; here it costs the client that sent it its connection, and nobody else anything.
 */
final class EdgeSessionLoop extends SessionEventLoopGroup {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeSessionLoop.class);

    private final SerialLoop loop;
    private final Consumer<String> disconnect;

    /** @param disconnect closes the connection of a client id */
    EdgeSessionLoop(BrokerInterceptor interceptor, SerialLoop loop, Consumer<String> disconnect) {
        super(interceptor, 1);
        // The constructor above has started threads that nobody will use.
        super.terminate();
        this.loop = loop;
        this.disconnect = disconnect;
    }

    @Override
    public PostOffice.RouteResult routeCommand(String clientId, String name, Callable<Void> action) {
        if (clientId == null) {
            return PostOffice.RouteResult.failed(null, name + " without a session");
        }
        CompletableFuture<String> done = new CompletableFuture<>();
        Runnable command = () -> run(clientId, name, action, done);
        if (loop.isCurrentThread()) {
            command.run();
        } else if (!loop.command(command)) {
            if (!loop.hasEnded()) {
                LOG.warn("The session loop is full: {} of client {} is not carried out", name, clientId);
            }
            disconnect.accept(clientId);
            return PostOffice.RouteResult.failed(clientId);
        }
        return PostOffice.RouteResult.success(clientId, done);
    }

    private void run(String clientId, String name, Callable<Void> action, CompletableFuture<String> done) {
        try {
            action.call();
            done.complete(clientId);
        } catch (Exception | StackOverflowError e) {
            LOG.warn("{} of client {} failed; its connection is closed", name, clientId, e);
            done.completeExceptionally(e);
            disconnect.accept(clientId);
        }
    }

    @Override
    int targetQueueOrdinal(String clientId) {
        return 0;
    }

    @Override
    public int getEventLoopCount() {
        return 1;
    }

    /** The loop is the broker's and ends with it. */
    @Override
    public void terminate() {
        // Nothing of ours ends here: the post office calls this when its timers are stopped.
    }
}
