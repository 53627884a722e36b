// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sections 4.7 and 4.8: topics, filters, and errors. */
class TopicTest extends OnTheWire {

    @Normative({"3.3.2-3", "4.7.1-2", "4.7.1-3", "4.7.3-4"})
    @ParameterizedTest
    @CsvSource({"#, a, true", "#, a/b/c, true", "#, /, true", "a/#, a, true", "a/#, a/b/c, true", "a/#, ab, false", "a/#, a/, true",
        "+, a, true", "+, /a, false", "+, a/b, false", "/+, /a, true", "+/+, /a, true", "a/+, a, false", "a/+, a/, true",
        "a/+, a/b, true", "a/+, a/b/c, false", "a/+/c, a//c, true", "+/b/#, a/b, true", "a, A, false", "a/b, a/b/, false",
        "/a, a, false", "a b/c, a b/c, true", "a//b, a/b, false", "%61, a, false", "a/../b, b, false", "+/+/+, a/b, false", "/+, //, false", "+/+/+, //, true", "//, //, true", "a//, a//, true", "a//, a/, false",
        "a/+, a//, false", "a/#, a//, true", "//#, //, true", "/, //, false", "a/+/, a/b/, true"})
    void a_filter_matches_what_the_standard_says_and_the_topic_arrives_as_it_was_sent(String filter, String topic, boolean matches)
        throws IOException {
        try (Wire client = clean("c").subscribed(filter, 0)) {
            client.send("30 [s'" + topic + "' 'x']");
            if (matches) {
                client.expect("30 [s'" + topic + "' 'x']");
            }
            client.quiet();
        }
    }

    @Normative("4.7.2-1")
    @Test
    void leading_wildcards_match_no_topic_that_begins_with_a_dollar_sign() throws IOException {
        try (Wire client = clean("c").subscribed("#", 0).subscribed("+/x", 0).subscribed("+/#", 0)) {
            client.send("30 [s'$SYS/x' 'x'] 30 [s'$other/x' 'x'] 30 [s'$' 'x'] 31 [s'$SYS/x' 'x']").quiet();
            client.send("82 [0002 s'$SYS/#' 00 s'$SYS/x' 00 s'$share/g/$SYS/#' 00 s'$other/+' 00]").expect("90 [0002 80 80 80 80]");
        }
    }

    @Normative({"4.7.3-1", "4.7.3-3"})
    @Test
    void topics_have_1_to_1_024_characters_and_at_most_64_levels() throws IOException {
        try (Wire client = clean("c").subscribed("#", 0)) {
            client.send("30 [s'a' 'x'] 30 [s'a'*1024 'x'] 30 [s'/'*63 'x']")
                .expect("30 [s'a' 'x'] 30 [s'a'*1024 'x'] 30 [s'/'*63 'x']");
        }
        for (String bad : new String[] {"30 [s'' 'x']", "30 [s'a'*1025 'x']", "30 [s'/'*64 'x']", "82 [0001 s'a'*1025 00]"}) {
            try (Wire client = clean("c")) {
                client.send(bad).expectEnd();
            }
        }
    }

    @Normative("4.8.0-2")
    @Test
    void a_message_that_cannot_be_stored_now_is_not_acknowledged_and_its_connection_is_closed() throws IOException {
        rig.journal.refuses = true;
        try (Wire client = clean("c"); Wire other = clean("other")) {
            client.send("32 [s'wanted/a' 0001 'x']").expectEnd();
            other.quiet();
        }
    }
}
