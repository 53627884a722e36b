// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTest {

    private static String hex(Request request, int transaction) {
        ByteBuffer out = ByteBuffer.allocate(Framing.MAX_FRAME);
        Framing.MBAP.encode(request, transaction, out);
        return HexFormat.of().formatHex(out.array(), 0, out.position());
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** The examples of the application protocol, sections 6.1 to 6.12, behind a header. */
    @Test
    void the_frames_are_those_of_the_standards_examples() {
        assertThat(hex(Request.read(1, Table.COIL, 0x13, 0x13), 0x1234)).isEqualTo("123400000006" + "01" + "0100130013");
        assertThat(hex(Request.read(1, Table.DISCRETE, 0xc4, 0x16), 1)).isEqualTo("000100000006" + "01" + "0200c40016");
        assertThat(hex(Request.read(255, Table.HOLDING, 0x6b, 3), 65535)).isEqualTo("ffff00000006" + "ff" + "03006b0003");
        assertThat(hex(Request.read(0, Table.INPUT, 8, 1), 0)).isEqualTo("000000000006" + "00" + "0400080001");
        assertThat(hex(Request.writeCoil(1, 0xac, true), 1)).isEqualTo("000100000006" + "01" + "0500acff00");
        assertThat(hex(Request.writeRegister(1, 1, 3), 1)).isEqualTo("000100000006" + "01" + "0600010003");
        assertThat(hex(Request.writeCoils(1, 0x13, true, false, true, true, false, false, true, true, true, false), 1))
            .isEqualTo("000100000009" + "01" + "0f0013000a02cd01");
        assertThat(hex(Request.writeRegisters(1, 1, new byte[] {0, 10, 1, 2}), 1))
            .isEqualTo("00010000000b" + "01" + "100001000204000a0102");
    }

    @Test
    void every_request_is_read_back_as_it_was_written() throws Exception {
        for (Request request : List.of(Request.read(1, Table.COIL, 0, 2000), Request.read(2, Table.DISCRETE, 65535, 1),
            Request.read(3, Table.HOLDING, 65411, 125), Request.read(4, Table.INPUT, 7, 1), Request.writeCoil(5, 9, false),
            Request.writeRegister(6, 10, 0xfedc), Request.writeCoils(7, 1, new boolean[1968]),
            Request.writeRegisters(8, 2, new byte[246]))) {
            ByteBuffer frame = ByteBuffer.allocate(3 + Framing.MAX_FRAME).position(3);
            Framing.MBAP.encode(request, 77, frame);

            Request back = Request.decode(frame, 3, Mbap.frameLength(frame, 3, 1));

            assertThat(back).hasToString(request.toString());
            assertThat(hex(back, 77)).isEqualTo(hex(request, 77));
        }
    }

    @Test
    void a_server_gets_the_values_of_a_write() throws Exception {
        int[] values = new int[10];
        Request.writeCoils(1, 0x13, true, false, true, true, false, false, true, true, true, false).values(values);
        assertThat(values).containsExactly(1, 0, 1, 1, 0, 0, 1, 1, 1, 0);
        Request.writeRegisters(1, 1, new byte[] {0, 10, (byte) 0x81, 2}).values(values);
        assertThat(values).startsWith(10, 0x8102);
        Request.writeRegister(1, 1, -1).values(values);
        assertThat(values).startsWith(0xffff);
        Request.writeCoil(1, 1, true).values(values);
        assertThat(values).startsWith(1);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        07,               ILLEGAL_FUNCTION
        00 00 00 00 00,   ILLEGAL_FUNCTION
        83 00 00 00 01,   ILLEGAL_FUNCTION
        03,               ILLEGAL_DATA_VALUE
        03 00 00 00,      ILLEGAL_DATA_VALUE
        03 00 00 00 01 00, ILLEGAL_DATA_VALUE
        03 00 00 00 00,   ILLEGAL_DATA_VALUE
        03 00 00 00 7e,   ILLEGAL_DATA_VALUE
        01 00 00 07 d1,   ILLEGAL_DATA_VALUE
        03 ff ff 00 02,   ILLEGAL_DATA_ADDRESS
        05 00 00 ff 01,   ILLEGAL_DATA_VALUE
        05 00 00 00 01,   ILLEGAL_DATA_VALUE
        06 00 00 00,      ILLEGAL_DATA_VALUE
        0f 00 00 00 09 01 ff, ILLEGAL_DATA_VALUE
        0f 00 00 00 08 02 ff, ILLEGAL_DATA_VALUE
        10 00 00 00 01 02 00, ILLEGAL_DATA_VALUE
        10 00 00 00 01 01 00, ILLEGAL_DATA_VALUE
        10 00 00 00 00 00, ILLEGAL_DATA_VALUE
        10 ff ff 00 02 04 00 00 00 00, ILLEGAL_DATA_ADDRESS
        """)
    void a_server_refuses_a_wrong_request_with_the_code_of_the_standard(String pdu, ExceptionCode code) {
        int length = 1 + bytes(pdu).remaining();
        ByteBuffer frame = bytes(String.format("0001 0000 %04x 01 %s", length, pdu));

        assertThatExceptionOfType(ExceptionResponse.class)
            .isThrownBy(() -> Request.decode(frame, 0, Mbap.frameLength(frame, 0, 1)))
            .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    @Test
    void what_the_protocol_cannot_say_cannot_be_made() {
        assertThatIllegalArgumentException().isThrownBy(() -> Request.read(256, Table.COIL, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Request.read(1, Table.COIL, 0, 2001));
        assertThatIllegalArgumentException().isThrownBy(() -> Request.read(1, Table.HOLDING, 0, 126));
        assertThatIllegalArgumentException().isThrownBy(() -> Request.read(1, Table.HOLDING, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Request.read(1, Table.HOLDING, 65535, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> Request.read(1, Table.HOLDING, -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Request.writeRegisters(1, 0, new byte[3]));
        assertThatIllegalArgumentException().isThrownBy(() -> Request.writeRegisters(1, 0, new byte[248]));
        assertThatIllegalArgumentException().isThrownBy(() -> Request.writeCoils(1, 0, new boolean[1969]));
        assertThatIllegalArgumentException().isThrownBy(() -> Request.writeCoils(1, 0));
    }
}
