// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.config.Problem;
import edge.api.gateway.Gateway;
import edge.api.health.Events;
import edge.api.health.HealthReport;
import edge.api.journal.StreamSelection;
import edge.api.message.StreamId;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalComponentTest {

    @TempDir
    Path data;

    private Gateway gateway() {
        return new Gateway() {
            @Override
            public UUID id() {
                return Rig.GATEWAY;
            }

            @Override
            public Labels labels() {
                return new Labels("org", "site", "gateway");
            }

            @Override
            public String version() {
                return "1";
            }

            @Override
            public Instant startedAt() {
                return Instant.EPOCH;
            }

            @Override
            public Path data() {
                return data;
            }
        };
    }

    private static JournalComponent.Config config(String directory, String sync) {
        return new JournalComponent.Config() {
            @Override
            public Class<? extends Annotation> annotationType() {
                return JournalComponent.Config.class;
            }

            @Override
            public String directory() {
                return directory;
            }

            @Override
            public int quotaMegabytes() {
                return 64;
            }

            @Override
            public int segmentMegabytes() {
                return 16;
            }

            @Override
            public String sync() {
                return sync;
            }

            @Override
            public int syncInterval() {
                return 10;
            }

            @Override
            public String whenFull() {
                return "refuse";
            }

            @Override
            public int maxAgeHours() {
                return 0;
            }

            @Override
            public int resolutionSeconds() {
                return 60;
            }
        };
    }

    @Test
    void the_journal_lies_below_the_data_directory_and_survives_its_component() throws Exception {
        JournalComponent component = new JournalComponent(gateway(), Rig.CLOCK, config("journal", "each"), Map.of());
        assertThat(component.append(Rig.ALARMS, Rig.raw("one")).toCompletableFuture().get(60, TimeUnit.SECONDS).gateway())
            .isEqualTo(Rig.GATEWAY);
        assertThat(component.check().status()).isEqualTo(HealthReport.Status.OK);
        assertThat(component.subject()).isEqualTo("journal");
        component.stop();
        assertThat(Files.exists(data.resolve("journal").resolve(Segment.name(1)))).isTrue();

        JournalComponent again = new JournalComponent(gateway(), Rig.CLOCK, config("journal", "interval"), Map.of());
        assertThat(Rig.payloads(Rig.drain(again.open("cloud", StreamSelection.ALL)))).containsExactly("one");
        assertThat(again.status().policy()).isEqualTo("synced at intervals of 10 ms");
        again.stop();
    }

    @Test
    void each_sync_policy_is_as_configured() throws Exception {
        Map<String, String> policies = Map.of("each", "synced at once", "interval", "synced at intervals of 10 ms", "os",
            "left to the operating system");
        for (Map.Entry<String, String> policy : policies.entrySet()) {
            JournalComponent component = new JournalComponent(gateway(), Rig.CLOCK, config(policy.getKey(), policy.getKey()), Map.of());
            component.append(Rig.ALARMS, Rig.raw("one")).toCompletableFuture().get(60, TimeUnit.SECONDS);
            assertThat(component.status().policy()).isEqualTo(policy.getValue());
            assertThat(component.status().syncs()).as(policy.getKey()).isEqualTo(policy.getKey().equals("os") ? 0 : 1);
            component.stop();
        }
    }

    @Test
    void a_directory_that_cannot_be_used_makes_an_event_and_critical_health_not_a_missing_service() throws Exception {
        Files.writeString(data.resolve("file"), "no folder");
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        JournalComponent component = new JournalComponent(gateway(), Rig.CLOCK, config("file/journal", "each"), Map.of());
        component.setEvents(new Events() {
            @Override
            public void add(HealthReport.Status level, String subject, String text) {
                told.add(level + " " + subject);
            }

            @Override
            public List<Event> recent(int limit) {
                return List.of();
            }
        });
        try {
            Rig.await("critical health", () -> component.check().status() == HealthReport.Status.CRITICAL);
            assertThat(component.check().reason()).contains("file");
            assertThat(component.check().remedy()).isNotBlank();
            Files.delete(data.resolve("file"));
            Rig.await("the journal to heal", () -> component.check().status() == HealthReport.Status.OK);
            // The state changes before it is told.
            Rig.await("the event", () -> told.contains("OK journal"));
        } finally {
            component.stop();
        }
    }

    @Test
    void a_wrong_configuration_is_told_with_its_place() {
        JournalConfigurationCheck check = new JournalConfigurationCheck();
        assertThat(check.check("", "{}")).isEmpty();
        assertThat(check.check("", "{\"directory\": \"/var/journal\", \"sync\": \"os\", \"quotaMegabytes\": 64}")).isEmpty();
        assertThat(check.check("", "{\n  \"quotaMegabytes\": 63\n}")).containsExactly(new Problem(2, 21, "quotaMegabytes",
            "quotaMegabytes must be at least four times segmentMegabytes, here 64: the journal is deleted in whole segments"));
        assertThat(check.check("", "{\"sync\": \"often\"}")).extracting(Problem::message)
            .containsExactly("sync must be each, interval or os");
        assertThat(check.check("", "{\"directory\": \" \"}")).extracting(Problem::attribute).containsExactly("directory");
        assertThat(check.check("", "{\"segmentMegabytes\": 500}")).hasSize(1);
        assertThat(check.check("", "[]")).hasSize(1);
        assertThat(check.check("", "{\n \"whenFull\": \"sometimes\"}")).containsExactly(
            new Problem(2, 14, "whenFull", "must be refuse, drop or thin, not \"sometimes\""));
        assertThat(check.check("", "{\"streams\": [{\"streams\": [\"device/*\"], \"quota\": 5}]}"))
            .extracting(Problem::attribute).containsExactly("streams[0].quota");
        assertThat(check.check("", "{\"streams\": [{\"streams\": [\"device/*\"], \"quotaMegabytes\": 31}]}"))
            .extracting(Problem::attribute).containsExactly("streams[0].quotaMegabytes");
    }

    @Test
    void the_example_of_the_documentation_is_a_configuration() throws Exception {
        String page = Files.readString(Path.of(System.getProperty("edge.workspace", "..")).resolve("docs/tasks/size-the-journal.md"));
        String example = page.substring(page.indexOf("```json") + 7, page.indexOf("```", page.indexOf("```json") + 7));
        assertThat(new JournalConfigurationCheck().check("", example)).isEmpty();
        StreamRules rules = JournalText.rules(example);
        assertThat(rules.of(Rig.ALARMS).whenFull()).isEqualTo(StreamRules.WhenFull.REFUSE);
        assertThat(rules.of(StreamId.device("meter-7")).resolution()).isEqualTo(Duration.ofMinutes(5));
        assertThat(rules.of(Rig.BOILER).maxAge()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void rules_for_streams_inherit_what_they_do_not_say() throws Exception {
        StreamRules rules = JournalText.rules("""
            {"whenFull": "thin", "maxAgeHours": 48, "streams": [
              {"streams": ["device/meter-*"], "quotaMegabytes": 64, "resolutionSeconds": 300},
              {"streams": ["ingest/*"], "whenFull": "refuse", "maxAgeHours": 0}]}""");
        StreamRules.Rule meter = rules.of(StreamId.device("meter-1"));
        assertThat(meter.quotaBytes()).isEqualTo(64L << 20);
        assertThat(meter.whenFull()).isEqualTo(StreamRules.WhenFull.THIN);
        assertThat(meter.resolution()).isEqualTo(Duration.ofMinutes(5));
        assertThat(meter.maxAge()).isEqualTo(Duration.ofHours(48));
        assertThat(rules.of(Rig.ALARMS).whenFull()).isEqualTo(StreamRules.WhenFull.REFUSE);
        assertThat(rules.of(Rig.ALARMS).maxAge()).isZero();
        assertThat(rules.of(Rig.BOILER).whenFull()).isEqualTo(StreamRules.WhenFull.THIN);
        assertThat(rules.of(Rig.BOILER).quotaBytes()).isZero();
        assertThat(rules.hasQuotas()).isTrue();
        assertThat(rules.hasAges()).isTrue();
    }
}
