// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.LinkState.Phase;
import edge.api.health.HealthReport.Status;
import edge.api.value.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The provider linuxfs on a directory that looks like the kernel's GPIO sysfs. */
@Timeout(30)
class SysfsTest {

    private static final String LINES = """
        {"name": "in", "line": 17, "direction": "in"},
        {"name": "lamp", "line": 22, "direction": "out", "initial": true, "safe": false, "access": "read-write"}""";

    @TempDir
    Path sysfs;

    private void line(int number, String value) throws IOException {
        Path folder = Files.createDirectories(sysfs.resolve("gpio" + number));
        Files.writeString(folder.resolve("direction"), "in");
        Files.writeString(folder.resolve("edge"), "none");
        Files.writeString(folder.resolve("active_low"), "1");
        Files.writeString(folder.resolve("value"), value);
    }

    private String file(int number, String name) {
        try {
            return Files.readString(sysfs.resolve("gpio" + number).resolve(name)).trim();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Fixture open() {
        return new Fixture("linuxfs", sysfs.toString(), Fixture.text("linuxfs", LINES));
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void lines_are_set_up_read_watched_driven_and_let_go() throws Exception {
        line(17, "1");
        line(22, "0");
        try (Fixture f = open()) {
            f.awaitValues("in=true", "lamp=true");
            assertThat(file(17, "direction")).isEqualTo("in");
            assertThat(file(17, "edge")).isEqualTo("both");
            assertThat(file(17, "active_low")).as("left over from another program").isEqualTo("0");
            assertThat(file(22, "direction")).as("output and level in one step").isEqualTo("high");
            assertThat(file(22, "value")).isEqualTo("1");
            assertThat(f.device.check().status()).isEqualTo(Status.OK);
            assertThat(f.device.info().address()).isEqualTo("gpio linuxfs " + sysfs);

            // In place: a file that is empty for a moment is none of the kernel's.
            Files.writeString(sysfs.resolve("gpio17/value"), "0", StandardOpenOption.WRITE);
            f.awaitValues("in=true", "lamp=true", "in=false");
            f.device.write(f.tag("lamp"), Value.FALSE).toCompletableFuture().get(5, TimeUnit.SECONDS);
            assertThat(file(22, "value")).isEqualTo("0");
            f.device.write(f.tag("lamp"), Value.TRUE).toCompletableFuture().get(5, TimeUnit.SECONDS);
            assertThat(file(22, "value")).isEqualTo("1");
        }
        assertThat(file(22, "value")).as("safe").isEqualTo("0");
        assertThat(Files.readString(sysfs.resolve("unexport"))).as("the input, not the output").isEqualTo("17");
    }

    @Test
    void a_directory_that_is_not_there_is_named_and_the_device_comes_up_when_it_appears() throws Exception {
        try (Fixture f = new Fixture("linuxfs", sysfs.resolve("later").toString(), Fixture.text("linuxfs", LINES))) {
            Fixture.await("disconnected", () -> f.device.link().phase() == Phase.DISCONNECTED);
            assertThat(f.device.link().detail()).startsWith("line 17 (in) cannot be claimed: there is no GPIO sysfs at "
                + sysfs.resolve("later") + ": check 'path'");
            Path there = sysfs;
            sysfs = Files.createDirectories(there.resolve("later"));
            line(22, "0");
            line(17, "0");
            Fixture.await("connected", () -> f.device.link().phase() == Phase.CONNECTED);
            f.awaitValues("in=NOT_CONNECTED", "lamp=NOT_CONNECTED", "in=false", "lamp=true");
        }
    }

    @Test
    void a_line_that_goes_away_while_in_use_is_noticed_and_claimed_again_when_it_is_back() throws Exception {
        line(17, "0");
        line(22, "0");
        try (Fixture f = open()) {
            f.awaitValues("in=false", "lamp=true");
            Path gone = Files.move(sysfs.resolve("gpio17"), sysfs.resolve("gone"));
            Fixture.await("noticed", () -> f.device.link().phase() == Phase.DISCONNECTED);
            Fixture.await("named", () -> f.device.link().detail().contains("is gone"));
            Files.move(gone, sysfs.resolve("gpio17"));
            f.awaitValues("in=false", "lamp=true", "in=NOT_CONNECTED", "lamp=NOT_CONNECTED", "in=false", "lamp=true");
        }
    }

    @Test
    void attempts_that_fail_leave_no_thread_and_no_file_behind() throws Exception {
        line(17, "0");
        line(22, "0");
        Files.delete(sysfs.resolve("gpio22/direction"));
        Files.createDirectory(sysfs.resolve("gpio22/direction"));
        // The first one loads classes, whose files stay open.
        try (Fixture f = open()) {
            Fixture.await("disconnected", () -> f.device.link().phase() == Phase.DISCONNECTED);
        }
        long before = descriptors();
        try (Fixture f = open()) {
            Fixture.await("disconnected", () -> f.device.link().phase() == Phase.DISCONNECTED);
            Files.deleteIfExists(sysfs.resolve("unexport"));
            for (int i = 0; i < 3; i++) {
                Fixture.await("another attempt", () -> Files.exists(sysfs.resolve("unexport")));
                Files.delete(sysfs.resolve("unexport"));
            }
            assertThat(Fixture.threads().stream().filter(name -> name.endsWith("-watch")).count()).isLessThanOrEqualTo(1);
        }
        Fixture.await("no thread, but " + Fixture.threads(), () -> Fixture.threads().isEmpty());
        assertThat(descriptors()).isLessThanOrEqualTo(before + 2);
    }

    @Test
    void a_line_that_no_chip_has_is_refused_with_the_numbers_that_there_are() throws Exception {
        Path chip = Files.createDirectories(sysfs.resolve("gpiochip512"));
        Files.writeString(chip.resolve("base"), "512\n");
        Files.writeString(chip.resolve("ngpio"), "54\n");
        try (Fixture f = open()) {
            Fixture.await("disconnected", () -> f.device.link().phase() == Phase.DISCONNECTED);
            assertThat(f.device.link().detail()).contains("no chip has that line").contains("the numbers 512 to 565");
            assertThat(sysfs.resolve("export")).as("the kernel was not even asked").doesNotExist();
        }
    }

    @Test
    void each_failure_of_the_sysfs_has_its_remedy() {
        assertThat(SysfsProblem.sentence(new java.nio.file.AccessDeniedException("/sys/class/gpio/export")))
            .contains("/sys/class/gpio/export").contains("group");
        assertThat(SysfsProblem.sentence(new IOException("Device or resource busy")))
            .contains("in use");
    }
}
