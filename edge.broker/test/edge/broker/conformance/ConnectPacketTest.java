// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 3.1 and 3.2, except wills and sessions: CONNECT and CONNACK. */
class ConnectPacketTest extends OnTheWire {

    private static final String ACCEPTED = "20 02 00 00";

    @Normative("3.1.0-1")
    @ParameterizedTest
    @ValueSource(strings = {"30 [s'a' 'x']", "82 [0001 s'a' 00]", "c0 00", "e0 00", "62 02 0001", "16 03 01 00 05"})
    void a_first_packet_that_is_no_connect_ends_the_connection(String packet) throws IOException {
        try (Wire client = wire()) {
            client.send(packet).expectEnd();
        }
    }

    @Normative("3.1.0-2")
    @Test
    void a_second_connect_ends_the_connection() throws IOException {
        try (Wire client = clean("c")) {
            client.send("10 [s'MQTT' 04 02 003c s'c']").expectEnd();
        }
    }

    @Normative({"3.1.2-1", "3.1.2-2", "3.2.2-4", "3.2.2-5"})
    @ParameterizedTest
    @ValueSource(strings = {"s'MQTX' 04", "s'mqtt' 04", "s'MQTT' 00", "s'MQTT' 03", "s'MQTT' 06", "s'MQTT' 84", "s'MQIsdp' 04"})
    void another_protocol_or_level_is_refused_with_1(String protocol) throws IOException {
        try (Wire client = wire()) {
            client.send("10 [" + protocol + " 02 003c s'c']").expect("20 02 00 01").expectEnd();
        }
    }

    @Normative("3.1.2-3")
    @Test
    void the_reserved_flag_must_be_0() throws IOException {
        try (Wire client = wire()) {
            client.send("10 [s'MQTT' 04 03 003c s'c']").expectEnd();
        }
    }

    /** Flags and payload that do not go together, by the statement that forbids it. */
    @Normative({"3.1.2-9", "3.1.2-11", "3.1.2-13", "3.1.2-14", "3.1.2-15", "3.1.2-18", "3.1.2-19", "3.1.2-20", "3.1.2-21", "3.1.2-22",
        "3.1.3-3", "3.1.4-1"})
    @ParameterizedTest
    @ValueSource(strings = {
        "06 003c s'c'",                       // -9: a will, and neither topic nor message
        "06 003c s'c' s'will'",               // -9: a will without a message
        "02 003c s'c' s'will' s'gone'",       // -11: no will, and there is one
        "0a 003c s'c'", "12 003c s'c'",       // -13: no will, and it has a QoS
        "1e 003c s'c' s'will' s'gone'",       // -14: a will of QoS 3
        "22 003c s'c'",                       // -15: no will, and it is retained
        "02 003c s'c' s'sensor'",             // -18: a user name that is not announced
        "82 003c s'c'",                       // -19: a user name that is announced and missing
        "82 003c s'c' s'sensor' s'sensor-secret'", // -20: a password that is not announced
        "c2 003c s'c' s'sensor'",             // -21: a password that is announced and missing
        "42 003c s'c' s'sensor-secret'",      // -22: a password without a user name
        "02 003c",                            // 3.1.3-3: no client id
        "02 00"})
    void a_connect_whose_flags_and_payload_contradict_is_closed_without_an_answer(String rest) throws IOException {
        try (Wire client = wire()) {
            client.send("10 [s'MQTT' 04 " + rest + "]").expectEnd();
        }
    }

    @Normative({"3.1.3-1", "3.1.2-9", "3.1.2-19", "3.1.2-21", "3.1.4-4", "3.2.2-1"})
    @Test
    void the_fields_of_the_payload_are_read_in_their_order() throws IOException {
        try (Wire other = clean("other").subscribed("will/topic", 0)) {
            Wire client = wire().send("10 [s'MQTT' 04 c6 003c s'client' s'will/topic' s'will message' s'sensor' s'sensor-secret']")
                .expect(ACCEPTED);
            assertThat(rig.broker.status().clients()).anySatisfy(listed -> {
                assertThat(listed.id()).isEqualTo("client");
                assertThat(listed.user()).isEqualTo("sensor");
            });
            client.cut();
            other.expect("30 [s'will/topic' 'will message']");
        }
    }

    @Normative({"3.1.3-5", "3.1.3-3"})
    @ParameterizedTest
    @ValueSource(strings = {"0", "0123456789abcdefghijklm", "nopqrstuvwxyzABCDEFGHIJ", "KLMNOPQRSTUVWXYZ", "with a space / and + # $"})
    void client_ids_of_all_kinds_are_taken(String id) throws IOException {
        try (Wire client = clean(id)) {
            client.quiet();
            assertThat(rig.broker.status().clients()).singleElement().satisfies(c -> assertThat(c.id()).isEqualTo(id));
        }
    }

    @Normative("3.1.3-6")
    @Test
    void each_client_without_an_id_gets_one_of_its_own() throws IOException {
        try (Wire one = clean(""); Wire two = clean("")) {
            one.subscribed("a", 0);
            two.subscribed("a", 0).send("30 [s'a' 'x']").expect("30 [s'a' 'x']");
            one.expect("30 [s'a' 'x']");
            assertThat(rig.broker.status().clients()).extracting(c -> c.id()).doesNotContain("").doesNotHaveDuplicates().hasSize(2);
        }
    }

    @Normative({"3.1.3-7", "3.1.3-8", "3.1.3-9", "3.2.2-4", "3.2.2-5"})
    @ParameterizedTest
    @ValueSource(strings = {"00 003c s''", "02 003c s'i'*257"})
    void a_client_id_that_is_not_taken_is_refused_with_2(String rest) throws IOException {
        try (Wire client = wire()) {
            client.send("10 [s'MQTT' 04 " + rest + "]").expect("20 02 00 02").expectEnd();
        }
    }

    @Normative({"3.1.3-2", "3.1.4-2"})
    @Test
    void the_older_of_two_connections_with_one_client_id_is_ended() throws IOException {
        try (Wire older = clean("same"); Wire other = clean("other"); Wire newer = clean("same")) {
            older.expectEnd();
            newer.quiet();
            other.quiet();
        }
    }

    @Normative("3.1.4-5")
    @Test
    void what_comes_behind_a_refused_connect_is_not_looked_at() throws IOException {
        try (Wire refused = wire(); Wire reader = clean("reader").subscribed("#", 0)) {
            refused.send("10 [s'MQTT' 04 c2 003c s'c' s'sensor' s'wrong'] 31 [s'a' 'retained'] c0 00").expect("20 02 00 04").expectEnd();
            reader.quiet().send("82 [0002 s'a' 00]").expect("90 [0002 00]").quiet();
        }
    }

    @Normative({"3.2.2-4", "3.2.2-5"})
    @Test
    void who_may_not_come_in_is_told_so_and_the_connection_is_closed() throws IOException {
        for (String rest : new String[] {"c2 003c s'c' s'sensor' s'wrong'", "c2 003c s'c' s'nobody' s'x'", "82 003c s'c' s'sensor'",
            "c0 003c s'c' s'' s''"}) {
            try (Wire client = wire()) {
                client.send("10 [s'MQTT' 04 " + rest + "]").expect("20 02 00 04").expectEnd();
            }
        }
        rig.accountsRun = false;
        try (Wire client = wire()) {
            client.send("10 [s'MQTT' 04 c2 003c s'c' s'sensor' s'sensor-secret']").expect("20 02 00 03").expectEnd();
        }
    }

    @Normative({"3.1.2-24", "3.1.2-8"})
    @Test
    void silence_of_one_and_a_half_keep_alives_ends_the_connection_as_if_the_network_had_failed() throws IOException {
        try (Wire other = clean("other").subscribed("will", 0)) {
            long before = System.nanoTime();
            try (Wire silent = wire().send("10 [s'MQTT' 04 06 0001 s'silent' s'will' s'silent']").expect(ACCEPTED)) {
                silent.expectEnd();
            }
            assertThat(System.nanoTime() - before).isGreaterThan(1_400_000_000L);
            other.expect("30 [s'will' 'silent']");
        }
    }

    @Test
    void a_connect_that_comes_byte_by_byte_is_understood() throws IOException {
        try (Wire client = wire()) {
            for (byte b : Bytes.of("10 [s'MQTT' 04 02 003c s'slow'] c0 00")) {
                client.send(String.format("%02x", b));
            }
            client.expect(ACCEPTED).expect("d0 00");
        }
    }

    /** MQTT 3.1, of which clients are still about. */
    @Test
    void a_client_of_mqtt_3_1_is_served() throws IOException {
        try (Wire client = wire()) {
            client.send("10 [s'MQIsdp' 03 02 003c s'old']").expect(ACCEPTED).subscribed("a", 1).send("30 [s'a' 'x']")
                .expect("30 [s'a' 'x']");
        }
    }
}
