// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.value.DataType;
import edge.api.value.Value;
import org.junit.jupiter.api.Test;

class ValuesTest {

    @Test
    void an_integer_fits_a_type_up_to_its_bounds() {
        assertThat(Values.fits(Value.signed(-128), DataType.INT8)).isTrue();
        assertThat(Values.fits(Value.signed(127), DataType.INT8)).isTrue();
        assertThat(Values.fits(Value.signed(128), DataType.INT8)).isFalse();
        assertThat(Values.fits(Value.signed(-129), DataType.INT8)).isFalse();
        assertThat(Values.fits(Value.signed(Long.MIN_VALUE), DataType.INT64)).isTrue();
        assertThat(Values.fits(Value.unsigned(65_535), DataType.UINT16)).isTrue();
        assertThat(Values.fits(Value.unsigned(65_536), DataType.UINT16)).isFalse();
        assertThat(Values.fits(Value.unsigned(-1), DataType.UINT64)).isTrue();
        assertThat(Values.fits(Value.unsigned(-1), DataType.UINT32)).isFalse();
    }

    @Test
    void a_value_of_another_kind_does_not_fit() {
        assertThat(Values.fits(Value.signed(1), DataType.UINT16)).isFalse();
        assertThat(Values.fits(Value.unsigned(1), DataType.INT16)).isFalse();
        assertThat(Values.fits(Value.TRUE, DataType.UINT8)).isFalse();
        assertThat(Values.fits(Value.real(1), DataType.INT32)).isFalse();
        assertThat(Values.fits(Value.text("1"), DataType.BYTES)).isFalse();
        for (DataType type : DataType.values()) {
            assertThat(Values.fits(Value.NONE, type)).isFalse();
            assertThat(Values.fits(null, type)).isFalse();
        }
    }

    @Test
    void a_real_that_is_too_large_for_32_bits_fits_64_only() {
        assertThat(Values.fits(Value.real(1e300), DataType.FLOAT32)).isFalse();
        assertThat(Values.fits(Value.real(1e300), DataType.FLOAT64)).isTrue();
        assertThat(Values.fits(Value.real(Double.NaN), DataType.FLOAT32)).isTrue();
    }

    @Test
    void numbers_differ_by_more_than_the_deadband() {
        assertThat(Values.differ(Value.real(10), Value.real(10.5), 0.5)).isFalse();
        assertThat(Values.differ(Value.real(10), Value.real(10.6), 0.5)).isTrue();
        assertThat(Values.differ(Value.signed(-3), Value.signed(2), 5)).isFalse();
        assertThat(Values.differ(Value.signed(-3), Value.signed(3), 5)).isTrue();
        assertThat(Values.differ(Value.unsigned(-1), Value.unsigned(0), 5)).isTrue();
        assertThat(Values.differ(Value.unsigned(1), Value.unsigned(1), 0)).isFalse();
    }

    @Test
    void whole_numbers_that_a_double_cannot_tell_apart_differ_without_a_deadband() {
        assertThat(Values.differ(Value.signed((1L << 60) + 1), Value.signed(1L << 60), 0)).isTrue();
        assertThat(Values.differ(Value.signed(Long.MIN_VALUE), Value.signed(Long.MAX_VALUE), 1)).isTrue();
    }

    @Test
    void what_is_not_a_number_equals_itself_and_differs_from_every_number() {
        assertThat(Values.differ(Value.real(Double.NaN), Value.real(Double.NaN), 0)).isFalse();
        assertThat(Values.differ(Value.real(Double.NaN), Value.real(1), 100)).isTrue();
        assertThat(Values.differ(Value.real(1), Value.real(Double.NaN), 100)).isTrue();
        double infinity = Double.POSITIVE_INFINITY;
        assertThat(Values.differ(Value.real(infinity), Value.real(infinity), 1)).isFalse();
        assertThat(Values.differ(Value.real(infinity), Value.real(-infinity), 1)).isTrue();
        assertThat(Values.differ(Value.NONE, Value.real(0), 100)).isTrue();
    }
}
