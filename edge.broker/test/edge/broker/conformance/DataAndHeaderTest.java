// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chapters 1 and 2: texts, fixed headers, packet ids. */
class DataAndHeaderTest extends OnTheWire {

    /** Overlong, a lone continuation, a surrogate, beyond U+10FFFF, broken off, no lead byte at all; and U+0000. */
    @Normative({"1.5.3-1", "1.5.3-2", "3.1.3-4", "3.1.3-10", "3.1.3-11", "3.3.2-1", "3.8.3-1", "3.10.3-1", "4.7.3-2"})
    @ParameterizedTest
    @ValueSource(strings = {"c0 af", "80", "ed a0 80", "f4 90 80 80", "f0 9f 98", "ff", "00"})
    void a_text_that_is_no_utf_8_or_has_a_nul_ends_the_connection_wherever_it_is(String bad) throws IOException {
        String text = String.format("%04x", bad.split(" ").length + 2) + "'a'" + bad + "'b'";
        for (String packet : new String[] {"30 [" + text + "]", "82 [0001" + text + "00]", "a2 [0001" + text + "]"}) {
            try (Wire client = clean("bad")) {
                client.send(packet).expectEnd();
            }
        }
        for (String connect : new String[] {"02 003c" + text, "06 003c s'c'" + text + "s'gone'", "82 003c s'c'" + text}) {
            try (Wire client = wire()) {
                client.send("10 [s'MQTT' 04" + connect + "]").expectEnd();
            }
        }
    }

    @Normative({"1.5.3-3", "4.7.3-4"})
    @Test
    void a_byte_order_mark_is_a_character_like_any_other_and_nothing_is_normalised() throws IOException {
        try (Wire reader = clean("reader"); Wire writer = clean("writer")) {
            // U+FEFF a; A; a with a ring in its two forms
            reader.send("82 [0001 0004 efbbbf61 00 s'A' 00 0002 c3a5 00]").expect("90 [0001 00 00 00]");
            writer.send("30 [s'a' 'no']").send("30 [0003 61cc8a 'no']").send("30 [0002 c3a5 'yes']")
                .send("30 [0004 efbbbf61 'yes']").quiet();
            reader.expect("30 [0002 c3a5 'yes']").expect("30 [0004 efbbbf61 'yes']").quiet();
        }
    }

    @Test
    void characters_of_one_to_four_bytes_arrive_as_they_were_sent() throws IOException {
        try (Wire client = clean("c")) {
            client.subscribed("#", 0).send("30 [000a 61 c3bc e282ac f09f9880 'x']").expect("30 [000a 61 c3bc e282ac f09f9880 'x']");
        }
    }

    @Normative({"2.2.2-1", "2.2.2-2", "3.8.1-1", "3.10.1-1", "3.6.1-1"})
    @ParameterizedTest
    @ValueSource(strings = {"41 [0001]", "48 [0001]", "51 [0001]", "60 [0001]", "63 [0001]", "64 [0001]", "6a [0001]", "71 [0001]",
        "80 [0001 s'a' 00]", "83 [0001 s'a' 00]", "8a [0001 s'a' 00]", "a0 [0001 s'a']", "a3 [0001 s'a']", "aa [0001 s'a']", "c1 00",
        "c8 00"})
    void reserved_flags_that_are_not_as_the_standard_says_end_the_connection(String packet) throws IOException {
        try (Wire client = clean("c")) {
            client.send(packet).expectEnd();
        }
    }

    @Normative("2.2.2-2")
    @Test
    void a_connect_with_flags_in_its_fixed_header_is_closed_without_an_answer() throws IOException {
        try (Wire client = wire()) {
            client.send("11 [s'MQTT' 04 02 003c s'c']").expectEnd();
        }
    }

    @Normative("4.8.0-1")
    @ParameterizedTest
    @ValueSource(strings = {"00 00", "f0 00", "20 02 00 00", "90 [0001 00]", "b0 [0001]", "d0 00", "40 [0001 00]", "50 [0001 80]",
        "62 [0001 00]", "70 [0001 00 00]", "c0 [00]", "30 00", "32 [s'a']", "82 [0001]", "82 [0001 s'a']", "82 01 00", "a2 [0001]", "40 00",
        "30 [0005 'a']", "30 ff ff ff ff 01"})
    void what_is_no_packet_of_a_client_ends_its_connection_and_nobody_elses(String packet) throws IOException {
        try (Wire other = clean("other"); Wire client = clean("c")) {
            client.send(packet).expectEnd();
            other.quiet();
        }
    }

    @Normative("2.3.1-1")
    @ParameterizedTest
    @ValueSource(strings = {"32 [s'a' 0000 'x']", "34 [s'a' 0000 'x']", "82 [0000 s'a' 00]", "a2 [0000 s'a']"})
    void a_packet_id_of_0_ends_the_connection(String packet) throws IOException {
        try (Wire client = clean("c")) {
            client.send(packet).expectEnd();
        }
    }

    @Normative({"2.3.1-4", "3.3.1-1", "4.4.0-1", "4.6.0-1", "4.3.2-1"})
    @Test
    void a_message_has_an_id_that_is_not_in_use_and_keeps_it_when_it_is_sent_again() throws IOException {
        try (Wire writer = clean("writer")) {
            Wire reader = kept("reader").subscribed("a", 1);
            writer.send("32 [s'a' 0009 '1']").send("32 [s'a' 0009 '2']").send("32 [s'a' 0009 '3']")
                .expect("40 02 0009 40 02 0009 40 02 0009");
            reader.expect("32 [s'a' 0001 '1']").expect("32 [s'a' 0002 '2']").expect("32 [s'a' 0003 '3']");
            reader.send("40 02 0002").quiet();
            writer.send("32 [s'a' 0009 '4']").expect("40 02 0009");
            reader.expect("32 [s'a' 0004 '4']");
            cut(reader, "reader");
            try (Wire again = back("reader")) {
                again.expect("3a [s'a' 0001 '1']").expect("3a [s'a' 0003 '3']").expect("3a [s'a' 0004 '4']").quiet();
            }
        }
    }

    @Normative({"2.3.1-5", "4.3.1-1", "3.3.1-2"})
    @Test
    void a_message_of_qos_0_has_neither_a_packet_id_nor_the_dup_flag() throws IOException {
        try (Wire client = clean("c")) {
            client.subscribed("a", 2).send("30 [s'a' 'x']").expect("30 [s'a' 'x']").quiet();
            client.send("38 [s'a' 'x']").expectEnd();
        }
    }

    @Normative({"2.3.1-6", "2.3.1-7"})
    @Test
    void answers_carry_the_id_of_what_they_answer() throws IOException {
        try (Wire client = clean("c")) {
            client.send("82 [fffe s'b' 00]").expect("90 [fffe 00]").send("a2 [fffd s'b']").expect("b0 [fffd]")
                .send("32 [s'a' ffff 'x']").expect("40 [ffff]").send("34 [s'a' 0102 'x']").expect("50 [0102]")
                .send("62 [0102]").expect("70 [0102]");
        }
    }

    @Test
    void remaining_lengths_of_one_to_four_bytes_are_read_and_written() throws IOException {
        try (Wire client = clean("c")) {
            client.subscribed("a", 0);
            for (int payload : new int[] {0, 124, 125, 16_380, 16_381, 1_000_000}) {
                client.send("30 [s'a' 'x'*" + payload + "]").expect("30 [s'a' 'x'*" + payload + "]");
            }
        }
        try (Wire client = clean("c")) {
            // 2 MiB are announced; not one of them is waited for.
            client.send("30 80 80 80 01").expectEnd();
        }
    }
}
