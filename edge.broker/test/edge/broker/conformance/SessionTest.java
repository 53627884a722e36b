// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions, wills and the end of a connection: 3.1.2.4, 3.1.2.5, 3.14, 4.1, 4.4 to 4.6. */
class SessionTest extends OnTheWire {

    private static final String ACCEPTED = "20 02 00 00";

    @Normative({"3.1.2-4", "3.1.2-5", "3.1.4-3", "3.2.0-1", "3.2.2-2", "3.2.2-3", "4.1.0-1", "4.5.0-1"})
    @Test
    void a_session_that_is_kept_has_its_subscriptions_and_what_has_come_meanwhile() throws IOException {
        kept("reader").subscribed("a/#", 2).goodbye();
        awaitGone("reader");
        try (Wire writer = clean("writer")) {
            writer.send("30 [s'a/0' '0'] 32 [s'a/1' 0001 '1'] 34 [s'a/2' 0002 '2']").expect("40 02 0001 50 02 0002");
            Wire reader = back("reader").expect("32 [s'a/1' 0001 '1']").expect("34 [s'a/2' 0002 '2']")
                .send("40 02 0001 50 02 0002").expect("62 02 0002").send("70 02 0002").quiet();
            writer.send("30 [s'a/b' 'live']").quiet();
            reader.expect("30 [s'a/b' 'live']").goodbye();
        }
        awaitGone("reader");
        try (Wire reader = back("reader")) {
            reader.quiet();
        }
    }

    @Normative({"3.1.2-6", "3.1.4-3", "3.2.2-1"})
    @Test
    void a_clean_session_discards_the_one_before_and_ends_with_its_connection() throws IOException {
        try (Wire writer = clean("writer")) {
            kept("reader").subscribed("a", 1).goodbye();
            awaitGone("reader");
            writer.send("32 [s'a' 0001 'old']").expect("40 02 0001");
            clean("reader").quiet().send("30 [s'a' 'x']").quiet().subscribed("b", 1).goodbye();
            awaitGone("reader");
            try (Wire reader = kept("reader")) {
                writer.send("30 [s'b' 'x']").quiet();
                reader.quiet();
            }
        }
    }

    @Normative({"3.1.2-4", "3.1.2-5", "4.1.0-1", "4.4.0-1"})
    @Test
    void a_session_is_there_after_a_restart_with_what_was_not_settled() throws IOException {
        try (Wire writer = clean("writer")) {
            Wire reader = kept("reader").subscribed("a", 2);
            writer.send("34 [s'a' 0001 '1'] 34 [s'a' 0002 '2']").expect("50 02 0001 50 02 0002");
            reader.expect("34 [s'a' 0001 '1']").expect("34 [s'a' 0002 '2']").send("50 02 0001").expect("62 02 0001");
            cut(reader, "reader");
            writer.send("32 [s'a' 0003 '3']").expect("40 02 0003");
        }
        restart();
        try (Wire reader = back("reader")) {
            reader.expect("62 02 0001").expect("3c [s'a' 0002 '2']").expect("32 [s'a' 0003 '3']").quiet();
        }
    }

    @Normative("4.1.0-2")
    @Test
    void a_clean_session_lasts_as_long_as_its_connection_whatever_others_do() throws IOException {
        try (Wire reader = clean("reader").subscribed("a", 0)) {
            for (int i = 0; i < 20; i++) {
                clean("passer-by").goodbye();
            }
            reader.quiet().send("30 [s'a' 'x']").expect("30 [s'a' 'x']");
        }
    }

    // ---------------------------------------------------------------------------------------------------- wills

    @Normative({"3.1.2-8", "3.1.2-9", "3.1.2-10", "3.1.2-16"})
    @ParameterizedTest
    @CsvSource({"06, 30, ''", "0e, 32, 0001", "16, 34, 0001"})
    void a_will_is_published_once_at_its_qos_when_the_connection_breaks(String flags, String first, String id) throws IOException {
        try (Wire reader = clean("reader").subscribed("will", 2); Wire later = clean("later")) {
            Wire doomed = wire().send("10 [s'MQTT' 04 " + flags + " 003c s'doomed' s'will' s'gone']").expect(ACCEPTED);
            reader.quiet();
            cut(doomed, "doomed");
            reader.expect(first + " [s'will' " + id + " 'gone']").quiet();
            later.subscribed("will", 2).quiet();
            clean("doomed").cut();
            awaitGone("doomed");
            reader.quiet();
        }
    }

    @Normative("3.1.2-17")
    @Test
    void a_will_is_retained_if_it_says_so() throws IOException {
        try (Wire reader = clean("reader").subscribed("will", 1); Wire later = clean("later")) {
            cut(wire().send("10 [s'MQTT' 04 2e 003c s'doomed' s'will' s'gone']").expect(ACCEPTED), "doomed");
            reader.expect("32 [s'will' 0001 'gone']").quiet();
            later.subscribed("will", 1).expect("33 [s'will' 0001 'gone']").quiet();
        }
    }

    @Normative({"3.1.2-8", "4.8.0-1"})
    @ParameterizedTest
    @ValueSource(strings = {"e1 00", "36 00", "10 [s'MQTT' 04 02 003c s'doomed']"})
    void a_violation_of_the_protocol_sets_the_will_free(String violation) throws IOException {
        try (Wire reader = clean("reader").subscribed("will", 0)) {
            wire().send("10 [s'MQTT' 04 06 003c s'doomed' s'will' s'gone']").expect(ACCEPTED).send(violation).expectEnd();
            reader.expect("30 [s'will' 'gone']").quiet();
        }
    }

    @Normative({"3.1.2-8", "3.1.4-2"})
    @Test
    void who_takes_a_session_over_sets_the_will_of_the_older_connection_free() throws IOException {
        try (Wire reader = clean("reader").subscribed("will", 0);
             Wire older = wire().send("10 [s'MQTT' 04 06 003c s'doomed' s'will' s'gone']").expect(ACCEPTED);
             Wire newer = clean("doomed")) {
            reader.expect("30 [s'will' 'gone']").quiet();
            older.expectEnd();
            newer.quiet();
        }
    }

    @Normative({"3.1.2-10", "3.1.2-12", "3.14.4-3"})
    @Test
    void there_is_no_will_after_a_disconnect_nor_without_one() throws IOException {
        try (Wire reader = clean("reader").subscribed("#", 0)) {
            wire().send("10 [s'MQTT' 04 06 003c s'polite' s'will' s'gone']").expect(ACCEPTED).goodbye();
            awaitGone("polite");
            cut(clean("plain"), "plain");
            reader.quiet();
        }
    }

    @Normative("3.14.1-1")
    @ParameterizedTest
    @ValueSource(strings = {"e1 00", "e2 00", "ef 00", "e0 01 04"})
    void a_disconnect_that_is_not_well_formed_is_none(String packet) throws IOException {
        try (Wire reader = clean("reader").subscribed("will", 0)) {
            wire().send("10 [s'MQTT' 04 06 003c s'c' s'will' s'gone']").expect(ACCEPTED).send(packet).expectEnd();
            reader.expect("30 [s'will' 'gone']");
        }
    }

    @Normative({"3.14.4-1", "3.14.4-2"})
    @Test
    void a_disconnect_ends_the_connection_and_nothing_behind_it_is_looked_at() throws IOException {
        try (Wire reader = clean("reader").subscribed("#", 0)) {
            clean("c").send("e0 00 30 [s'a' 'behind'] c0 00").expectEnd();
            reader.quiet();
        }
    }

    // ----------------------------------------------------------------------------------------------------- order

    @Normative({"4.6.0-1", "4.6.0-5", "4.6.0-6", "4.4.0-1"})
    @Test
    void what_is_sent_again_has_the_order_in_which_it_was_sent_first() throws IOException {
        try (Wire writer = clean("writer")) {
            Wire reader = kept("reader").subscribed("a", 2);
            for (int i = 1; i <= 6; i++) {
                String id = " 02 000" + i;
                writer.send((i % 2 == 0 ? "32" : "34") + " [s'a' 000" + i + " '" + i + "']").expect((i % 2 == 0 ? "40" : "50") + id);
                reader.expect((i % 2 == 0 ? "32" : "34") + " [s'a' 000" + i + " '" + i + "']");
            }
            for (int round = 0; round < 2; round++) {
                cut(reader, "reader");
                reader = back("reader");
                for (int i = 1; i <= 6; i++) {
                    reader.expect((i % 2 == 0 ? "3a" : "3c") + " [s'a' 000" + i + " '" + i + "']");
                }
            }
            reader.close();
        }
    }

    @Normative({"4.6.0-2", "4.6.0-3"})
    @Test
    void acknowledgements_have_the_order_of_the_messages() throws IOException {
        rig.journal.storesAtOnce = false;
        try (Wire client = clean("c")) {
            client.send("32 [s'wanted/a' 0001 'x'] 32 [s'free' 0002 'x'] 34 [s'free' 0003 'x'] 34 [s'wanted/b' 0004 'x']");
            rig.await(() -> rig.journal.appends.size() == 2, "two wait to be stored");
            rig.journal.appends.get(1).store();
            rig.journal.appends.get(0).store();
            client.expect("40 02 0001 40 02 0002 50 02 0003 50 02 0004");
        }
    }

    @Normative("4.6.0-4")
    @Test
    void pubrels_have_the_order_of_the_pubrecs() throws IOException {
        try (Wire reader = clean("reader").subscribed("a", 2); Wire writer = clean("writer")) {
            writer.send("34 [s'a' 0001 '1'] 34 [s'a' 0002 '2'] 34 [s'a' 0003 '3']").expect("50 02 0001 50 02 0002 50 02 0003");
            reader.expect("34 [s'a' 0001 '1'] 34 [s'a' 0002 '2'] 34 [s'a' 0003 '3']").send("50 02 0002 50 02 0003 50 02 0001")
                .expect("62 02 0002 62 02 0003 62 02 0001");
        }
    }
}
