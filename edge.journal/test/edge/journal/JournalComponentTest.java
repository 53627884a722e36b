// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.config.Problem;
import edge.api.gateway.Gateway;
import edge.api.health.Events;
import edge.api.health.HealthReport;
import edge.api.journal.StreamSelection;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
        };
    }

    @Test
    void the_journal_lies_below_the_data_directory_and_survives_its_component() throws Exception {
        JournalComponent component = new JournalComponent(gateway(), Rig.CLOCK, config("journal", "each"));
        assertThat(component.append(Rig.ALARMS, Rig.raw("one")).toCompletableFuture().get(10, TimeUnit.SECONDS).gateway())
            .isEqualTo(Rig.GATEWAY);
        assertThat(component.check().status()).isEqualTo(HealthReport.Status.OK);
        assertThat(component.subject()).isEqualTo("journal");
        component.stop();
        assertThat(Files.exists(data.resolve("journal").resolve(Segment.name(1)))).isTrue();

        JournalComponent again = new JournalComponent(gateway(), Rig.CLOCK, config("journal", "interval"));
        assertThat(Rig.payloads(Rig.drain(again.open("cloud", StreamSelection.ALL)))).containsExactly("one");
        assertThat(again.status().policy()).isEqualTo("synced at intervals of 10 ms");
        again.stop();
    }

    @Test
    void a_directory_that_cannot_be_used_makes_an_event_and_critical_health_not_a_missing_service() throws Exception {
        Files.writeString(data.resolve("file"), "no folder");
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        JournalComponent component = new JournalComponent(gateway(), Rig.CLOCK, config("file/journal", "each"));
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
            assertThat(told).contains("OK journal");
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
    }
}
