// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.LinkState;
import edge.drivers.modbus.codec.Request;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The use of a connection by one device. Safe on every thread. */
public final class Link implements AutoCloseable {
    private static final long CLOSE_MILLIS = 2_000;

    private final EventLoop loop;
    private final LinkSettings settings;
    private final Consumer<LinkState> listener;
    private final Consumer<Link> detach;
    private Connection connection; // only on the loop's thread

    Link(EventLoop loop, LinkSettings settings, Consumer<LinkState> listener, Consumer<Link> detach) {
        this.loop = loop;
        this.settings = settings;
        this.listener = listener;
        this.detach = detach;
    }

    /**
     * Sends a request as soon as those before it on the connection allow.
     *
     * @param timeout how long to wait for the answer, from the sending on
     * @param handler called exactly once: on the client's thread, or on the calling thread, with PAUSED, if the link is
     *     closed already
     */
    public void submit(Request request, Duration timeout, ResponseHandler handler) {
        Call call = new Call(this, request, handler, timeout.toNanos());
        if (loop.inLoop()) {
            accept(call);
        } else if (!loop.execute(call)) {
            Connection.fail(call, Failure.PAUSED);
        }
    }

    /**
     * Runs a task on the client's thread; requests that it submits go out together. It must not block.
     *
     * @return false if the client is closed or overwhelmed; the task is not run then
     */
    public boolean execute(Runnable task) {
        return loop.execute(task);
    }

    /** Ends the use: what is outstanding fails with PAUSED. Returns when that is done, or after two seconds. */
    @Override
    public void close() {
        if (loop.inLoop()) {
            detach();
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        boolean accepted = loop.execute(() -> {
            detach();
            done.countDown();
        });
        try {
            if (accepted) {
                done.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // What follows is for the loop's thread.

    LinkSettings settings() {
        return settings;
    }

    void attach(Connection to) {
        connection = to;
        to.add(this);
    }

    private void detach() {
        if (connection != null) {
            detach.accept(this);
        }
    }

    /** Leaves its connection, which closes with the last link. */
    boolean leave() {
        Connection left = connection;
        connection = null;
        return left.remove(this);
    }

    void accept(Call call) {
        if (connection == null) {
            Connection.fail(call, Failure.PAUSED);
        } else {
            connection.offer(call);
        }
    }

    void publish(LinkState state) {
        listener.accept(state);
    }
}
