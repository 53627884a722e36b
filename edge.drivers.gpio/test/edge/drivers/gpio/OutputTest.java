// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.value.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class OutputTest {

    private static final String VALVE = "{\"name\": \"o\", \"line\": 1, \"direction\": \"out\", \"access\": \"read-write\"";

    @TempDir
    Path folder;

    private static void write(Fixture f, boolean value) throws Exception {
        f.device.write(f.tag("o"), Value.of(value)).toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void a_pulse_ends_by_itself() throws Exception {
        try (Fixture f = Fixture.mock(VALVE + ", \"pulse\": 100}")) {
            f.awaitValues("o=false");
            write(f, true);
            f.awaitValues("o=false", "o=true", "o=false");
            Duration length = Duration.between(f.readings().get(1).sourceTime(), f.readings().get(2).sourceTime());
            assertThat(length).isGreaterThanOrEqualTo(Duration.ofMillis(99));
        }
    }

    @Test
    void a_pulse_that_is_ended_by_hand_does_not_end_the_next_one() throws Exception {
        try (Fixture f = Fixture.mock(VALVE + ", \"pulse\": 1000}")) {
            f.awaitValues("o=false");
            // One behind the other, so that the first pulse cannot end before, however busy the machine is.
            for (boolean value : new boolean[] {true, false, true}) {
                f.device.write(f.tag("o"), Value.of(value));
            }
            f.awaitValues("o=false", "o=true", "o=false", "o=true", "o=false");
            Duration length = Duration.between(f.readings().get(3).sourceTime(), f.readings().get(4).sourceTime());
            assertThat(length).isGreaterThanOrEqualTo(Duration.ofMillis(999));
        }
    }

    @Test
    void after_a_crash_an_output_starts_as_configured_for_that() throws Exception {
        String lines = VALVE + ", \"initial\": true, \"afterCrash\": false}";
        try (Fixture f = new Fixture("mock", "", Fixture.text("mock", lines), folder)) {
            f.awaitValues("o=true");
            assertThat(folder.resolve("panel.json")).hasContent("{\"clean\": false, \"counts\": {}}");
            Files.copy(folder.resolve("panel.json"), folder.resolve("as-a-crash-leaves-it"));
        }
        try (Fixture f = new Fixture("mock", "", Fixture.text("mock", lines), folder)) {
            f.awaitValues("o=true");
        }
        Files.copy(folder.resolve("as-a-crash-leaves-it"), folder.resolve("panel.json"),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (Fixture f = new Fixture("mock", "", Fixture.text("mock", lines), folder)) {
            f.awaitValues("o=false");
        }
    }

    @Test
    void the_loss_of_the_uplinks_makes_an_output_safe_once() {
        SerialExecutor unused = new SerialExecutor("unused");
        OutputState state = new OutputState(new LineConfig.Output(LineConfig.Drive.PUSH_PULL, Optional.of(false),
            Optional.of(false), true, Duration.ofSeconds(30), Duration.ZERO), unused);
        List<Boolean> written = new ArrayList<>();
        state.uplinksLost(Duration.ofSeconds(29), written::add);
        assertThat(written).isEmpty();
        state.uplinksLost(Duration.ofSeconds(30), written::add);
        state.uplinksLost(Duration.ofSeconds(31), written::add);
        assertThat(written).containsExactly(true);
        state.uplinksLost(Duration.ZERO, written::add);
        state.uplinksLost(Duration.ofSeconds(30), written::add);
        assertThat(written).as("each loss anew").containsExactly(true, true);
        unused.close(() -> { });
    }

    @Test
    void without_any_uplink_a_device_makes_its_outputs_safe() {
        try (Fixture f = Fixture.mock(VALVE + ", \"initial\": true, \"uplinkLoss\": 1000}")) {
            f.awaitValues("o=true", "o=false");
        }
    }

    @Test
    void a_notebook_that_cannot_be_written_costs_nothing_but_the_memory() throws Exception {
        Path blocked = Files.writeString(folder.resolve("file"), "");
        Notebook notebook = new Notebook(blocked.resolve("panel.json"));
        notebook.write(new Notebook.Page(true, Map.of("a", 1L)));
        assertThat(notebook.read()).isEmpty();
    }
}
