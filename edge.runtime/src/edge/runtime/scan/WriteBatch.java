// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.access.Caller;
import edge.api.device.DeviceException;
import edge.api.device.Quality.Reason;
import edge.api.device.TagWriter;
import edge.api.device.TagWriter.Outcome;
import edge.api.device.TagWriter.Write;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Several writes, one after the other for each device. */
final class WriteBatch {
    private static final Set<Reason> GONE = Set.of(Reason.TIMEOUT, Reason.NOT_CONNECTED, Reason.PAUSED);

    private final TagWriter writer;
    private final List<Write> writes;
    private final Caller caller;
    private final AtomicReferenceArray<Outcome> outcomes;

    WriteBatch(TagWriter writer, List<Write> writes, Caller caller) {
        this.writer = writer;
        this.writes = List.copyOf(writes);
        this.caller = caller;
        this.outcomes = new AtomicReferenceArray<>(this.writes.size());
    }

    CompletionStage<List<Outcome>> begin() {
        Map<String, List<Integer>> byDevice = new LinkedHashMap<>();
        for (int i = 0; i < writes.size(); i++) {
            byDevice.computeIfAbsent(writes.get(i).device(), device -> new ArrayList<>()).add(i);
        }
        CompletableFuture<?>[] all = byDevice.values().stream().map(this::ofDevice).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all).thenApply(done -> {
            List<Outcome> list = new ArrayList<>(writes.size());
            for (int i = 0; i < writes.size(); i++) {
                list.add(outcomes.get(i));
            }
            return list;
        });
    }

    private CompletableFuture<Void> ofDevice(List<Integer> indexes) {
        CompletableFuture<Void> chain = CompletableFuture.completedFuture(null);
        for (int n = 0; n < indexes.size(); n++) {
            int index = indexes.get(n);
            Optional<Integer> before = n == 0 ? Optional.empty() : Optional.of(indexes.get(n - 1));
            chain = chain.thenCompose(done -> one(index, before));
        }
        return chain;
    }

    private CompletableFuture<Void> one(int index, Optional<Integer> before) {
        Write write = writes.get(index);
        Optional<DeviceException> gone = before.flatMap(earlier -> gone(outcomes.get(earlier)));
        CompletionStage<Void> stage = gone.isPresent() ? CompletableFuture.failedFuture(gone.get())
            : writer.write(write.device(), write.tag(), write.value(), caller);
        return stage.handle((done, failure) -> {
            outcomes.set(index, new Outcome(write, Optional.ofNullable(failure).map(Failures::cause)));
            return (Void) null;
        }).toCompletableFuture();
    }

    private static Optional<DeviceException> gone(Outcome outcome) {
        return outcome.failure().filter(failure -> failure instanceof DeviceException e && GONE.contains(e.reason()))
            .map(failure -> failure instanceof NotTriedException tried ? tried
                : new NotTriedException(((DeviceException) failure).reason(), outcome.write().device()));
    }

    private static final class NotTriedException extends DeviceException {
        private static final long serialVersionUID = 1L;

        private NotTriedException(Reason reason, String device) {
            super(reason, "not tried, because device " + device + " did not answer an earlier write of the same batch");
        }
    }
}
