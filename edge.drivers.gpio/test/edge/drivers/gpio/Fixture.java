// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.FieldDevice.Observation;
import edge.api.device.Reading;
import edge.api.device.Tag;
import edge.api.health.Events;
import edge.api.health.HealthReport;
import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A device, everything it reported, and a hand on its simulated lines. */
final class Fixture implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    final GpioDevice device;
    final List<List<Reading>> reports = new CopyOnWriteArrayList<>();
    final List<Thread> reportingThreads = new CopyOnWriteArrayList<>();
    final Heads heads = new Heads();
    private final Observation observation;

    Fixture(String provider, String path, String text) {
        this(provider, path, text, folder());
    }

    /** @param folder what a device remembers from one run to the next */
    Fixture(String provider, String path, String text, Path folder) {
        device = new GpioDevice("panel", config(provider, path), text, heads,
            new Backoff(Duration.ofMillis(20), Duration.ofMillis(40)), folder);
        observation = device.observe(readings -> {
            reports.add(readings);
            reportingThreads.add(Thread.currentThread());
        });
        device.start();
    }

    /** A folder that is there only once something is remembered. */
    private static Path folder() {
        return Path.of(System.getProperty("java.io.tmpdir"), "edge-gpio-" + UUID.randomUUID());
    }

    static Fixture mock(String lines) {
        return new Fixture("mock", GpioConfig.DEFAULT_PATH, text("mock", lines));
    }

    static String text(String provider, String lines) {
        return "{\"provider\": \"" + provider + "\", \"lines\": [" + lines + "]}";
    }

    static GpioConfig config(String provider, String path) {
        return new GpioConfig() {
            @Override
            public Class<? extends Annotation> annotationType() {
                return GpioConfig.class;
            }

            @Override
            public String provider() {
                return provider;
            }

            @Override
            public String chip() {
                return GpioConfig.DEFAULT_CHIP;
            }

            @Override
            public String path() {
                return path;
            }

            @Override
            public String description() {
                return "a panel";
            }
        };
    }

    Tag tag(String name) {
        return device.tags().stream().filter(tag -> tag.name().equals(name)).findFirst().orElseThrow();
    }

    /** {@code name=value} of each reading, in order of their arrival. */
    List<String> values() {
        List<String> values = new ArrayList<>();
        for (Reading reading : readings()) {
            values.add(reading.tag().name() + "=" + (reading.quality().isGood() ? reading.value() : reading.quality().reason()));
        }
        return values;
    }

    List<Reading> readings() {
        List<Reading> all = new ArrayList<>();
        reports.forEach(all::addAll);
        return all;
    }

    /** Pulls a simulated line on the device's own thread, so that it happens between two of its tasks. */
    void pull(int index, boolean... levels) {
        device.simulate(index, levels).toCompletableFuture().orTimeout(DEADLINE.toSeconds(), TimeUnit.SECONDS).join();
    }

    static void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(DEADLINE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("not within " + DEADLINE.toSeconds() + " s: " + what);
            }
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting: " + what, e);
            }
        }
    }

    void awaitValues(String... expected) {
        try {
            await("readings " + List.of(expected), () -> values().equals(List.of(expected)));
        } catch (AssertionError e) {
            throw new AssertionError("expected " + List.of(expected) + " but had " + values(), e);
        }
    }

    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
            .filter(name -> name.startsWith("edge-gpio") || name.startsWith("Pi4J") || name.startsWith("FileSystemWatch"))
            .sorted().toList();
    }

    @Override
    public void close() {
        observation.close();
        device.stop();
        heads.close();
    }

    /** Keeps what it is told. */
    static final class Told implements Events {
        final List<Event> events = new CopyOnWriteArrayList<>();

        @Override
        public void add(HealthReport.Status level, String subject, String text) {
            events.add(new Event(Instant.now(), level, subject, text));
        }

        @Override
        public List<Event> recent(int limit) {
            return List.copyOf(events);
        }
    }
}
