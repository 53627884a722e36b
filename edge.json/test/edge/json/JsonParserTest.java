// SPDX-License-Identifier: Apache-2.0
package edge.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import edge.api.value.DataType;
import edge.api.value.Value;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JsonParserTest {

    private static JsonException problem(String text) {
        return assertThatExceptionOfType(JsonException.class).isThrownBy(() -> JsonParser.parse(text)).actual();
    }

    @Test
    void a_node_remembers_its_line_column_and_path() throws Exception {
        Json.Obj root = JsonParser.parse("{\n  \"tags\": [\n    {\"name\": 7}\n  ]\n}").asObject();
        Json name = root.get("tags").asArray().get(0).asObject().get("name");

        assertThat(name.place().line()).isEqualTo(3);
        assertThat(name.place().column()).isEqualTo(14);
        assertThat(name.place().path()).isEqualTo("tags[0].name");
    }

    @Test
    void a_duplicate_member_is_refused_where_it_stands() {
        JsonException problem = problem("{\"a\": 1,\n \"a\": 2}");

        assertThat(problem.line()).isEqualTo(2);
        assertThat(problem).hasMessageContaining("Duplicate field 'a'");
    }

    @Test
    void text_behind_the_end_is_refused() {
        assertThat(problem("{} {}")).hasMessageContaining("more text behind the end");
    }

    @Test
    void an_empty_text_is_refused() {
        assertThat(problem("  ")).hasMessageContaining("empty");
    }

    @Test
    void deep_nesting_is_refused_without_exhausting_the_stack() {
        assertThat(problem("[".repeat(100_000))).hasMessageContaining("nesting depth");
    }

    @Test
    void long_names_above_many_values_are_not_kept_for_each_of_them() throws Exception {
        String name = "k".repeat(30_000);
        // With its whole path each of the items would keep 30,000 characters, and all of them gigabytes.
        Json.Obj root = JsonParser.parse("{\"" + name + "\": [" + "0,".repeat(100_000) + "true]}").asObject();
        Json last = root.get(name).asArray().get(100_000);

        assertThatExceptionOfType(JsonException.class).isThrownBy(last::asText)
            .matches(problem -> problem.path().equals(name + "[100000]"));
    }

    @Test
    void more_values_than_any_configuration_has_are_refused() {
        assertThat(problem("[" + "0,".repeat(500_000) + "0]")).hasMessageContaining("more than 500000 values");
    }

    @Test
    void numbers_without_end_and_texts_that_stop_are_refused() {
        assertThat(problem("9".repeat(101))).hasMessageContaining("101");
        for (String broken : new String[] {"{", "[1", "\"a", "{\"a\":", "tru", "\u0000", "{\"a\" 1}", "[1,]", "'a'", "NaN", "01"}) {
            assertThat(problem(broken).line()).as(broken).isPositive();
        }
    }

    @Test
    void an_unknown_attribute_is_named_with_what_is_known() throws Exception {
        Json.Obj root = JsonParser.parse("{\"hots\": \"x\"}").asObject();

        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> root.allowOnly(Set.of("host", "port")))
            .withMessage("unknown attribute; known are host, port").extracting(JsonException::path).isEqualTo("hots");
    }

    @Test
    void a_huge_exponent_is_neither_an_integer_nor_a_long_wait() throws Exception {
        Json huge = JsonParser.parse("1e999999999");

        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> huge.asInteger(0, 10));
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> huge.asNumber());
        assertThatExceptionOfType(JsonException.class).isThrownBy(() -> JsonValues.read(huge, DataType.INT64));
    }

    @Test
    void integers_beyond_two_to_the_53_survive_the_way_out_and_back() throws Exception {
        Value value = Value.unsigned(-1);
        byte[] json = JsonWriter.bytes(out -> JsonWriter.value(out, value));

        assertThat(new String(json)).isEqualTo("\"18446744073709551615\"");
        assertThat(JsonValues.read(JsonParser.parse(new String(json)), DataType.UINT64)).isEqualTo(value);
    }
}
