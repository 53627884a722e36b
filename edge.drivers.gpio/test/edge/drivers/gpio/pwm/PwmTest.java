// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.pwm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import edge.api.config.Problem;
import edge.api.device.FieldDevice;
import edge.api.value.Value;
import edge.driver.test.FieldDeviceContract;
import edge.driver.test.Specimen;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PWM on a directory that looks like the kernel's; that pulses come out needs a board, see docs/tasks/check-a-board.md. */
class PwmTest extends FieldDeviceContract {

    private static final String TEXT = """
        {"channels": [{"name": "fan", "channel": 1, "frequency": 25000, "initial": 40, "safe": 10, "access": "read-write",
          "period": 50}]}""";

    @TempDir
    Path sysfs;

    private Path channel;

    @BeforeEach
    void board() throws IOException {
        channel = Files.createDirectories(sysfs.resolve("pwmchip0/pwm1"));
        Files.writeString(sysfs.resolve("pwmchip0/npwm"), "2");
        for (String file : List.of("period", "duty_cycle", "enable")) {
            Files.writeString(channel.resolve(file), "0");
        }
        Files.writeString(channel.resolve("polarity"), "inversed");
    }

    private static Specimen specimen(Path path) {
        PwmConfig config = new PwmConfig() {
            @Override
            public Class<? extends Annotation> annotationType() {
                return PwmConfig.class;
            }

            @Override
            public String path() {
                return path.toString();
            }

            @Override
            public String description() {
                return "";
            }
        };
        PwmDevice device = new PwmDevice(config, Map.of("service.pid", "edge.drivers.gpio.pwm~fans", ".edge.text", TEXT));
        device.start();
        return new Specimen(device, device::stop);
    }

    @Override
    protected Specimen reachable() {
        return specimen(sysfs);
    }

    @Override
    protected Optional<Specimen> unreachable() {
        return Optional.of(specimen(Path.of("/nowhere")));
    }

    private String file(String name) throws IOException {
        return Files.readString(channel.resolve(name)).trim();
    }

    @Test
    void a_channel_pulses_as_configured_and_stays_at_its_safe_value_when_it_is_let_go() throws Exception {
        Specimen specimen = specimen(sysfs);
        FieldDevice device = specimen.device();
        device.prepare(device.tags()).run().toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertThat(file("period")).isEqualTo("40000");
        assertThat(file("duty_cycle")).isEqualTo("16000");
        assertThat(file("polarity")).isEqualTo("normal");
        assertThat(file("enable")).isEqualTo("1");

        device.write(device.tags().get(0), Value.real(75)).toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertThat(file("duty_cycle")).isEqualTo("30000");
        specimen.deactivate().run();
        assertThat(file("duty_cycle")).isEqualTo("4000");
    }

    @Test
    void more_than_all_is_refused() throws Exception {
        Channel fan = ChannelParser.parse(TEXT).get(0);
        assertThatIllegalArgumentException().isThrownBy(() -> fan.write(new Channels(sysfs.toString(), List.of(fan)),
            Value.real(100.1))).withMessageContaining("0 to 100 percent");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"name": "a", "channel": 1}                                       | channels[0] | 'frequency' is missing
        {"name": "a", "channel": 1, "frequency": 0}                       | channels[0].frequency | 0.1 to 10000000
        {"name": "a", "channel": 1, "frequency": 50, "safe": 101}         | channels[0].safe | 0 to 100 percent
        {"name": "a", "channel": 1, "frequency": 50}, {"name": "b", "channel": 1, "frequency": 50} | channels[1].channel | already used by 'a'
        """)
    void a_wrong_channel_is_refused_where_it_stands(String channels, String attribute, String message) {
        List<Problem> problems = new PwmConfigurationCheck().check("fans", "{\"channels\": [" + channels + "]}");
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).attribute()).isEqualTo(attribute);
        assertThat(problems.get(0).message()).contains(message);
    }
}
