// SPDX-License-Identifier: Apache-2.0
package edge.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.device.ReportPolicy;
import edge.api.device.ReportPolicy.Rule;
import edge.api.value.DataType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TagAttributesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static Json.Obj parse(String text) throws JsonException {
        return JsonParser.parse(text.replace('\'', '"')).asObject();
    }

    private static Duration period(String device, String tag) throws JsonException {
        return new TagAttributes(parse(device)).period(parse(tag), SECOND);
    }

    private static ReportPolicy report(String tag, DataType type) throws JsonException {
        return TagAttributes.report(parse(tag), type);
    }

    @Test
    void a_tag_has_its_own_period_or_that_of_its_group() throws JsonException {
        assertThat(period("{}", "{}")).isEqualTo(SECOND);
        assertThat(period("{}", "{'period': 250}")).isEqualTo(Duration.ofMillis(250));
        assertThat(period("{'groups': {'fast': 20, 'slow': 60000}}", "{'group': 'slow'}")).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void a_group_that_does_not_exist_or_contradicts_is_refused_at_its_place() {
        assertThatThrownBy(() -> period("{'groups': {'fast': 20, 'slow': 60000}}", "{\n 'group': 'slwo'}"))
            .hasMessageContaining("must be one of fast, slow, not \"slwo\"")
            .extracting(e -> ((JsonException) e).line()).isEqualTo(2);
        assertThatThrownBy(() -> period("{}", "{'group': 'fast'}")).hasMessageContaining("there are no groups");
        assertThatThrownBy(() -> period("{'groups': {'fast': 20}}", "{'group': 'fast', 'period': 20}"))
            .hasMessageContaining("either group or period");
        assertThatThrownBy(() -> period("{'groups': {'fast': 5}}", "{}")).hasMessageContaining("from 10 to 86400000");
    }

    @Test
    void the_report_policy_is_read_with_all_its_parts() throws JsonException {
        assertThat(report("{}", DataType.BOOL)).isEqualTo(ReportPolicy.ALWAYS);
        assertThat(report("{'publish': false}", DataType.INT16)).isEqualTo(ReportPolicy.NEVER);
        assertThat(report("{'onChange': true, 'deadband': 0.5, 'deadbandPercent': 2, 'heartbeat': 60000}", DataType.FLOAT32))
            .isEqualTo(new ReportPolicy(Rule.ON_CHANGE, 0.5, 2, Duration.ofMinutes(1)));
    }

    @Test
    void an_attribute_that_would_have_no_effect_is_refused() {
        assertThatThrownBy(() -> report("{'deadbandPercent': 2}", DataType.INT16)).hasMessageContaining("onChange");
        assertThatThrownBy(() -> report("{'heartbeat': 2}", DataType.INT16)).hasMessageContaining("onChange");
        assertThatThrownBy(() -> report("{'onChange': true, 'publish': false}", DataType.INT16))
            .hasMessageContaining("has no effect with \"publish\": false");
        assertThatThrownBy(() -> report("{'onChange': true, 'deadband': 1}", DataType.BOOL))
            .hasMessageContaining("is for numbers, not for a bool");
        assertThatThrownBy(() -> report("{'onChange': true, 'deadbandPercent': -1}", DataType.INT16))
            .hasMessageContaining("must be 0 or more");
    }
}
