// SPDX-License-Identifier: Apache-2.0
package edge.driver.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import edge.api.device.DeviceException;
import edge.api.device.FieldDevice;
import edge.api.device.FieldDevice.Observation;
import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.api.device.Quality;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.api.value.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What {@link FieldDevice} and {@link Scan} promise, on a device of the driver under test. Each test makes devices of its
 * own and deactivates them.
 */
@Timeout(120)
public abstract class FieldDeviceContract {

    private static final int LIVES = 20;
    /** Far more than "at once", so that a busy machine fails no test; a call that waits for a wire takes longer. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    /** A device whose equipment answers, simulated or real. */
    protected abstract Specimen reachable() throws Exception;

    /** A device whose equipment does not; empty if the driver knows no such thing, which few can say. */
    protected abstract Optional<Specimen> unreachable() throws Exception;

    /** Within which time a scan or write completes whatever the equipment does: the configured time-outs and some more. */
    protected Duration bound() {
        return Duration.ofSeconds(10);
    }

    /** How names begin of threads that the driver's libraries keep for the whole process. */
    protected Set<String> sharedThreads() {
        return Set.of();
    }

    /** A value that may be written to the tag; the one that it has, unless a driver knows better. */
    protected Value writable(Tag tag, Value current) {
        return current;
    }

    private interface Use {
        void of(FieldDevice device) throws Exception;
    }

    private void with(Specimen specimen, Use use) throws Exception {
        try {
            use.of(specimen.device());
        } finally {
            specimen.deactivate().run();
        }
    }

    private void withUnreachable(Use use) throws Exception {
        Optional<Specimen> specimen = unreachable();
        assumeTrue(specimen.isPresent(), "the driver says that its equipment is always there");
        with(specimen.orElseThrow(), use);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + bound().toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + bound() + " in vain until " + what);
            }
            Thread.sleep(LOOK_EVERY.toMillis());
        }
    }

    private static <T> T atOnce(String what, Supplier<T> call) {
        long start = System.nanoTime();
        T result = call.get();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as(what + " returns at once").isLessThan(AT_ONCE);
        return result;
    }

    private <T> T complete(String what, CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(bound().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError(what + " did not complete within " + bound(), e);
        }
    }

    private static List<Tag> scanned(FieldDevice device) {
        return device.tags().stream().filter(tag -> !tag.period().isZero() && tag.access().canRead()).toList();
    }

    /** A driver may connect by itself, or when it is first asked. */
    private void awaitConnected(FieldDevice device) throws Exception {
        List<Tag> tags = scanned(device);
        await("the device is connected", () -> {
            if (!tags.isEmpty()) {
                scan(device, tags);
            }
            return device.link().phase() == Phase.CONNECTED;
        });
    }

    private List<Reading> scan(FieldDevice device, List<Tag> tags) throws Exception {
        Scan scan = atOnce("prepare", () -> device.prepare(tags));
        return complete("a scan", atOnce("run", scan::run));
    }

    private List<Reading> goodScan(FieldDevice device, List<Tag> tags) throws Exception {
        List<List<Reading>> last = new ArrayList<>();
        long end = System.nanoTime() + bound().toNanos();
        do {
            last.clear();
            last.add(scan(device, tags));
        } while (!last.get(0).stream().allMatch(reading -> reading.quality().isGood()) && System.nanoTime() < end);
        assertThat(last.get(0)).allSatisfy(reading -> assertThat(reading.quality()).isEqualTo(Quality.GOOD));
        return last.get(0);
    }

    @Test
    void tags_have_unique_names_and_stay_the_same() throws Exception {
        with(reachable(), device -> {
            List<Tag> tags = atOnce("tags", device::tags);
            assertThat(tags).isNotEmpty().extracting(Tag::name).doesNotHaveDuplicates();
            assertThat(atOnce("info", device::info).name()).matches(Tag::isName);
            awaitConnected(device);
            assertThat(device.tags()).isEqualTo(tags);
        });
    }

    @Test
    void a_scan_gives_one_reading_for_each_tag_in_the_order_of_the_list() throws Exception {
        with(reachable(), device -> {
            List<Tag> tags = new ArrayList<>(scanned(device));
            assumeTrue(!tags.isEmpty(), "no tag of this device is scanned");
            assertThat(goodScan(device, tags)).extracting(Reading::tag).isEqualTo(tags);
            Collections.reverse(tags);
            assertThat(goodScan(device, tags)).extracting(Reading::tag).isEqualTo(tags);
            assertThat(goodScan(device, tags.subList(0, 1))).extracting(Reading::tag).isEqualTo(tags.subList(0, 1));
        });
    }

    @Test
    void a_good_reading_has_a_value_of_its_tags_type_and_a_time() throws Exception {
        with(reachable(), device -> {
            List<Tag> tags = scanned(device);
            assumeTrue(!tags.isEmpty(), "no tag of this device is scanned");
            assertThat(goodScan(device, tags)).allSatisfy(reading -> {
                assertThat(isOf(reading.tag().type(), reading.value())).as(reading.toString()).isTrue();
                assertThat(reading.sourceTime()).isNotNull();
            });
        });
    }

    private static boolean isOf(DataType type, Value value) {
        if (type.isSigned()) {
            return value instanceof Value.Signed;
        } else if (type.isUnsigned()) {
            return value instanceof Value.Unsigned;
        } else if (type.isReal()) {
            return value instanceof Value.Real;
        }
        return switch (type) {
            case BOOL -> value instanceof Value.Bool;
            case TEXT -> value instanceof Value.Text;
            default -> value instanceof Value.Bytes;
        };
    }

    @Test
    void a_write_completes_when_the_device_has_confirmed() throws Exception {
        with(reachable(), device -> {
            List<Tag> tags = scanned(device).stream().filter(tag -> tag.access().canWrite()).toList();
            assumeTrue(!tags.isEmpty(), "no tag of this device is scanned and writable");
            for (Reading reading : goodScan(device, tags)) {
                Value value = writable(reading.tag(), reading.value());
                complete("a write", atOnce("write", () -> device.write(reading.tag(), value)));
                assertThat(goodScan(device, List.of(reading.tag()))).extracting(Reading::value).containsExactly(value);
            }
        });
    }

    @Test
    void an_observer_gets_the_tags_that_report_by_themselves_on_one_thread_until_it_closes() throws Exception {
        with(reachable(), device -> {
            Set<String> reporting = new HashSet<>();
            device.tags().stream().filter(tag -> tag.period().isZero() && tag.access().canRead()).forEach(tag -> reporting.add(tag.name()));
            List<Thread> threads = new CopyOnWriteArrayList<>();
            List<Reading> seen = new CopyOnWriteArrayList<>();
            Observation failing = atOnce("observe", () -> device.observe(readings -> {
                throw new IllegalStateException("on purpose, to see that it costs nobody else a reading");
            }));
            Observation observation = atOnce("observe", () -> device.observe(readings -> {
                threads.add(Thread.currentThread());
                seen.addAll(readings);
            }));
            awaitConnected(device);
            await("each tag that reports by itself has done so", () -> seen.stream().map(reading -> reading.tag().name())
                .collect(Collectors.toSet()).equals(reporting));
            assertThat(new HashSet<>(threads)).as("one thread calls").hasSizeLessThanOrEqualTo(1);
            observation.close();
            observation.close();
            failing.close();
            List<Reading> late = new CopyOnWriteArrayList<>();
            Observation closed = device.observe(late::addAll);
            closed.close();
            int before = late.size();
            assertThat(device.link()).isNotNull();
            assertThat(late).as("nothing after closing").hasSize(before);
        });
    }

    @Test
    void equipment_that_does_not_answer_gives_bad_readings_with_a_reason_within_bounds() throws Exception {
        withUnreachable(device -> {
            List<Tag> tags = scanned(device);
            assumeTrue(!tags.isEmpty(), "no tag of this device is scanned");
            for (int i = 0; i < 3; i++) {
                List<Reading> readings = scan(device, tags);
                assertThat(readings).extracting(Reading::tag).isEqualTo(tags);
                assertThat(readings).allSatisfy(reading -> {
                    assertThat(reading.quality().isBad()).as(reading.toString()).isTrue();
                    assertThat(reading.quality().reason()).isNotEqualTo(Reason.NONE);
                    assertThat(reading.quality().detail()).as("says why").isNotBlank();
                });
            }
            await("the link says why", () -> device.link().phase() != Phase.CONNECTED && !device.link().detail().isBlank());
        });
    }

    @Test
    void a_write_to_equipment_that_does_not_answer_fails_within_bounds_and_says_why() throws Exception {
        withUnreachable(device -> {
            Optional<Tag> tag = device.tags().stream().filter(candidate -> candidate.access().canWrite()).findFirst();
            assumeTrue(tag.isPresent(), "no tag of this device is writable");
            assertThat(failure(device.write(tag.get(), any(tag.get().type())))).hasMessageContaining(tag.get().name());
        });
    }

    private DeviceException failure(CompletionStage<Void> write) throws Exception {
        try {
            complete("a write", write);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(DeviceException.class);
            return (DeviceException) e.getCause();
        }
        throw new AssertionError("the write was confirmed, by whom?");
    }

    private static Value any(DataType type) {
        if (type.isSigned()) {
            return Value.signed(0);
        } else if (type.isUnsigned()) {
            return Value.unsigned(0);
        } else if (type.isReal()) {
            return Value.real(0);
        }
        return switch (type) {
            case BOOL -> Value.FALSE;
            case TEXT -> Value.text("");
            default -> Value.bytes(new byte[0]);
        };
    }

    @Test
    void deactivation_is_bounded_and_completes_what_is_outstanding() throws Exception {
        for (Optional<Specimen> specimen : List.of(Optional.of(reachable()), unreachable())) {
            if (specimen.isPresent()) {
                deactivate(specimen.get());
            }
        }
    }

    private void deactivate(Specimen specimen) throws Exception {
        FieldDevice device = specimen.device();
        List<Tag> tags = scanned(device);
        List<CompletionStage<?>> outstanding = new ArrayList<>();
        if (!tags.isEmpty()) {
            outstanding.add(device.prepare(tags).run());
        }
        device.tags().stream().filter(tag -> tag.access().canWrite())
            .forEach(tag -> outstanding.add(device.write(tag, any(tag.type()))));
        long start = System.nanoTime();
        specimen.deactivate().run();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("deactivation is bounded").isLessThan(bound());
        for (CompletionStage<?> stage : outstanding) {
            try {
                complete("what was outstanding", stage);
            } catch (ExecutionException e) {
                assertThat(e.getCause()).as("a write that was outstanding").isInstanceOf(DeviceException.class);
            }
        }
        LinkState link = device.link();
        assertThat(link.phase()).as("a device that is gone is not connected").isNotEqualTo(Phase.CONNECTED);
        if (!tags.isEmpty()) {
            assertThat(scan(device, tags)).extracting(reading -> reading.quality().reason()).containsOnly(Reason.PAUSED);
        }
        specimen.deactivate().run();
    }

    @Test
    void many_lives_leave_no_thread_and_no_descriptor_behind() throws Exception {
        // The first one loads classes and libraries, which stay.
        live(reachable());
        Left before = Left.now();
        for (int i = 0; i < LIVES; i++) {
            live(reachable());
        }
        Optional<Specimen> lost = unreachable();
        if (lost.isPresent()) {
            live(lost.get());
        }
        try {
            await("no thread was left", () -> Left.now().newThreadsSince(before, sharedThreads()).isEmpty());
        } catch (AssertionError e) {
            throw new AssertionError("threads were left: " + Left.now().newThreadsSince(before, sharedThreads()), e);
        }
        assertThat(Left.now().descriptors()).as("open files").isLessThan(before.descriptors() + LIVES);
    }

    private void live(Specimen specimen) throws Exception {
        with(specimen, device -> {
            List<Tag> tags = scanned(device);
            if (!tags.isEmpty()) {
                scan(device, tags);
            }
        });
    }
}
