// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3.8 to 3.12: SUBSCRIBE, UNSUBSCRIBE, PINGREQ and their answers. */
class SubscribePacketTest extends OnTheWire {

    @Normative({"3.8.3-3", "3.10.3-2"})
    @ParameterizedTest
    @ValueSource(strings = {"82 02 0001", "a2 02 0001"})
    void a_request_without_a_filter_ends_the_connection(String packet) throws IOException {
        try (Wire client = clean("c")) {
            client.send(packet).expectEnd();
        }
    }

    @Normative("3.8.3-4")
    @ParameterizedTest
    @ValueSource(strings = {"03", "04", "08", "10", "20", "40", "80", "fc"})
    void a_qos_that_is_none_ends_the_connection(String options) throws IOException {
        try (Wire client = clean("c")) {
            client.send("82 [0001 s'a' 00 s'b' " + options + "]").expectEnd();
        }
    }

    @Normative({"3.8.3-2", "4.7.1-1", "4.7.1-2", "4.7.1-3", "4.7.3-1"})
    @ParameterizedTest
    @ValueSource(strings = {"", "a#", "#/a", "a/#/b", "##", "+a", "a+", "a/+b", "++", "$share/", "$share/g", "$share//a",
        "$share/g/", "$share/+/a", "$share/g#/a", "$share/g/a#"})
    void a_filter_that_is_none_ends_the_connection(String filter) throws IOException {
        try (Wire client = clean("c")) {
            client.send("82 [0001 s'" + filter + "' 00]").expectEnd();
        }
    }

    @Normative({"3.8.4-1", "3.8.4-2", "3.8.4-4", "3.8.4-5", "3.9.3-1", "3.9.3-2"})
    @Test
    void a_suback_has_the_id_and_a_code_for_each_filter_in_their_order() throws IOException {
        try (Wire client = clean("c")) {
            client.send("82 [1234 s'a' 02 s'$SYS/#' 01 s'b/+' 01 s'#' 00 s'a' 01]").expect("90 [1234 02 80 01 00 01]");
            client.send("30 [s'b/x' 'x']").expect("30 [s'b/x' 'x']").quiet();
        }
    }

    @Normative({"3.8.4-3", "3.8.4-6"})
    @Test
    void a_filter_that_comes_again_takes_the_place_of_the_subscription() throws IOException {
        try (Wire client = clean("c"); Wire writer = clean("writer")) {
            writer.send("33 [s'a' 0001 'kept']").expect("40 02 0001");
            client.subscribed("a", 2).expect("33 [s'a' 0001 'kept']").subscribed("a", 0).expect("31 [s'a' 'kept']");
            writer.send("32 [s'a' 0002 'x']").expect("40 02 0002");
            client.expect("30 [s'a' 'x']").quiet();
        }
    }

    @Normative({"3.10.4-1", "3.10.4-2", "3.10.4-4", "3.10.4-5"})
    @Test
    void a_filter_is_compared_character_by_character_and_every_unsubscribe_is_answered() throws IOException {
        try (Wire client = clean("c").subscribed("a/+", 0)) {
            client.send("a2 [0007 s'a/b']").expect("b0 02 0007").send("30 [s'a/b' 'x']").expect("30 [s'a/b' 'x']");
            client.send("a2 [0008 s'A/+']").expect("b0 02 0008").send("30 [s'a/b' 'x']").expect("30 [s'a/b' 'x']");
            client.send("a2 [0009 s'a/+']").expect("b0 02 0009").send("30 [s'a/b' 'x']").quiet();
            client.send("a2 [000a s'a/+']").expect("b0 02 000a");
        }
    }

    @Normative("3.10.4-6")
    @Test
    void an_unsubscribe_of_several_filters_ends_each_of_them_and_is_answered_once() throws IOException {
        try (Wire client = clean("c").subscribed("a", 0).subscribed("b", 0).subscribed("c", 0)) {
            client.send("a2 [0001 s'a' s'x' s'c']").expect("b0 02 0001").send("30 [s'a' '1'] 30 [s'b' '2'] 30 [s'c' '3']")
                .expect("30 [s'b' '2']").quiet();
        }
    }

    @Normative("3.10.4-3")
    @Test
    void a_message_on_its_way_is_completed_although_its_subscription_has_ended() throws IOException {
        try (Wire writer = clean("writer")) {
            Wire reader = kept("reader").subscribed("a", 2);
            writer.send("32 [s'a' 0001 '1'] 34 [s'a' 0002 '2']").expect("40 02 0001 50 02 0002");
            reader.expect("32 [s'a' 0001 '1']").expect("34 [s'a' 0002 '2']").send("a2 [0001 s'a']").expect("b0 02 0001");
            cut(reader, "reader");
            try (Wire again = back("reader")) {
                again.expect("3a [s'a' 0001 '1']").expect("3c [s'a' 0002 '2']").send("40 02 0001 50 02 0002")
                    .expect("62 02 0002").send("70 02 0002").quiet();
            }
        }
    }

    @Normative("3.12.4-1")
    @Test
    void every_pingreq_is_answered() throws IOException {
        try (Wire client = clean("c")) {
            client.send("c0 00 c0 00 c0 00").expect("d0 00 d0 00 d0 00");
        }
    }
}
