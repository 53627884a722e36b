// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.health.Events;
import edge.api.health.HealthReport.Status;
import edge.api.message.Message;
import edge.api.message.MessageBus;
import edge.api.message.Receipt;
import edge.api.message.ScanMessage;
import edge.api.device.FieldDevice.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** The scan engine on manual time, with a bus and events that remember. */
final class Rig implements MessageBus, Events {
    final List<Runnable> besideTimer = new ArrayList<>();
    Executor beside = besideTimer::add;
    final ManualTime time = new ManualTime();
    final TagStore table = new TagStore();
    final ScanEngine engine = new ScanEngine(time, time.schedule, job -> beside.execute(job), table, this);
    final List<ScanMessage> messages = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    Function<Message, CompletionStage<Receipt>> bus = message -> CompletableFuture.completedFuture(Receipt.NOT_JOURNALED);

    Rig() {
        engine.setBus(this);
    }

    TestDevice add(TestDevice device) {
        engine.addDevice(device);
        return device;
    }

    void run(Duration duration) {
        time.run(duration);
    }

    Reading reading(String device, String tag) {
        return table.tag(device, tag).orElseThrow().reading();
    }

    Quality.Reason reason(String device, String tag) {
        return reading(device, tag).quality().reason();
    }

    /** Each published reading of a tag, as {@code value reason}. */
    List<String> published(String tag) {
        return messages.stream().flatMap(message -> message.readings().stream())
            .filter(reading -> reading.tag().name().equals(tag))
            .map(reading -> reading.value() + " " + reading.quality().reason()).toList();
    }

    @Override
    public CompletionStage<Receipt> publish(Message message) {
        messages.add((ScanMessage) message);
        return bus.apply(message);
    }

    @Override
    public Observation subscribe(String filter, Consumer<Message> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void add(Status level, String subject, String text) {
        events.add(subject + ": " + text);
    }

    @Override
    public List<Event> recent(int limit) {
        throw new UnsupportedOperationException();
    }
}
