// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.config.Problem;
import edge.api.value.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComputedTagsTest {
    private final ComputedConfigurationCheck check = new ComputedConfigurationCheck();

    private static String tags(String... tags) {
        return "{\"groups\": {\"slow\": 60000},\n\"tags\": [\n" + String.join(",\n", tags).replace('~', '"') + "\n]}";
    }

    private static String tag(String name, String expression) {
        return "{~name~: ~" + name + "~, ~expression~: ~" + expression + "~}";
    }

    private List<Problem> problems(String... tags) {
        return check.check("c", tags(tags));
    }

    @Test
    void a_wrong_expression_is_refused_with_line_and_column() {
        List<Problem> problems = problems(tag("fine", "1"), tag("wrong", "[a/b] + + 2"), tag("worse", "nothing(3)"));

        assertThat(problems).hasSize(2);
        assertThat(problems.get(0).toString()).startsWith("line 4, column ").contains("tags[1].expression", "character 9", "not '+'");
        String line = tags(tag("fine", "1"), tag("wrong", "[a/b] + + 2"), tag("worse", "nothing(3)")).split("\n")[3];
        assertThat(line.substring(problems.get(0).column() - 1)).startsWith("+ 2");
        assertThat(problems.get(1).line()).isEqualTo(5);
    }

    @Test
    void tags_of_the_same_device_are_computed_in_the_order_in_which_they_need_each_other() {
        Field field = new Field();
        field.set("a/x", Value.real(2));
        ComputedDevice device = new ComputedDevice("c",
            tags(tag("third", "[second] * 10"), tag("second", "[c/first] + 1"), tag("first", "[a/x] * [a/x]")), "", field, field);

        assertThat(device.prepare(device.tags()).run().toCompletableFuture().join()).extracting(reading -> reading.value())
            .containsExactly(Value.real(50), Value.real(5), Value.real(4));
    }

    @Test
    void a_tag_that_is_computed_from_itself_is_refused() {
        assertThat(problems(tag("a", "[b] + 1"), tag("b", "[c/a] + 1"))).singleElement()
            .satisfies(problem -> assertThat(problem.message()).contains("computed from itself", "a needs b needs a"));
        assertThat(problems(tag("a", "[a]"))).hasSize(1);
        assertThat(problems(tag("a", "[b]"))).singleElement().extracting(Problem::message).asString()
            .contains("this device has no tag b");
    }

    @Test
    void names_types_and_attributes_are_checked() {
        assertThat(problems(tag("a", "1"), tag("a", "2")).get(0).message()).contains("in line 3 is called 'a' already");
        assertThat(problems("{~name~: ~a~, ~expression~: ~1 > 2~}").get(0).message())
            .contains("gives true or false, which the type float64 cannot hold");
        assertThat(problems("{~name~: ~a~, ~expression~: ~1~, ~type~: ~bytes~}").get(0).message()).contains("must be bool, text");
        assertThat(problems("{~name~: ~a~, ~expression~: ~1~, ~group~: ~fast~}").get(0).message()).contains("must be one of slow");
        assertThat(problems("{~name~: ~a~, ~expression~: ~1~, ~scale~: 1}").get(0).message()).contains("unknown attribute");
        assertThat(problems("{~name~: ~a~, ~expression~: ~1~, ~type~: ~int32~, ~group~: ~slow~, ~onChange~: true}")).isEmpty();
        assertThat(check.check("", tags(tag("a", "1"))).get(0).message()).contains("edge.computed~NAME.cfg.json");
    }
}
