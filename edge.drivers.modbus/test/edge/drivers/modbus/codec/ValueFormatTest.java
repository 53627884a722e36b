// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import edge.api.value.DataType;
import edge.api.value.Value;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueFormatTest {
    private static final List<RawType> NUMBERS = List.of(RawType.INT16, RawType.UINT16, RawType.INT32, RawType.UINT32,
        RawType.INT64, RawType.UINT64, RawType.FLOAT32, RawType.FLOAT64);

    private static ValueFormat plain(RawType type, Order bytes, Order words) {
        return ValueFormat.number(type, bytes, words, 1, 0);
    }

    private static ValueFormat scaled(RawType type, double scale, double offset) {
        return ValueFormat.number(type, Order.BIG, Order.BIG, scale, offset);
    }

    private static Value decode(ValueFormat format, String hex) {
        byte[] bytes = HexFormat.of().parseHex("ffff" + hex.replace(" ", "") + "ffff");
        return format.decode(ByteBuffer.wrap(bytes), 2);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        int16,   BIG,    BIG,    fffe,                -2
        int16,   LITTLE, BIG,    feff,                -2
        uint16,  BIG,    LITTLE, fffe,                65534
        int32,   BIG,    BIG,    8000 0001,           -2147483647
        int32,   BIG,    LITTLE, 0001 8000,           -2147483647
        uint32,  BIG,    BIG,    1234 5678,           305419896
        uint32,  BIG,    LITTLE, 5678 1234,           305419896
        uint32,  LITTLE, BIG,    3412 7856,           305419896
        uint32,  LITTLE, LITTLE, 7856 3412,           305419896
        uint32,  BIG,    BIG,    ffff ffff,           4294967295
        int64,   BIG,    BIG,    ffff ffff ffff fff6, -10
        uint64,  BIG,    BIG,    ffff ffff ffff ffff, 18446744073709551615
        uint64,  BIG,    LITTLE, 0004 0003 0002 0001, 281483566841860
        uint64,  LITTLE, LITTLE, 0400 0300 0200 0100, 281483566841860
        float32, BIG,    BIG,    4148 0000,           12.5
        float32, BIG,    LITTLE, 0000 4148,           12.5
        float32, LITTLE, BIG,    4841 0000,           12.5
        float32, LITTLE, LITTLE, 0000 4841,           12.5
        float64, BIG,    BIG,    c000 0000 0000 0000, -2.0
        float64, BIG,    LITTLE, 0000 0000 0000 c000, -2.0
        float64, LITTLE, LITTLE, 0000 0000 0000 00c0, -2.0
        """)
    void numbers_are_read_in_every_order(String type, Order bytes, Order words, String hex, String expected) {
        ValueFormat format = plain(RawType.ofLabel(type).orElseThrow(), bytes, words);

        assertThat(decode(format, hex)).hasToString(expected);
        assertThat(format.type().label()).isEqualTo(type);
        assertThat(format.registers()).isEqualTo(hex.replace(" ", "").length() / 4);
    }

    @Test
    void what_is_written_is_read_back_bit_for_bit_in_every_type_and_order() {
        Random random = new Random(3);
        for (RawType type : NUMBERS) {
            for (Order bytes : Order.values()) {
                for (Order words : Order.values()) {
                    ValueFormat format = plain(type, bytes, words);
                    for (int i = 0; i < 200; i++) {
                        byte[] registers = new byte[2 * format.registers()];
                        random.nextBytes(registers);
                        Value value = format.decode(ByteBuffer.wrap(registers), 0);
                        if (!(value instanceof Value.Real real) || Double.isFinite(real.value())) {
                            assertThat(format.encode(value)).isEqualTo(registers);
                        }
                    }
                }
            }
        }
    }

    @Test
    void a_bit_is_counted_from_the_least_significant_after_ordering_the_bytes() {
        assertThat(decode(ValueFormat.bit(0, Order.BIG), "0001")).isEqualTo(Value.TRUE);
        assertThat(decode(ValueFormat.bit(15, Order.BIG), "8000")).isEqualTo(Value.TRUE);
        assertThat(decode(ValueFormat.bit(8, Order.BIG), "feff")).isEqualTo(Value.FALSE);
        assertThat(decode(ValueFormat.bit(15, Order.LITTLE), "0080")).isEqualTo(Value.TRUE);
    }

    @Test
    void a_scaled_number_is_a_float64_without_binary_dirt() {
        assertThat(scaled(RawType.INT16, 0.1, 0).type()).isEqualTo(DataType.FLOAT64);
        assertThat(decode(scaled(RawType.INT16, 0.1, 0), "0003")).isEqualTo(Value.real(0.3));
        assertThat(decode(scaled(RawType.INT16, -0.01, 0), "0007")).isEqualTo(Value.real(-0.07));
        assertThat(decode(scaled(RawType.UINT16, 2, -40), "000a")).isEqualTo(Value.real(-20));
        assertThat(decode(scaled(RawType.FLOAT32, 1, 0.5), "4148 0000")).isEqualTo(Value.real(13));
        assertThat(decode(scaled(RawType.UINT64, 0.5, 0), "ffff ffff ffff ffff")).isEqualTo(Value.real(0x1p63));
        assertThat(decode(scaled(RawType.UINT64, 2, 0), "8000 0000 0000 0001")).isEqualTo(Value.real(0x1p64));
    }

    @Test
    void a_scaled_number_is_written_as_the_nearest_raw_one() {
        for (int raw : new int[] {-32768, -101, -1, 0, 1, 3, 333, 32767}) {
            ValueFormat format = scaled(RawType.INT16, 0.1, -40);
            Value value = format.decode(ByteBuffer.allocate(2).putShort((short) raw), 0);
            assertThat(ByteBuffer.wrap(format.encode(value)).getShort()).isEqualTo((short) raw);
        }
        assertThat(scaled(RawType.UINT64, 2, 0).encode(Value.real(0x1p64))).startsWith(0x80, 0, 0);
    }

    @Test
    void a_value_that_does_not_fit_is_refused() {
        refused(plain(RawType.INT16, Order.BIG, Order.BIG), Value.signed(32768));
        refused(plain(RawType.INT16, Order.BIG, Order.BIG), Value.signed(-32769));
        refused(plain(RawType.INT16, Order.BIG, Order.BIG), Value.unsigned(1));
        refused(plain(RawType.UINT16, Order.BIG, Order.BIG), Value.unsigned(65536));
        refused(plain(RawType.UINT32, Order.BIG, Order.BIG), Value.unsigned(-1));
        refused(plain(RawType.UINT32, Order.BIG, Order.BIG), Value.TRUE);
        refused(plain(RawType.FLOAT32, Order.BIG, Order.BIG), Value.real(1e39));
        refused(plain(RawType.FLOAT64, Order.BIG, Order.BIG), Value.real(Double.NaN));
        refused(scaled(RawType.INT16, 0.1, 0), Value.real(3276.8));
        refused(scaled(RawType.UINT16, 0.1, 0), Value.real(-0.1));
        refused(scaled(RawType.UINT64, 0.5, 0), Value.real(0x1p63));
        refused(scaled(RawType.INT64, 1, 1), Value.real(Double.POSITIVE_INFINITY));
        refused(ValueFormat.bit(3, Order.BIG), Value.unsigned(1));
    }

    private static void refused(ValueFormat format, Value value) {
        assertThatIllegalArgumentException().isThrownBy(() -> format.encode(value));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        float16, 3c00,                1.0
        float16, c000,                -2.0
        float16, 7bff,                65504.0
        float16, 0001,                5.9604644775390625E-8
        float16, 0400,                6.103515625E-5
        bcd16,   1234,                1234
        bcd32,   1234 5678,           12345678
        bcd64,   9999 9999 9999 9999, 9999999999999999
        """)
    void halves_of_precision_and_decimal_digits_are_read_and_written(String type, String hex, String expected) {
        ValueFormat format = plain(RawType.ofLabel(type).orElseThrow(), Order.BIG, Order.BIG);

        assertThat(decode(format, hex)).hasToString(expected);
        assertThat(HexFormat.of().formatHex(format.encode(decode(format, hex)))).isEqualTo(hex.replace(" ", ""));
    }

    @Test
    void every_finite_half_is_written_as_it_was_read() {
        ValueFormat format = plain(RawType.FLOAT16, Order.BIG, Order.BIG);
        for (int bits = 0; bits < 0x10000; bits++) {
            ByteBuffer register = ByteBuffer.allocate(2).putShort(0, (short) bits);
            if (format.decode(register, 0) instanceof Value.Real real && Double.isFinite(real.value())) {
                assertThat(format.encode(real)).isEqualTo(register.array());
            }
        }
        refused(format, Value.real(65505));
    }

    @Test
    void digits_above_nine_are_no_value() {
        assertThat(decode(plain(RawType.BCD16, Order.BIG, Order.BIG), "12a4")).isEqualTo(Value.NONE);
        refused(plain(RawType.BCD16, Order.BIG, Order.BIG), Value.unsigned(10_000));
        refused(scaled(RawType.BCD16, 0.1, 0), Value.real(1000));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        ABCD, 0102 0304
        CDAB, 0304 0102
        BADC, 0201 0403
        DCBA, 0403 0201
        ACBD, 0103 0204
        """)
    void letters_say_where_each_byte_is(String letters, String hex) {
        ValueFormat format = ValueFormat.number(RawType.UINT32, ByteSequence.ofLetters(letters, 4).orElseThrow(), 1, 0);

        assertThat(decode(format, hex)).isEqualTo(Value.unsigned(0x01020304));
        assertThat(HexFormat.of().formatHex(format.encode(Value.unsigned(0x01020304)))).isEqualTo(hex.replace(" ", ""));
    }

    @Test
    void letters_that_are_no_order_are_none() {
        for (String letters : List.of("", "ABC", "ABCE", "AABC", "abcd", "ABCDE", "A1CD")) {
            assertThat(ByteSequence.ofLetters(letters, 4)).as(letters).isEmpty();
        }
    }

    @Test
    void a_half_of_a_register_leaves_the_other_half_alone() {
        ValueFormat high = ValueFormat.half(RawType.INT8, true, Order.BIG, 1, 0);
        ValueFormat low = ValueFormat.half(RawType.UINT8, false, Order.BIG, 1, 0);
        assertThat(decode(high, "fe03")).isEqualTo(Value.signed(-2));
        assertThat(decode(low, "fe03")).isEqualTo(Value.unsigned(3));
        assertThat(decode(ValueFormat.half(RawType.UINT8, false, Order.LITTLE, 1, 0), "03fe")).isEqualTo(Value.unsigned(3));
        assertThat(high.mask()).isEqualTo(0xff00);
        assertThat(high.encode(Value.signed(-2))).containsExactly(0xfe, 0);
        assertThat(low.encode(Value.unsigned(3))).containsExactly(0, 3);
        refused(low, Value.unsigned(256));
    }

    @Test
    void a_text_ends_at_the_first_zero_and_without_blanks_behind() {
        assertThat(decode(ValueFormat.text(6, Order.BIG), "5075 6d70 0041")).isEqualTo(Value.text("Pump"));
        assertThat(decode(ValueFormat.text(6, Order.LITTLE), "7550 706d 2020")).isEqualTo(Value.text("Pump"));
        assertThat(decode(ValueFormat.text(4, Order.BIG), "c2b0 4321")).isEqualTo(Value.text("°C!"));
        assertThat(ValueFormat.text(5, Order.LITTLE).encode(Value.text("Pumpe"))).containsExactly('u', 'P', 'p', 'm', 0, 'e');
        assertThat(ValueFormat.text(5, Order.LITTLE).registers()).isEqualTo(3);
        refused(ValueFormat.text(3, Order.BIG), Value.text("Pump"));
        refused(ValueFormat.text(3, Order.BIG), Value.unsigned(1));
    }

    @Test
    void bytes_are_taken_as_they_are() {
        assertThat(decode(ValueFormat.bytes(3, Order.BIG), "0102 0304")).isEqualTo(Value.bytes(new byte[] {1, 2, 3}));
        assertThat(ValueFormat.bytes(3, Order.BIG).encode(Value.bytes(new byte[] {1, 2, 3}))).containsExactly(1, 2, 3, 0);
        refused(ValueFormat.bytes(3, Order.BIG), Value.bytes(new byte[2]));
    }
}
