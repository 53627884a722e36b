// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3.3 to 3.7 and 4.3: PUBLISH, its answers, and retained messages. */
class PublishPacketTest extends OnTheWire {

    @Normative({"3.3.4-1", "4.3.2-2", "4.3.3-2"})
    @Test
    void each_message_is_answered_as_its_qos_wants_and_an_id_that_is_free_again_means_a_new_message() throws IOException {
        try (Wire reader = clean("reader").subscribed("a", 0); Wire writer = clean("writer")) {
            writer.send("30 [s'a' '0']").quiet();
            writer.send("32 [s'a' 0001 '1']").expect("40 02 0001").send("3a [s'a' 0001 '2']").expect("40 02 0001");
            writer.send("34 [s'a' 0001 '3']").expect("50 02 0001").send("62 02 0001").expect("70 02 0001");
            writer.send("34 [s'a' 0001 '4']").expect("50 02 0001").send("62 02 0001").expect("70 02 0001");
            reader.expect("30 [s'a' '0'] 30 [s'a' '1'] 30 [s'a' '2'] 30 [s'a' '3'] 30 [s'a' '4']").quiet();
        }
    }

    @Normative("4.3.3-2")
    @Test
    void a_message_of_qos_2_that_comes_again_before_its_pubrel_is_answered_and_delivered_once() throws IOException {
        try (Wire reader = clean("reader").subscribed("a", 0)) {
            Wire writer = kept("writer").send("34 [s'a' 0007 'x']").expect("50 02 0007").send("3c [s'a' 0007 'x']").expect("50 02 0007");
            cut(writer, "writer");
            try (Wire again = back("writer")) {
                again.send("3c [s'a' 0007 'x']").expect("50 02 0007").send("62 02 0007").expect("70 02 0007");
                again.send("62 02 0007").expect("70 02 0007");
            }
            reader.expect("30 [s'a' 'x']").quiet();
        }
    }

    @Normative("3.3.1-3")
    @Test
    void the_dup_flag_of_a_publisher_is_not_taken_over() throws IOException {
        try (Wire reader = clean("reader").subscribed("a", 2); Wire writer = clean("writer")) {
            writer.send("3a [s'a' 0001 'x']").expect("40 02 0001").send("3c [s'a' 0002 'y']").expect("50 02 0002");
            reader.expect("32 [s'a' 0001 'x']").expect("34 [s'a' 0002 'y']");
        }
    }

    @Normative("3.3.1-4")
    @ParameterizedTest
    @ValueSource(strings = {"36 [s'a' 0001 'x']", "37 [s'a' 0001 'x']", "3e [s'a' 0001 'x']"})
    void a_message_of_qos_3_ends_the_connection(String packet) throws IOException {
        try (Wire client = clean("c")) {
            client.send(packet).expectEnd();
        }
    }

    @Normative({"3.3.2-2", "4.7.1-1"})
    @ParameterizedTest
    @ValueSource(strings = {"#", "+", "a/#", "+/a", "a+", "a#b"})
    void a_topic_name_with_a_wildcard_ends_the_connection(String topic) throws IOException {
        try (Wire client = clean("c")) {
            client.send("30 [s'" + topic + "' 'x']").expectEnd();
        }
    }

    @Normative({"4.3.2-1", "4.3.3-1", "3.8.4-6"})
    @ParameterizedTest
    @CsvSource({"0, 0, 30", "0, 1, 30", "0, 2, 30", "1, 0, 30", "1, 1, 32", "1, 2, 32", "2, 0, 30", "2, 1, 32", "2, 2, 34"})
    void a_message_is_delivered_at_the_lesser_of_its_qos_and_the_one_granted(int sent, int granted, String first) throws IOException {
        try (Wire reader = clean("reader").subscribed("a", granted); Wire writer = clean("writer")) {
            writer.send("3" + sent * 2 + " [s'a' " + (sent == 0 ? "" : "0009") + " 'x']");
            reader.expect(first + " [s'a' " + (first.equals("30") ? "" : "0001") + " 'x']");
            if (first.equals("34")) {
                reader.send("50 02 0001").expect("62 02 0001").send("70 02 0001");
            } else if (first.equals("32")) {
                reader.send("40 02 0001");
            }
            reader.quiet();
        }
    }

    @Normative({"4.3.3-1", "4.4.0-1", "3.6.1-1"})
    @Test
    void once_a_pubrel_has_been_sent_it_is_what_is_sent_again_and_not_the_message() throws IOException {
        try (Wire writer = clean("writer")) {
            Wire reader = kept("reader").subscribed("a", 2);
            writer.send("34 [s'a' 0009 '1']").expect("50 02 0009 ").send("34 [s'a' 000a '2']").expect("50 02 000a");
            reader.expect("34 [s'a' 0001 '1']").expect("34 [s'a' 0002 '2']").send("50 02 0001").expect("62 02 0001");
            cut(reader, "reader");
            reader = back("reader").expect("62 02 0001").expect("3c [s'a' 0002 '2']").send("70 02 0001 50 02 0002")
                .expect("62 02 0002");
            cut(reader, "reader");
            back("reader").expect("62 02 0002").send("70 02 0002").quiet().goodbye();
            awaitGone("reader");
            try (Wire last = back("reader")) {
                last.quiet();
            }
        }
    }

    @Test
    void answers_to_nothing_harm_nobody() throws IOException {
        try (Wire client = clean("c")) {
            client.send("40 02 0009 70 02 0009").quiet().send("62 02 0009").expect("70 02 0009").send("50 02 0009")
                .expect("62 02 0009").quiet();
        }
    }

    @Normative("3.3.5-1")
    @Test
    void overlapping_subscriptions_get_one_message_at_the_greatest_qos_of_them() throws IOException {
        try (Wire reader = clean("reader"); Wire writer = clean("writer")) {
            reader.send("82 [0001 s'a/#' 00 s'a/+' 02 s'a/b' 01 s'#' 00]").expect("90 [0001 00 02 01 00]");
            writer.send("34 [s'a/b' 0001 'x']").expect("50 02 0001");
            reader.expect("34 [s'a/b' 0001 'x']").quiet();
            reader.send("a2 [0002 s'a/+']").expect("b0 02 0002");
            writer.send("34 [s'a/b' 0002 'y']").expect("50 02 0002");
            reader.expect("32 [s'a/b' 0002 'y']").quiet();
        }
    }

    @Normative("3.3.5-2")
    @ParameterizedTest
    @ValueSource(strings = {"32 [s'edge/v1/boiler' 0001 'x']", "34 [s'edge/v1/boiler' 0001 'x']"})
    void a_message_that_is_not_allowed_is_not_acknowledged_and_its_connection_ends(String packet) throws IOException {
        try (Wire reader = clean("reader").subscribed("#", 2); Wire client = clean("c")) {
            client.send(packet).expectEnd();
            reader.quiet();
        }
    }

    @Normative("3.3.5-2")
    @Test
    void a_message_to_a_topic_that_begins_with_a_dollar_sign_is_answered_and_goes_nowhere() throws IOException {
        try (Wire client = clean("c").subscribed("#", 2)) {
            client.send("33 [s'$SYS/x' 0001 'x']").expect("40 02 0001").send("34 [s'$x' 0002 'x']").expect("50 02 0002")
                .send("62 02 0002").expect("70 02 0002").quiet();
        }
        assertThat(rig.broker.status().publishesRefused()).isEqualTo(2);
        assertThat(rig.journal.appends).isEmpty();
    }

    @Normative("3.3.5-2")
    @Test
    void a_message_of_qos_0_that_is_not_allowed_goes_nowhere() throws IOException {
        try (Wire client = clean("c").subscribed("edge/#", 0)) {
            client.send("30 [s'edge/v1/boiler' 'x'] 31 [s'edge/v1/cmd/pump' 'x']").quiet();
        }
    }

    // ------------------------------------------------------------------------------------------ retained messages

    @Normative({"3.3.1-5", "3.3.1-6", "3.3.1-8"})
    @ParameterizedTest
    @CsvSource({"31, '', 31, ''", "33, 0005, 33, 0001", "35, 0005, 35, 0001"})
    void a_retained_message_and_its_qos_reach_a_later_subscription(String sent, String id, String got, String gotId) throws IOException {
        try (Wire reader = clean("reader"); Wire writer = clean("writer")) {
            writer.send(sent + " [s'r' " + id + " 'old'] " + sent + " [s'r' " + id.replace('5', '6') + " 'new']");
            if (!id.isEmpty()) {
                writer.expect((sent.equals("33") ? "40" : "50") + " 02 0005" + (sent.equals("33") ? "40" : "50") + " 02 0006");
            }
            writer.quiet();
            reader.send("82 [0001 s'r' 02]").expect("90 [0001 02]").expect(got + " [s'r' " + gotId + " 'new']").quiet();
        }
    }

    @Normative("3.3.1-7")
    @Test
    void a_retained_message_of_qos_0_takes_the_place_of_one_of_qos_1() throws IOException {
        try (Wire writer = clean("writer"); Wire reader = clean("reader")) {
            writer.send("33 [s'r' 0001 'one']").expect("40 02 0001").send("31 [s'r' 'zero']").quiet();
            reader.subscribed("r", 1).expect("31 [s'r' 'zero']").quiet();
        }
    }

    @Normative({"3.3.1-8", "3.3.1-9", "3.8.4-3"})
    @Test
    void the_retain_flag_is_for_new_subscriptions_only_and_for_those_that_are_made_again() throws IOException {
        try (Wire reader = clean("reader").subscribed("r", 0); Wire writer = clean("writer")) {
            writer.send("31 [s'r' 'x']").quiet();
            reader.expect("30 [s'r' 'x']").quiet();
            reader.subscribed("r", 0).expect("31 [s'r' 'x']").quiet();
        }
    }

    @Normative({"3.3.1-10", "3.3.1-11"})
    @ParameterizedTest
    @ValueSource(strings = {"31 [s'r']", "33 [s'r' 0002]", "35 [s'r' 0002]"})
    void an_empty_retained_message_is_delivered_and_removes_the_one_that_is_kept(String empty) throws IOException {
        try (Wire old = clean("old").subscribed("r", 0); Wire writer = clean("writer"); Wire young = clean("young")) {
            writer.send("33 [s'r' 0001 'x']").expect("40 02 0001").send(empty);
            old.expect("30 [s'r' 'x']").expect("30 [s'r']").quiet();
            young.subscribed("r", 2).quiet();
            writer.send("31 [s'r']");
            old.expect("30 [s'r']").quiet();
            young.expect("30 [s'r']").subscribed("r", 2).quiet();
        }
    }

    @Normative("3.3.1-12")
    @Test
    void a_message_without_the_flag_changes_nothing_that_is_retained() throws IOException {
        try (Wire writer = clean("writer"); Wire reader = clean("reader")) {
            writer.send("31 [s'r' 'kept'] 30 [s'r' 'passing'] 30 [s'r'] 30 [s'other' 'passing']").quiet();
            reader.subscribed("#", 0).expect("31 [s'r' 'kept']").quiet();
        }
    }

    @Normative("3.1.2-7")
    @Test
    void retained_messages_are_no_part_of_a_session() throws IOException {
        clean("writer").send("31 [s'r' 'x']").quiet().goodbye();
        awaitGone("writer");
        clean("writer").goodbye();
        awaitGone("writer");
        try (Wire reader = clean("reader")) {
            reader.subscribed("r", 0).expect("31 [s'r' 'x']").quiet();
        }
    }

    @Normative({"3.3.1-5", "3.1.2-7"})
    @Test
    void retained_messages_of_every_qos_are_there_after_a_restart() throws IOException {
        try (Wire writer = clean("writer")) {
            writer.send("31 [s'r/0' '0'] 33 [s'r/1' 0001 '1']").expect("40 02 0001").quiet();
        }
        restart();
        try (Wire reader = clean("reader")) {
            reader.subscribed("r/0", 1).expect("31 [s'r/0' '0']").subscribed("r/1", 1).expect("33 [s'r/1' 0001 '1']");
        }
    }
}
