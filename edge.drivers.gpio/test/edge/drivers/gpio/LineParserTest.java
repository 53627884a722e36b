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

        assertThat(lines.get(0)).isEqualTo(new LineConfig("door", 17, LineConfig.Direction.IN, LineConfig.Edge.BOTH,
            Duration.ofMillis(20), LineConfig.Pull.UP, true, false, false, Access.READ, Duration.ZERO,
            new ReportPolicy(true, 0, Duration.ofMinutes(1)), "Cabinet door", Duration.ofMillis(500)));
        assertThat(lines.get(1).tag()).isEqualTo(new Tag("lamp", DataType.BOOL, "", Access.READ_WRITE,
            Duration.ofMillis(100), ReportPolicy.ALWAYS, ""));
        assertThat(lines.get(1).initial()).as("the safe value is the initial one unless another is given").isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mock    | {"name": "a b", "line": 1, "direction": "in"}                                | lines[0].name | 1 to 64 of
        mock    | {"name": "a", "line": -1, "direction": "in"}                                 | lines[0].line | whole number from 0
        mock    | {"name": "a", "line": 1, "direction": "up"}                                  | lines[0].direction | must be in or out
        mock    | {"name": "a", "line": 1}                                                     | lines[0] | 'direction' is missing
        mock    | {"name": "a", "line": 1, "direction": "in", "colour": 1}                     | lines[0].colour | unknown attribute
        mock    | {"name": "a", "line": 1, "direction": "in", "initial": true}                 | lines[0].initial | only an output has this
        mock    | {"name": "a", "line": 1, "direction": "in", "access": "read-write"}          | lines[0].access | only an output has this
        mock    | {"name": "a", "line": 1, "direction": "out", "debounce": 5}                  | lines[0].debounce | only an input has this
        mock    | {"name": "a", "line": 1, "direction": "out", "toggle": 500}                  | lines[0].toggle | only an input has this
        mock    | {"name": "a", "line": 1, "direction": "out", "access": "write"}              | lines[0].access | read or read-write
        mock    | {"name": "a", "line": 1, "direction": "in", "edge": "rising", "period": 100} | lines[0].edge | leave out one
        mock    | {"name": "a", "line": 1, "direction": "in", "debounce": 5, "period": 100}    | lines[0].debounce | leave out one
        mock    | {"name": "a", "line": 1, "direction": "in", "edge": "rising", "onChange": true} | lines[0].onChange | leave it out
        mock    | {"name": "a", "line": 1, "direction": "in", "heartbeat": 1000}               | lines[0].heartbeat | only with "onChange"
        mock    | {"name": "a", "line": 1, "direction": "in", "debounce": 1.5}                 | lines[0].debounce | whole number
        gpiod   | {"name": "a", "line": 1, "direction": "in", "toggle": 500}                   | lines[0].toggle | only simulated lines
        linuxfs | {"name": "a", "line": 1, "direction": "in", "pull": "up"}                    | lines[0].pull | sysfs cannot set it
        none    | {"name": "a", "line": 1, "direction": "in"}                                  | provider | gpiod, linuxfs or mock
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
            .containsExactly(new Problem(2, 10, "lines[1].name", "'a' is already the name of the line in row 1"));
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
