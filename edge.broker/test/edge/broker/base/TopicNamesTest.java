// SPDX-License-Identifier: Apache-2.0
package edge.broker.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "/", "a/b", "/a/", "a//b", "über/größe", "$SYS/x", " "})
    void names_that_the_standard_allows_are_names_and_filters(String topic) {
        assertThat(TopicNames.problemOfName(topic)).isEmpty();
        assertThat(TopicNames.problemOfFilter(topic)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "+", "+/+", "a/+/b", "a/#", "/+", "+/a/#"})
    void filters_with_wildcards_are_no_names(String filter) {
        assertThat(TopicNames.problemOfFilter(filter)).isEmpty();
        assertThat(TopicNames.problemOfName(filter)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a#", "a/#/b", "#/a", "a+", "+a", "a/b+/c", "##", "++", "a\u0000b"})
    void what_is_malformed_is_neither(String text) {
        assertThat(TopicNames.problemOfFilter(text)).isPresent();
        assertThat(TopicNames.problemOfName(text)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"a/b,a/b", "$share/group/a/+,a/+", "$share/group/#,#", "$share/gr+up/a,''", "$share//a,''", "$share/group,''",
        "$share/group/,''"})
    void a_shared_filter_is_taken_apart(String text, String inner) {
        assertThat(TopicNames.withoutShare(text)).isEqualTo(inner);
    }
}
