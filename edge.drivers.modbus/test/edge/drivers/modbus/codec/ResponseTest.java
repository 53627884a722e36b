// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseTest {

    private static ByteBuffer frame(int unit, String pdu) {
        byte[] bytes = HexFormat.of().parseHex(pdu.replace(" ", ""));
        return ByteBuffer.allocate(Mbap.HEADER + bytes.length).putShort((short) 9).putShort((short) 0)
            .putShort((short) (1 + bytes.length)).put((byte) unit).put(bytes);
    }

    private static int check(Request request, ByteBuffer frame) throws MalformedException {
        return Response.check(request, frame, Mbap.PREFIX, frame.capacity() - Mbap.PREFIX);
    }

    @Test
    void registers_and_bits_that_a_server_answers_are_those_that_a_client_sees() throws Exception {
        Random random = new Random(1);
        for (Table table : Table.values()) {
            for (int quantity : new int[] {1, 7, 8, 9, 16, table.maxRead()}) {
                Request request = Request.read(3, table, 100, quantity);
                int[] values = random.ints(quantity, 0, table.isBits() ? 2 : 65536).toArray();
                ByteBuffer frame = ByteBuffer.allocate(Mbap.MAX_FRAME);
                Response.encodeRead(request, 5, values, frame);

                assertThat(Mbap.frameLength(frame, 0, Response.MIN_PDU)).isEqualTo(frame.position());
                assertThat(Response.check(request, frame, Mbap.PREFIX, frame.position() - Mbap.PREFIX)).isZero();
                for (int i = 0; i < quantity; i++) {
                    int start = Response.dataStart(Mbap.PREFIX);
                    assertThat(table.isBits() ? Response.bit(frame, start, i) ? 1 : 0
                        : frame.getShort(start + 2 * i) & 0xffff).isEqualTo(values[i]);
                }
            }
        }
    }

    @Test
    void the_answer_of_the_standards_example_is_taken() throws Exception {
        ByteBuffer frame = frame(1, "01 03 cd 6b 05");

        assertThat(check(Request.read(1, Table.COIL, 0x13, 0x13), frame)).isZero();
        assertThat(Response.bit(frame, Response.dataStart(Mbap.PREFIX), 0)).isTrue();
        assertThat(Response.bit(frame, Response.dataStart(Mbap.PREFIX), 1)).isFalse();
        assertThat(Response.bit(frame, Response.dataStart(Mbap.PREFIX), 18)).isTrue();
    }

    @Test
    void an_exception_gives_its_code() throws Exception {
        Request request = Request.read(1, Table.HOLDING, 0, 1);

        assertThat(check(request, frame(1, "83 02"))).isEqualTo(2);
        assertThat(check(request, frame(1, "83 ff"))).isEqualTo(255);
        assertThat(ExceptionCode.describe(2)).startsWith("exception 02 (illegal data address): ");
        assertThat(ExceptionCode.describe(255)).startsWith("exception 255, which the Modbus standard does not know");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        wrong unit,                     2, 03 04 0001 0002
        wrong function,                 1, 04 04 0001 0002
        exception of another function,  1, 84 02
        exception without a code,       1, 83
        exception code zero,            1, 83 00
        exception with more behind,     1, 83 02 00
        no data,                        1, 03 00
        byte count only,                1, 03 04
        too few bytes,                  1, 03 02 0001
        too many bytes,                 1, 03 06 0001 0002 0003
        odd byte count,                 1, 03 03 000102
        byte count above the data,      1, 03 04 0001 00
        byte count below the data,      1, 03 04 0001 0002 00
        byte count zero before data,    1, 03 00 0001 0002
        """)
    void whatever_is_not_exactly_the_answer_to_a_read_is_malformed(String what, int unit, String pdu) {
        assertThatExceptionOfType(MalformedException.class).as(what)
            .isThrownBy(() -> check(Request.read(1, Table.HOLDING, 10, 2), frame(unit, pdu)))
            .satisfies(e -> assertThat(e.getMessage()).isNotBlank());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        05, 0005 ff00, 0005 0000
        05, 0005 ff00, 0006 ff00
        06, 0005 1234, 0005 1235
        06, 0005 1234, 0004 1234
        15, 0005 0002, 0005 0003
        16, 0005 0002, 0006 0002
        """)
    void an_answer_to_a_write_must_repeat_what_was_written(int function, String right, String wrong) throws Exception {
        Request request = switch (function) {
            case 5 -> Request.writeCoil(1, 5, true);
            case 6 -> Request.writeRegister(1, 5, 0x1234);
            case 15 -> Request.writeCoils(1, 5, true, false);
            default -> Request.writeRegisters(1, 5, new byte[4]);
        };
        String code = String.format("%02x ", function);

        assertThat(check(request, frame(1, code + right))).isZero();
        for (String pdu : new String[] {code + wrong, code + right + "00", code + right.substring(0, 7)}) {
            assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> check(request, frame(1, pdu)));
        }
        ByteBuffer own = ByteBuffer.allocate(12);
        Response.encodeWrite(request, 9, own);
        assertThat(own).isEqualTo(frame(1, code + right));
        assertThat(check(request, own)).isZero();
    }

    @Test
    void a_header_that_cannot_be_right_is_malformed() {
        for (String header : new String[] {"0001 0001 0006", "0001 0000 0002", "0001 0000 0000", "0001 0000 00ff",
            "0001 0000 ffff", "0001 8000 0006"}) {
            ByteBuffer in = ByteBuffer.wrap(HexFormat.of().parseHex(header.replace(" ", "")));
            assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> Mbap.frameLength(in, 0, Response.MIN_PDU));
        }
    }

    @Test
    void random_bytes_never_pass_as_an_answer_unless_they_are_one() {
        Random random = new Random(7);
        Request request = Request.read(1, Table.HOLDING, 10, 2);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[Mbap.HEADER + Response.MIN_PDU + random.nextInt(8)];
            random.nextBytes(bytes);
            // Near misses are more telling than noise.
            bytes[6] = (byte) random.nextInt(3);
            bytes[7] = (byte) (random.nextInt(3) + 2);
            bytes[8] = (byte) random.nextInt(6);
            ByteBuffer frame = ByteBuffer.wrap(bytes);
            boolean right = bytes[6] == 1 && bytes[7] == 3 && bytes[8] == 4 && bytes.length == 13;
            boolean passed;
            try {
                passed = check(request, frame) == 0;
            } catch (MalformedException e) {
                passed = false;
            }
            assertThat(passed).isEqualTo(right);
        }
    }
}
