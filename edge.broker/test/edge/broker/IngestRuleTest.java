// SPDX-License-Identifier: Apache-2.0
package edge.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.config.Problem;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IngestRuleTest {

    private final IngestRuleCheck check = new IngestRuleCheck();

    /** As the component runtime makes it of a file. */
    private record Given(String... topics) implements IngestRuleComponent.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return IngestRuleComponent.Config.class;
        }
    }

    private static IngestRuleComponent component(String name, String... topics) {
        return new IngestRuleComponent(new Given(topics), Map.of("service.pid", IngestRuleComponent.PID + "~" + name));
    }

    @Test
    void the_name_of_the_file_is_the_name_of_the_stream() {
        IngestRuleComponent rule = component("alarms", "plant/+/alarm");
        assertThat(rule.rule().stream().label()).isEqualTo("ingest/alarms");
        assertThat(rule.rule().wants("plant/7/alarm")).isTrue();
        assertThat(rule.rule().wants("plant/7/state")).isFalse();
    }

    @Test
    void a_change_keeps_the_rule_in_force_and_a_bad_one_changes_nothing() {
        IngestRuleComponent component = component("alarms", "a");
        var rule = component.rule();
        component.modified(new Given("b"));
        assertThat(component.rule()).isSameAs(rule);
        assertThat(rule.wants("b")).isTrue();
        assertThat(rule.wants("a")).isFalse();
        assertThatThrownBy(() -> component.modified(new Given("b/#/c"))).hasMessageContaining("alarms");
        assertThat(rule.wants("b")).isTrue();
    }

    @Test
    void a_bad_rule_is_refused_with_the_place_of_each_problem() {
        List<Problem> problems = check.check("alarms", "{\n  \"topics\": [\"ok/#\",\n    \"a/#/b\", \"edge/v1/x\", \"$SYS/x\"]\n}");
        assertThat(problems).extracting(Problem::line, Problem::column, Problem::attribute).containsExactly(
            org.assertj.core.groups.Tuple.tuple(3, 5, "topics[1]"), org.assertj.core.groups.Tuple.tuple(3, 14, "topics[2]"),
            org.assertj.core.groups.Tuple.tuple(3, 27, "topics[3]"));
        assertThat(check.check("alarms", "{\"topics\": []}")).singleElement().satisfies(p ->
            assertThat(p.message()).contains("at least one"));
        assertThat(check.check("alarms", "{}")).singleElement().satisfies(p -> assertThat(p.message()).contains("topics"));
        assertThat(check.check("no good", "{\"topics\": [\"a\"]}")).hasSize(1);
        assertThat(check.check("alarms", "{\"topics\": [\"a\"]}")).isEmpty();
    }

    @Test
    void a_rule_that_slipped_through_fails_with_its_name() {
        assertThatThrownBy(() -> component("alarms")).hasMessageContaining("alarms").hasMessageContaining("at least one");
        assertThatThrownBy(() -> component("no good", "a")).hasMessageContaining("no good");
    }
}
