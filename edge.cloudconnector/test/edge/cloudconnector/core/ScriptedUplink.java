// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.journal.StreamSelection;
import edge.api.uplink.Delivery;
import edge.api.uplink.Lane;
import edge.api.uplink.OutboundMessage;
import edge.api.uplink.Uplink;
import edge.api.uplink.UplinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A target that does what a test tells it, and checks that the connector keeps the contract. */
final class ScriptedUplink implements Uplink {

    /** A batch that waits for its answer. */
    record Waiting(List<OutboundMessage> batch, CompletableFuture<List<Delivery>> answer) {
        void accept() {
            answer.complete(batch.stream().map(message -> Delivery.ACCEPTED).toList());
        }
    }

    final List<Waiting> waiting = new CopyOnWriteArrayList<>();
    final List<OutboundMessage> sent = new CopyOnWriteArrayList<>();
    final AtomicInteger opens = new AtomicInteger();
    final AtomicInteger closes = new AtomicInteger();
    final List<String> violations = new CopyOnWriteArrayList<>();
    volatile boolean answerAtOnce = true;
    volatile Function<OutboundMessage, Delivery> judge = message -> Delivery.ACCEPTED;
    /** What makes it close the connection. */
    volatile Predicate<OutboundMessage> poison = message -> false;
    volatile Supplier<CompletionStage<Boolean>> probing = () -> CompletableFuture.completedFuture(false);
    final AtomicInteger probes = new AtomicInteger();
    volatile CompletionStage<Void> opening = CompletableFuture.completedFuture(null);
    volatile String encoder = "json";
    volatile Window window = new Window(4, 10);
    volatile StreamSelection selection = StreamSelection.ALL;
    volatile Consumer<UplinkException> broken = reason -> { };
    private volatile Thread caller;
    private volatile boolean open;

    @Override
    public String name() {
        return "cloud";
    }

    @Override
    public String address() {
        return "test://cloud";
    }

    @Override
    public StreamSelection selection() {
        return selection;
    }

    @Override
    public String encoder() {
        return encoder;
    }

    @Override
    public Window window() {
        return window;
    }

    @Override
    public CompletionStage<Void> open(Consumer<UplinkException> told) {
        checkThread();
        if (open) {
            violations.add("opened twice");
        }
        open = true;
        opens.incrementAndGet();
        broken = told;
        return opening;
    }

    @Override
    public CompletionStage<List<Delivery>> send(List<OutboundMessage> batch) {
        checkThread();
        if (batch.size() > window.messages()) {
            violations.add("a batch of " + batch.size());
        }
        sent.addAll(batch);
        if (batch.stream().anyMatch(poison)) {
            UplinkException why = new UplinkException(UplinkException.Kind.UNREACHABLE, "closed by the peer", "", null);
            broken.accept(why);
            return CompletableFuture.failedFuture(why);
        }
        if (answerAtOnce) {
            return CompletableFuture.completedFuture(batch.stream().map(judge).toList());
        }
        Waiting one = new Waiting(batch, new CompletableFuture<>());
        waiting.add(one);
        if (waiting.stream().filter(other -> !other.answer().isDone()).count() > window.batches()) {
            violations.add("more than " + window.batches() + " batches under way");
        }
        return one.answer();
    }

    @Override
    public CompletionStage<Boolean> probe() {
        checkThread();
        probes.incrementAndGet();
        return probing.get();
    }

    @Override
    public void close() {
        checkThread();
        open = false;
        closes.incrementAndGet();
    }

    /** Another pump drives it from now on. */
    void handOver() {
        caller = null;
    }

    boolean isOpen() {
        return open;
    }

    private void checkThread() {
        if (caller == null) {
            caller = Thread.currentThread();
        } else if (caller != Thread.currentThread()) {
            violations.add("called on " + Thread.currentThread().getName());
        }
    }

    void breakOff(String reason) {
        UplinkException why = new UplinkException(UplinkException.Kind.UNREACHABLE, reason, "Wait", null);
        // With the first answer the pump may be back on a new connection: that one is not broken.
        Consumer<UplinkException> told = broken;
        waiting.forEach(one -> one.answer().completeExceptionally(why));
        told.accept(why);
    }

    List<Long> sequences() {
        return sent.stream().map(message -> message.record().key().sequence()).toList();
    }

    List<Lane> lanes() {
        List<Lane> lanes = new ArrayList<>();
        sent.forEach(message -> lanes.add(message.lane()));
        return lanes;
    }
}
