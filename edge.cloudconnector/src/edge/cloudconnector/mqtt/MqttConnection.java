// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import edge.api.uplink.Delivery;
import edge.api.uplink.UplinkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.ScheduledExecutorPingSender;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, used once. Its Paho client, its socket and its threads end with it. {@link #open}, {@link #send} and
 * {@link #close} are for the uplink's thread; the rest happens on Paho's threads, which are this connection's own.
 */
final class MqttConnection implements MqttCallback {

    private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);
    /** Held, so that its level is not forgotten. */
    private static final java.util.logging.Logger PAHO =
        java.util.logging.Logger.getLogger("org.eclipse.paho.client.mqttv3");

    static {
        // What Paho prints about lost connections comes back as exceptions, and is told once and in our words.
        PAHO.setLevel(java.util.logging.Level.OFF);
    }

    /** Paho works through the socket factory; of this address it uses nothing but the form. */
    private static final String UNUSED_ADDRESS = "tcp://127.0.0.1:1883";
    /** Paho holds three for good (to send, to receive, to call back); two for connecting, probing and watching. */
    private static final int THREADS = 5;
    /** Paho frees a place in its own window a moment after the acknowledgement is known here. */
    private static final int PAHO_LATENESS = 100;
    private static final int GOODBYE_MILLIS = 300;
    private static final int END_SECONDS = 3;

    private final MqttSettings settings;
    private final Failures failures;
    private final Consumer<UplinkException> broken;
    private final Optional<Presence> presence;
    private final UplinkSocket socket;
    private final ScheduledThreadPoolExecutor threads;
    private final MqttAsyncClient client;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<Probe> probe = new AtomicReference<>();
    private final CountDownLatch connecting = new CountDownLatch(1);
    /** Guarded by itself: the batches that are not wholly acknowledged, the oldest first. */
    private final Deque<Sending> flight = new ArrayDeque<>();

    /** @param presence told when it connects and when it goes; empty if nowhere */
    MqttConnection(MqttSettings settings, Consumer<UplinkException> broken, Optional<Presence> presence)
        throws UplinkException {
        this.settings = settings;
        this.failures = new Failures(settings);
        this.broken = broken;
        this.presence = presence;
        Optional<SSLContext> tls = settings.tls() ? Optional.of(Tls.context(settings)) : Optional.empty();
        this.socket = new UplinkSocket(settings, tls);
        this.threads = new ScheduledThreadPoolExecutor(THREADS,
            task -> new Thread(task, "edge-mqtt-" + settings.name()));
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        try {
            client = new MqttAsyncClient(UNUSED_ADDRESS, settings.clientId(), new MemoryPersistence(),
                new ScheduledExecutorPingSender(threads), threads);
        } catch (MqttException | IllegalArgumentException e) {
            threads.shutdownNow();
            throw failures.of(e);
        }
        client.setCallback(this);
    }

    /** What is to come back, and who waits for it. */
    private record Probe(String mark, CompletableFuture<Boolean> back) {
    }

    CompletionStage<Void> open() {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setCleanSession(settings.cleanSession());
        presence.ifPresent(told -> options.setWill(told.topic(), told.offline(), 1, true));
        options.setAutomaticReconnect(false);
        options.setKeepAliveInterval((int) settings.keepAlive().toSeconds());
        options.setConnectionTimeout((int) settings.connectTimeout().toSeconds());
        options.setMaxInflight(settings.window() + PAHO_LATENESS);
        options.setSocketFactory(new OneSocket(socket));
        if (!settings.user().isEmpty()) {
            options.setUserName(settings.user());
            options.setPassword(settings.password().toCharArray());
        }
        try {
            client.connect(options, null, new Connecting());
            threads.schedule(() -> {
                if (!opened.isDone()) {
                    fail(failures.connectTimeout());
                }
            }, settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (MqttException e) {
            connecting.countDown();
            fail(failures.of(e));
        }
        return opened;
    }

    /** A message for the wire. */
    record Outgoing(String topic, byte[] payload) {
    }

    CompletionStage<List<Delivery>> send(List<Outgoing> messages) {
        Sending sending = new Sending(messages.size());
        synchronized (flight) {
            flight.add(sending);
        }
        socket.expect(messages.size());
        try {
            for (Outgoing message : messages) {
                client.publish(message.topic(), message.payload(), 1, false, null, sending);
            }
        } catch (MqttException e) {
            fail(failures.of(e));
        }
        if (over.get()) {
            sending.result.completeExceptionally(failures.closed());
        }
        return sending.result;
    }

    /** Says goodbye if it can, and ends everything in bounded time. */
    void close() {
        boolean wasOpen = !over.getAndSet(true) && opened.isDone();
        opened.completeExceptionally(failures.closed());
        if (wasOpen) {
            // A goodbye may overtake what Paho was given before: that is never written then.
            socket.expectNothing();
            try {
                if (presence.isPresent()) {
                    // A DISCONNECT takes the last will back: it may leave only when the broker has these words instead.
                    client.publish(presence.get().topic(), presence.get().offline(), 1, true)
                        .waitForCompletion(GOODBYE_MILLIS);
                }
                // Done as soon as the DISCONNECT is written; Paho's forcible one waits out its whole time.
                client.disconnect(0).waitForCompletion(GOODBYE_MILLIS);
            } catch (MqttException | RuntimeException e) {
                LOG.debug("uplink {}: no goodbye to {}", settings.name(), settings.address(), e);
            }
        }
        abort();
        failFlight(failures.closed());
        try {
            // Paho must not find its threads gone while it is still starting them.
            connecting.await(END_SECONDS, TimeUnit.SECONDS);
            threads.shutdown();
            if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
                LOG.warn("uplink {}: a thread of the connection to {} still waits, probably for the name server; it ends"
                    + " when that answers", settings.name(), settings.address());
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void connected() {
        presence.ifPresent(this::tellOnline);
        long period = Math.max(100, Math.min(1000, settings.ackTimeout().toMillis() / 4));
        threads.scheduleWithFixedDelay(this::watch, period, period, TimeUnit.MILLISECONDS);
        opened.complete(null);
    }

    /** Told once; if it does not arrive, the connection has a problem that others find. */
    private void tellOnline(Presence told) {
        try {
            client.publish(told.topic(), told.online(), 1, true);
        } catch (MqttException e) {
            LOG.debug("uplink {}: {} is not told", settings.name(), told.topic(), e);
        }
    }

    /** Publishes something and waits until it comes back. */
    CompletionStage<Boolean> probe(String topic) {
        CompletableFuture<Boolean> back = new CompletableFuture<>();
        String mark = UUID.randomUUID().toString();
        probe.set(new Probe(mark, back));
        try {
            client.subscribe(topic, 1, null, new IMqttActionListener() {
                @Override
                public void onSuccess(IMqttToken token) {
                    // Not on this thread: Paho must not be called from its own callback.
                    run(() -> subscribed(topic, token, mark));
                }

                @Override
                public void onFailure(IMqttToken token, Throwable failure) {
                    back.completeExceptionally(failures.probeRefused());
                }
            });
            threads.schedule(() -> back.completeExceptionally(failures.probeLost()), settings.ackTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
        } catch (MqttException | RejectedExecutionException e) {
            back.completeExceptionally(failures.of(e));
        }
        return back;
    }

    private void run(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("uplink {}: closed during a probe", settings.name(), e);
        }
    }

    private void subscribed(String topic, IMqttToken token, String mark) {
        Probe waiting = probe.get();
        if (waiting == null) {
            return;
        }
        for (int granted : token.getGrantedQos()) {
            if (granted > 1) {
                waiting.back().completeExceptionally(failures.probeRefused());
                return;
            }
        }
        try {
            client.publish(topic, mark.getBytes(StandardCharsets.US_ASCII), 1, false);
        } catch (MqttException e) {
            waiting.back().completeExceptionally(failures.of(e));
        }
    }

    /** The oldest batch must make progress: MQTT 3.1.1, 4.6 has acknowledgements in the order of the messages. */
    private void watch() {
        int waiting = 0;
        boolean stalled;
        synchronized (flight) {
            if (flight.isEmpty()) {
                return;
            }
            stalled = System.nanoTime() - flight.peek().oldestSince() > settings.ackTimeout().toNanos();
            for (Sending sending : flight) {
                waiting += sending.remaining.get();
            }
        }
        if (stalled) {
            fail(failures.ackTimeout(waiting));
        }
    }

    /** The first failure ends the connection; what follows from it is not told. */
    private void fail(UplinkException why) {
        if (over.getAndSet(true)) {
            return;
        }
        boolean wasOpen = opened.isDone();
        abort();
        failFlight(why);
        if (wasOpen) {
            broken.accept(why);
        } else {
            opened.completeExceptionally(why);
        }
    }

    private void failFlight(UplinkException why) {
        List<Sending> lost;
        synchronized (flight) {
            lost = List.copyOf(flight);
            flight.clear();
        }
        lost.forEach(sending -> sending.result.completeExceptionally(why));
    }

    private void abort() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("uplink {}: closing the socket failed", settings.name(), e);
        }
    }

    @Override
    public void connectionLost(Throwable cause) {
        fail(failures.of(cause));
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        Probe waiting = probe.get();
        if (waiting != null && waiting.mark().equals(new String(message.getPayload(), StandardCharsets.US_ASCII))) {
            probe.set(null);
            waiting.back().complete(true);
        }
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
        // Each batch listens for its own.
    }

    private final class Connecting implements IMqttActionListener {

        @Override
        public void onSuccess(IMqttToken token) {
            connecting.countDown();
            connected();
        }

        @Override
        public void onFailure(IMqttToken token, Throwable failure) {
            connecting.countDown();
            fail(failures.of(failure));
        }
    }

    /** One batch under way; called back by Paho for each of its messages. */
    private final class Sending implements IMqttActionListener {

        private final CompletableFuture<List<Delivery>> result = new CompletableFuture<>();
        private final int size;
        private final AtomicInteger remaining;
        private volatile long progress = System.nanoTime();
        /** Guarded by flight: when the watch first saw it as the oldest. */
        private long oldestSince;
        private boolean oldest;

        Sending(int size) {
            this.size = size;
            this.remaining = new AtomicInteger(size);
        }

        /** Since when it is the oldest and nothing of it was acknowledged. */
        long oldestSince() {
            if (!oldest) {
                oldest = true;
                oldestSince = System.nanoTime();
            }
            return progress - oldestSince > 0 ? progress : oldestSince;
        }

        @Override
        public void onSuccess(IMqttToken token) {
            progress = System.nanoTime();
            if (remaining.decrementAndGet() == 0) {
                synchronized (flight) {
                    flight.remove(this);
                }
                result.complete(Collections.nCopies(size, Delivery.ACCEPTED));
            }
        }

        @Override
        public void onFailure(IMqttToken token, Throwable failure) {
            fail(failures.of(failure));
        }
    }
}
