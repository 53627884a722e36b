// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.api.device.LinkState;
import edge.drivers.modbus.codec.Request;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The use of a line by one device. Safe on every thread. */
public final class Link implements AutoCloseable {
    private static final long CLOSE_MILLIS = 2_000;

    private final Loop loop;
    private final LinkSettings settings;
    private final Consumer<LinkState> listener;
    private final Consumer<Link> detach;
    private volatile boolean closing;
    private final Traffic.Counter traffic = new Traffic.Counter();
    private Line line; // only on the loop's thread

    Link(Loop loop, LinkSettings settings, Consumer<LinkState> listener, Consumer<Link> detach) {
        this.loop = loop;
        this.settings = settings;
        this.listener = listener;
        this.detach = detach;
    }

    /**
     * Sends a request as soon as those before it on the line allow.
     *
     * @param timeout how long to wait for the answer, from the sending on
     * @param handler called exactly once: on the line's thread, or on the calling thread, with PAUSED, if the link is
     *     closed already
     */
    public void submit(Request request, Duration timeout, ResponseHandler handler) {
        Call call = new Call(this, request, handler, timeout.toNanos());
        if (loop.inLoop()) {
            accept(call);
        } else if (!loop.execute(call)) {
            call.fail(Failure.PAUSED);
        }
    }

    /**
     * Runs a task on the line's thread; requests that it submits go out together. It must not block.
     *
     * @return false if the client is closed or overwhelmed; the task is not run then
     */
    public boolean execute(Runnable task) {
        return loop.execute(task);
    }

    /** What has happened so far. */
    public Traffic traffic() {
        return traffic.now();
    }

    /** Ends the use: what is outstanding fails with PAUSED. Returns when that is done, or after two seconds. */
    @Override
    public void close() {
        closing = true;
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

    /** Whether nobody is interested in answers any more. */
    boolean isClosing() {
        return closing;
    }

    Traffic.Counter counter() {
        return traffic;
    }

    LinkSettings settings() {
        return settings;
    }

    void attach(Line to) {
        line = to;
        to.add(this);
    }

    private void detach() {
        if (line != null) {
            detach.accept(this);
        }
    }

    /** Leaves its line, which closes with the last link. */
    boolean leave() {
        Line left = line;
        line = null;
        return left.remove(this);
    }

    void accept(Call call) {
        if (line == null) {
            call.fail(Failure.PAUSED);
        } else {
            line.offer(call);
        }
    }

    void publish(LinkState state) {
        listener.accept(state);
    }
}
