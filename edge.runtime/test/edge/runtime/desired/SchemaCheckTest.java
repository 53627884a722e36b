// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.config.Problem;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaCheckTest {

    private static List<String> problems(String schema, String value) throws JsonException {
        String root = "{\"properties\": {\"v\": " + schema + "}, \"$defs\": {\"port\": {\"type\": \"integer\", \"maximum\": 9}}}";
        return SchemaCheck.check(JsonParser.parse("{\"v\": " + value + "}").asObject(), JsonParser.parse(root).asObject(),
            Set.of()).stream().map(Problem::toString).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'type': 'integer'}                          | 3              | ok",
        "{'type': 'integer'}                          | 3.0            | ok",
        "{'type': 'integer'}                          | 3.5            | must be a whole number, not 3.5",
        "{'type': ['string', 'null']}                 | null           | ok",
        "{'type': ['string', 'number']}               | true           | must be a text or a number, not true",
        "{'type': 'array'}                            | {}             | must be a list [ ], not an object",
        "{'enum': ['a', 1, null]}                     | 1.0            | ok",
        "{'enum': ['a', 'b']}                         | 'c'            | must be one of \"a\", \"b\", not \"c\"",
        "{'const': 7}                                 | 8              | must be 7, not 8",
        "{'minimum': 2}                               | 2              | ok",
        "{'minimum': 2}                               | 1.9            | must be at least 2, not 1.9",
        "{'maximum': 2}                               | 3              | must be at most 2, not 3",
        "{'exclusiveMinimum': 0}                      | 0              | must be more than 0, not 0",
        "{'exclusiveMaximum': 5}                      | 5              | must be less than 5, not 5",
        "{'minLength': 2}                             | 'é'            | has 1 characters; at least 2 are needed",
        "{'maxLength': 1}                             | '😀'           | ok",
        "{'maxLength': 1}                             | 'ab'           | has 2 characters; at most 1 are allowed",
        "{'pattern': '^a+$'}                          | 'aa'           | ok",
        "{'pattern': 'b'}                             | 'abc'          | ok",
        "{'pattern': '^a+$'}                          | 'ab'           | must match ^a+$, not \"ab\"",
        "{'pattern': '('}                             | 'ab'           | cannot be checked",
        "{'minItems': 1}                              | []             | has 0 items; at least 1 are needed",
        "{'maxItems': 1}                              | [1, 2]         | has 2 items; at most 1 are allowed",
        "{'uniqueItems': true}                        | [1, {'a': 1}, {'a': 1.0}] | is there twice: the same as item 2",
        "{'items': {'type': 'string'}}                | ['a', 2]       | v[1]: must be a text, not 2",
        "{'required': ['x']}                          | {}             | 'x' is missing",
        "{'additionalProperties': false, 'properties': {'x': {}}} | {'y': 1} | v.y: unknown attribute; known are x",
        "{'additionalProperties': {'type': 'string'}} | {'y': 1}       | v.y: must be a text, not 1",
        "{'$ref': '#/$defs/port'}                     | 10             | must be at most 9, not 10",
        "false                                        | 1              | is not allowed here",
        "true                                         | 1              | ok"})
    void a_keyword_judges_as_the_standard_says(String schema, String value, String expected) throws JsonException {
        List<String> found = problems(schema.replace('\'', '"'), value.replace('\'', '"'));

        if (expected.equals("ok")) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).singleElement().asString().contains(expected);
        }
    }

    @Test
    void thousands_of_mistakes_are_not_all_told() throws JsonException {
        StringBuilder many = new StringBuilder("[0");
        for (int i = 0; i < 5_000; i++) {
            many.append(", ").append(i);
        }

        assertThat(problems("{\"items\": {\"type\": \"string\"}}", many.append("]").toString())).hasSize(50);
    }

    @Test
    void keywords_that_nobody_checks_are_found_at_any_depth() throws JsonException {
        assertThat(SchemaCheck.unknownKeywords(JsonParser.parse("{\"type\": \"object\", \"properties\": {\"oneOf\": {\"items\":"
            + " {\"anyOf\": [], \"description\": \"d\"}}}, \"$defs\": {\"x\": {\"multipleOf\": 2}}}")))
            .containsExactlyInAnyOrder("anyOf", "multipleOf");
    }
}
