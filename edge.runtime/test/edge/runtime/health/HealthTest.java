// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.gateway.ClockConfidence;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.health.Events;
import edge.api.health.GatewayHealth.Part;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.health.HealthReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final long MIB = 1024 * 1024;

    private final GatheredHealth health = new GatheredHealth(null);
    private final EventRing events = new EventRing();
    private Instant now = NOON;

    private static HealthCheck check(String subject, Supplier<HealthReport> report) {
        return new HealthCheck() {
            @Override
            public String subject() {
                return subject;
            }

            @Override
            public HealthReport check() {
                return report.get();
            }
        };
    }

    private static HealthReport report(Status status) {
        return new HealthReport(status, NOON, "", "");
    }

    @Test
    void of_equally_bad_parts_the_newest_is_listed_first() {
        add(check("a", () -> new HealthReport(Status.WARN, NOON, "", "")));
        add(check("b", () -> new HealthReport(Status.WARN, NOON.plusSeconds(1), "", "")));
        add(check("c", () -> new HealthReport(Status.CRITICAL, NOON.minusSeconds(1), "", "")));

        assertThat(health.parts()).extracting(Part::subject).containsExactly("c", "b", "a");
    }

    @Test
    void parts_are_listed_the_worst_first_then_by_subject() {
        add(check("b", () -> report(Status.OK)));
        add(check("c", () -> report(Status.CRITICAL)));
        add(check("a", () -> report(Status.OK)));
        add(check("d", () -> report(Status.WARN)));

        assertThat(health.parts()).extracting(Part::subject).containsExactly("c", "d", "a", "b");
    }

    @Test
    void a_check_that_fails_is_a_warning_of_its_own_since_it_began_to_fail() {
        add(check("broken", () -> {
            throw new IllegalStateException("for the test");
        }));
        add(check("empty", () -> null));
        add(check("fine", () -> report(Status.OK)));

        HealthReport broken = report("broken");
        assertThat(broken.status()).isEqualTo(Status.WARN);
        assertThat(broken.reason()).contains("for the test");
        assertThat(report("broken").since()).isEqualTo(broken.since());
        assertThat(report("empty").status()).isEqualTo(Status.WARN);
        assertThat(health.parts()).hasSize(3).last().extracting(Part::subject).isEqualTo("fine");
    }

    @Test
    void a_check_whose_bundle_has_gone_is_not_asked() {
        HealthCheck check = check("gone", () -> report(Status.OK));
        add(check);
        health.remove(check);

        assertThat(health.parts()).isEmpty();
    }

    @Test
    void a_status_lasts_since_it_began_although_its_words_change() {
        StatusSince since = new StatusSince(() -> now);
        since.ok();
        now = NOON.plusSeconds(1);
        since.report(Status.WARN, "1", "");
        now = NOON.plusSeconds(2);

        assertThat(since.report(Status.WARN, "2", "").since()).isEqualTo(NOON.plusSeconds(1));
        assertThat(since.ok().since()).isEqualTo(NOON.plusSeconds(2));
    }

    @Test
    void events_are_bounded_and_the_newest_come_first() {
        for (int i = 1; i <= EventRing.CAPACITY + 5; i++) {
            events.add(Status.OK, "device plc", "event " + i);
        }

        assertThat(events.recent(2)).extracting(Events.Event::text).containsExactly("event 505", "event 504");
        assertThat(events.recent(10_000)).hasSize(EventRing.CAPACITY);
        assertThat(events.recent(0)).isEmpty();
        assertThat(events.recent(-1)).isEmpty();
    }

    @Test
    void an_event_is_one_line_whatever_it_is_made_of() {
        events.add(Status.WARN, "device\n", "red \u001b[31m\u202etxt.exe" + "x".repeat(5_000));
        events.add(Status.WARN, null, null);

        assertThat(events.recent(2).get(1)).satisfies(event -> {
            assertThat(event.subject()).isEqualTo("device\\u000a");
            assertThat(event.text()).startsWith("red \\u001b[31m\\u202etxt.exe").hasSizeLessThan(1_100);
        });
        assertThat(events.recent(1).get(0).text()).isEmpty();
    }

    @Test
    void half_a_character_is_escaped_and_a_whole_one_is_kept() {
        assertThat(PlainText.oneLine("\ud83d\ude00", 10)).isEqualTo("\ud83d\ude00");
        assertThat(PlainText.oneLine("\ud83d\ude00", 1)).isEqualTo("\\ud83d…");
        assertThat(PlainText.oneLine("\ude00x", 10)).isEqualTo("\\ude00x");
        assertThat(PlainText.lines("a\r\n\tb\u0007", 10)).isEqualTo("a\\u000d\n\tb\\u0007");
    }

    @Test
    void a_disk_that_fills_is_told_in_two_steps_and_one_that_cannot_be_written_at_once() {
        DiskCheck check = new DiskCheck(null);
        assertThat(check.report(null).status()).isEqualTo(Status.OK);
        assertThat(check.report(new Resources.Disk(500 * MIB, 100_000 * MIB, "")).status()).isEqualTo(Status.OK);
        assertThat(check.report(new Resources.Disk(150 * MIB, 100_000 * MIB, "")).status()).isEqualTo(Status.WARN);
        assertThat(check.report(new Resources.Disk(40 * MIB, 100_000 * MIB, "")).status()).isEqualTo(Status.CRITICAL);
        assertThat(check.report(new Resources.Disk(40 * MIB, 80 * MIB, "")).status()).as("a small disk").isEqualTo(Status.OK);
        assertThat(check.report(new Resources.Disk(0, 0, "gone")).status()).isEqualTo(Status.CRITICAL);
    }

    @Test
    void a_real_disk_is_measured(@TempDir Path folder) throws IOException {
        assertThat(Resources.measureDisk(folder)).satisfies(disk -> {
            assertThat(disk.failure()).isEmpty();
            assertThat(disk.free()).isPositive().isLessThanOrEqualTo(disk.total());
        });
        Path gone = folder.resolve("gone");
        assertThat(Resources.measureDisk(gone).failure()).contains("gone");
        assertThat(Files.exists(gone)).isFalse();
    }

    @Test
    void a_heap_that_stays_full_after_collections_is_told() {
        HeapCheck check = new HeapCheck(null);
        assertThat(check.report(new Resources.Heap(0, 128 * MIB)).status()).isEqualTo(Status.OK);
        assertThat(check.report(new Resources.Heap(80 * MIB, 128 * MIB)).status()).isEqualTo(Status.OK);
        assertThat(check.report(new Resources.Heap(105 * MIB, 128 * MIB)).status()).isEqualTo(Status.WARN);
        assertThat(check.report(new Resources.Heap(120 * MIB, 128 * MIB)).status()).isEqualTo(Status.CRITICAL);
    }

    @Test
    void running_out_of_files_and_sockets_is_told_before_there_are_none() {
        HandlesCheck check = new HandlesCheck(null);
        assertThat(check.report(null).status()).isEqualTo(Status.OK);
        assertThat(check.report(new Resources.Handles(700, 1024)).status()).isEqualTo(Status.OK);
        assertThat(check.report(new Resources.Handles(900, 1024)).status()).isEqualTo(Status.WARN);
        assertThat(check.report(new Resources.Handles(1024, 1024)))
            .satisfies(report -> assertThat(report.status()).isEqualTo(Status.CRITICAL))
            .satisfies(report -> assertThat(report.reason()).contains("1024 of 1024"));
        assertThat(check.report(Resources.Handles.NONE_LEFT).reason()).startsWith("no file and no socket can be opened");
        assertThat(Resources.measureHandles()).satisfies(real ->
            assertThat(real.open()).isPositive().isLessThanOrEqualTo(real.max()));
    }

    @Test
    void a_clock_that_was_never_set_is_a_warning_with_a_remedy() {
        GatewayClock unset = new GatewayClock() {
            @Override
            public Moment now() {
                return new Moment(0, Instant.EPOCH, ClockConfidence.UNSET);
            }

            @Override
            public UUID bootId() {
                return new UUID(0, 0);
            }
        };
        HealthReport report = new ClockCheck(unset).check();

        assertThat(report.status()).isEqualTo(Status.WARN);
        assertThat(report.remedy()).isNotEmpty();
    }

    private HealthReport report(String subject) {
        return health.parts().stream().filter(part -> part.subject().equals(subject)).findFirst().orElseThrow().report();
    }

    private void add(HealthCheck check) {
        health.add(check, () -> check);
    }
}
