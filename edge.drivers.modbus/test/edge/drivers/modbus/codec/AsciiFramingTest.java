// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AsciiFramingTest {

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(Request request) {
        ByteBuffer out = ByteBuffer.allocate(Framing.MAX_FRAME);
        Framing.ASCII.encode(request, 0, out);
        return new String(out.array(), 0, out.position(), StandardCharsets.US_ASCII).replace("\r\n", "|");
    }

    /** Unit, function and data, the frame between colon and line end, and the checksum that makes the sum of all octets zero. */
    @Test
    void frames_are_text_with_a_checksum() {
        assertThat(text(Request.read(1, Table.HOLDING, 0, 1))).isEqualTo(":010300000001FB|");
        assertThat(text(Request.read(0xf7, Table.HOLDING, 0x1389, 0x0a))).isEqualTo(":F7031389000A60|");
        assertThat(text(Request.writeRegisters(1, 0, new byte[246]))).hasSize(2 * 254 + 2).startsWith(":01100000007BF6");
    }

    @Test
    void an_answer_is_found_and_made_binary_wherever_it_stands() throws Exception {
        ByteBuffer in = bytes("xx:0103020BAD42|:01");
        int length = Framing.ASCII.length(in, 2, in.capacity() - 2);
        assertThat(length).isEqualTo(15);
        Framing.ASCII.check(in, 2, length);

        int at = Framing.ASCII.unitAt(2);
        assertThat(Response.check(Request.read(1, Table.HOLDING, 0, 1), in, at, Framing.ASCII.pduAndUnit(length))).isZero();
        assertThat(in.getShort(Response.dataStart(at))).isEqualTo((short) 0x0bad);
        assertThat(Framing.ASCII.length(in, 17, 3)).as("not whole yet").isEqualTo(-1);
        assertThat(Framing.ASCII.length(in, 2, 0)).as("nothing yet").isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        :0103020BAD43|,   checksum
        :0103020BBD42|,   checksum
        :0103020BAx42|,   hexadecimal
        :0103020BADA|,    whole frame
        :01FF|,           whole frame
        :|,               whole frame
        """)
    void a_damaged_frame_is_malformed(String text, String why) throws Exception {
        ByteBuffer in = bytes(text);
        int length = Framing.ASCII.length(in, 0, in.capacity());
        assertThat(length).isEqualTo(in.capacity());
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Framing.ASCII.check(in, 0, length))
            .withMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0103", ":0103:01030200012D|", "|"})
    void what_no_frame_begins_or_goes_on_with_is_malformed_at_once(String text) {
        ByteBuffer in = bytes(text);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Framing.ASCII.length(in, 0, in.capacity()));
    }

    @Test
    void a_frame_that_never_ends_is_malformed() throws Exception {
        ByteBuffer in = bytes(":" + "0".repeat(Framing.MAX_FRAME));
        assertThat(Framing.ASCII.length(in, 0, Framing.MAX_FRAME - 1)).isEqualTo(-1);
        assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Framing.ASCII.length(in, 0, Framing.MAX_FRAME));
    }
}
