// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.config.Problem;
import edge.api.device.Access;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.value.DataType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineParserTest {

    private final GpioConfigurationCheck check = new GpioConfigurationCheck();

    @Test
    void every_attribute_of_a_line_reaches_its_tag() throws Exception {
        List<LineConfig> lines = LineParser.parse(Fixture.text("mock", """
            {"name": "door", "line": 17, "direction": "in", "edge": "both", "debounce": 20, "pull": "up",
             "activeLow": true, "onChange": true, "heartbeat": 60000, "description": "Cabinet door", "toggle": 500},
            {"name": "lamp", "line": 22, "direction": "out", "safe": true, "access": "read-write", "period": 100}"""));

        assertThat(lines.get(0)).isEqualTo(new LineConfig("door", LineAddress.numbered("", 17), true, Access.READ, Duration.ZERO,
            new ReportPolicy(true, 0, Duration.ofMinutes(1)), "Cabinet door",
            new LineConfig.Input(LineConfig.Edge.BOTH, Duration.ofMillis(20), LineConfig.Pull.UP, Duration.ofMillis(500))));
        assertThat(lines.get(1).tag()).isEqualTo(new Tag("lamp", DataType.BOOL, "", Access.READ_WRITE,
            Duration.ofMillis(100), ReportPolicy.ALWAYS, ""));
        assertThat(lines.get(1).role()).as("the safe value is the initial one unless another is given").isEqualTo(
            new LineConfig.Output(LineConfig.Drive.PUSH_PULL, Optional.of(true), Optional.of(true), true, Duration.ZERO,
                Duration.ZERO));
    }

    @Test
    void chardev_is_the_default_and_finds_lines_by_chip_and_number_or_by_name() throws Exception {
        List<LineConfig> lines = LineParser.parse("""
            {"chip": "pinctrl-bcm2711", "lines": [
              {"name": "a", "line": 4, "direction": "in"},
              {"name": "b", "line": 4, "chip": "gpiochip1", "direction": "in"},
              {"name": "c", "line": "DOOR", "direction": "out", "initial": "keep", "afterCrash": false, "drive": "open-drain",
               "uplinkLoss": 30000, "pulse": 500, "access": "read-write"}]}""");

        assertThat(lines).extracting(LineConfig::address).containsExactly(LineAddress.numbered("pinctrl-bcm2711", 4),
            LineAddress.numbered("gpiochip1", 4), LineAddress.named("DOOR"));
        assertThat(lines.get(2).role()).isEqualTo(new LineConfig.Output(LineConfig.Drive.OPEN_DRAIN, Optional.empty(),
            Optional.of(false), false, Duration.ofSeconds(30), Duration.ofMillis(500)));
    }

    @Test
    void a_counter_is_read_each_second_and_has_a_second_tag_for_its_rate() throws Exception {
        LineConfig flow = LineParser.parse(Fixture.text("mock", """
            {"name": "volume", "line": 4, "direction": "counter", "perPulse": 0.5, "unit": "l",
             "rate": {"name": "flow", "unit": "l/min", "per": "minute"}}""")).get(0);

        assertThat(flow.tag()).isEqualTo(new Tag("volume", DataType.FLOAT64, "l", Access.READ, Duration.ofSeconds(1),
            ReportPolicy.ALWAYS, ""));
        assertThat(flow.rateTag()).contains(new Tag("flow", DataType.FLOAT64, "l/min", Access.READ, Duration.ofSeconds(1),
            ReportPolicy.ALWAYS, ""));
        assertThat(flow.input()).as("each rising edge is a pulse").hasValueSatisfying(
            input -> assertThat(input.edge()).isEqualTo(LineConfig.Edge.RISING));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mock    | {"name": "a b", "line": 1, "direction": "in"}                                | lines[0].name | 1 to 64 of
        mock    | {"name": "a", "line": -1, "direction": "in"}                                 | lines[0].line | whole number from 0
        mock    | {"name": "a", "line": 1, "direction": "up"}                                  | lines[0].direction | must be in or counter or out
        mock    | {"name": "a", "line": 1}                                                     | lines[0] | 'direction' is missing
        mock    | {"name": "a", "line": 1, "direction": "in", "colour": 1}                     | lines[0].colour | unknown attribute
        mock    | {"name": "a", "line": 1, "direction": "in", "initial": true}                 | lines[0].initial | direction in has none; out has
        mock    | {"name": "a", "line": 1, "direction": "in", "access": "read-write"}          | lines[0].access | direction in has none
        mock    | {"name": "a", "line": 1, "direction": "out", "debounce": 5}                  | lines[0].debounce | direction out has none; in has
        mock    | {"name": "a", "line": 1, "direction": "out", "toggle": 500}                  | lines[0].toggle | direction out has none; in has
        mock    | {"name": "a", "line": 1, "direction": "out", "access": "write"}              | lines[0].access | read or read-write
        mock    | {"name": "a", "line": 1, "direction": "in", "edge": "rising", "period": 100} | lines[0].edge | leave out one
        mock    | {"name": "a", "line": 1, "direction": "in", "debounce": 5, "period": 100}    | lines[0].debounce | leave out one
        mock    | {"name": "a", "line": 1, "direction": "in", "edge": "rising", "onChange": true} | lines[0].onChange | leave it out
        mock    | {"name": "a", "line": 1, "direction": "in", "heartbeat": 1000}               | lines[0].heartbeat | only with "onChange"
        mock    | {"name": "a", "line": 1, "direction": "in", "debounce": 1.5}                 | lines[0].debounce | whole number
        gpiod   | {"name": "a", "line": 1, "direction": "in", "toggle": 500}                   | lines[0].toggle | only simulated lines
        linuxfs | {"name": "a", "line": 1, "direction": "in", "pull": "up"}                    | lines[0].pull | sysfs cannot set it
        linuxfs | {"name": "a", "line": "DOOR", "direction": "in"}                             | lines[0].line | whole number
        linuxfs | {"name": "a", "line": 1, "chip": "gpiochip0", "direction": "in"}             | lines[0].chip | only the provider chardev
        linuxfs | {"name": "a", "line": 1, "direction": "out", "initial": "keep"}              | lines[0].initial | only the provider chardev
        linuxfs | {"name": "a", "line": 1, "direction": "out", "drive": "open-drain"}          | lines[0].drive | only the provider chardev
        chardev | {"name": "a", "line": "DOOR", "chip": "gpiochip0", "direction": "in"}        | lines[0].chip | looked for on every chip
        chardev | {"name": "a", "line": "", "direction": "in"}                                 | lines[0].line | 1 to 31 characters
        chardev | {"name": "a", "line": 1, "direction": "out", "initial": "on"}                | lines[0].initial | true, false or "keep"
        mock    | {"name": "a", "line": 1, "direction": "out", "pulse": 100}                   | lines[0].pulse | add "access"
        mock    | {"name": "a", "line": 1, "direction": "out", "pulse": 100, "access": "read-write", "safe": true} | lines[0].pulse | must be false
        mock    | {"name": "a", "line": 1, "direction": "out", "uplinkLoss": 10}               | lines[0].uplinkLoss | whole number from 1000
        mock    | {"name": "a", "line": 1, "direction": "counter", "perPulse": 0}              | lines[0].perPulse | more than 0
        mock    | {"name": "a", "line": 1, "direction": "counter", "rate": {"name": "a"}}      | lines[0].rate.name | already the name
        mock    | {"name": "a", "line": 1, "direction": "counter", "rate": {"name": "b", "per": "day"}} | lines[0].rate.per | second or minute or hour
        none    | {"name": "a", "line": 1, "direction": "in"}                                  | provider | chardev, linuxfs, gpiod or mock
        """)
    void a_wrong_line_is_refused_where_it_stands(String provider, String line, String attribute, String message) {
        List<Problem> problems = check.check("panel", Fixture.text(provider, line));

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).attribute()).isEqualTo(attribute);
        assertThat(problems.get(0).message()).contains(message);
        assertThat(problems.get(0).line()).isEqualTo(1);
        assertThat(problems.get(0).column()).isGreaterThan(1);
    }

    @Test
    void a_name_or_a_line_that_is_used_twice_is_refused_in_its_row() {
        String first = "{\"name\": \"a\", \"line\": 1, \"direction\": \"in\"},\n";

        assertThat(check.check("panel", Fixture.text("mock", first + "{\"name\": \"a\", \"line\": 2, \"direction\": \"in\"}")))
            .containsExactly(new Problem(2, 10, "lines[1].name", "'a' is already the name of the tag in row 1"));
        assertThat(check.check("panel", Fixture.text("mock", first + "{\"name\": \"b\", \"line\": 1, \"direction\": \"out\"}")))
            .containsExactly(new Problem(2, 23, "lines[1].line", "line 1 is already used by 'a'"));
    }

    @Test
    void only_linuxfs_has_a_path() {
        String text = "{\"provider\": \"gpiod\", \"path\": \"/sys/class/gpio\", \"lines\": []}";

        assertThat(check.check("panel", text)).extracting(Problem::attribute).containsExactly("path");
    }

    @Test
    void a_file_without_a_name_or_without_lines_is_refused() {
        assertThat(check.check("", Fixture.text("mock", "")).get(0).message()).contains("edge.drivers.gpio~NAME.cfg.json");
        assertThat(check.check("panel", Fixture.text("mock", "")).get(0).message()).contains("1 to 256 lines");
        assertThat(check.check("panel", "{\"provider\": \"mock\"}").get(0).message()).contains("'lines' is missing");
    }

    @Test
    void what_is_right_has_no_problem() {
        assertThat(check.check("panel", Fixture.text("linuxfs", "{\"name\": \"a\", \"line\": 529, \"direction\": \"in\"}"))).isEmpty();
    }
}
