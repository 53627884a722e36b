// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import edge.api.config.Problem;
import edge.api.device.Access;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.drivers.gpio.kernel.MemoryChip;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegisterTest {

    private static Register register(String attributes) throws Exception {
        return RegisterParser.parse("{\"registers\": [{\"name\": \"r\", \"register\": 16, \"access\": \"read-write\", "
            + attributes + "}]}", Byte.SIZE).get(0);
    }

    private static Value value(DataType type, String text) {
        if (type == DataType.BOOL) {
            return Value.of(Boolean.parseBoolean(text));
        } else if (type.isReal()) {
            return Value.real(Double.parseDouble(text));
        }
        return type.isSigned() ? Value.signed(Long.parseLong(text)) : Value.unsigned(Long.parseUnsignedLong(text));
    }

    @ParameterizedTest
    @CsvSource({"int8,big,-2,fe", "uint8,big,254,fe", "int16,big,-2,fffe", "int16,little,-2,feff", "uint16,little,258,0201",
        "int32,big,-2,fffffffe", "uint32,little,4294967294,feffffff", "int64,big,-2,fffffffffffffffe",
        "uint64,big,18446744073709551614,fffffffffffffffe", "float32,big,1.5,3fc00000",
        "float64,little,1.5,000000000000f83f"})
    void a_value_has_these_bytes_in_both_directions(String type, String order, String text, String bytes) throws Exception {
        Register register = register("\"type\": \"" + type + "\", \"order\": \"" + order + '"');
        Value value = value(DataType.ofLabel(type).orElseThrow(), text);
        MemoryChip chip = new MemoryChip();
        register.write(chip, value);
        assertThat(HexFormat.of().formatHex(chip.read(16, register.bytes()))).isEqualTo(bytes);
        assertThat(register.read(chip)).isEqualTo(value);
    }

    @Test
    void a_bit_is_written_without_touching_its_neighbours() throws Exception {
        MemoryChip chip = new MemoryChip();
        chip.write(16, new byte[] {(byte) 0b1010_0101});
        Register bit = register("\"type\": \"bool\", \"bit\": 1");
        assertThat(bit.read(chip)).isEqualTo(Value.FALSE);
        bit.write(chip, Value.TRUE);
        assertThat(chip.read(16, 1)).containsExactly(0b1010_0111);
        bit.write(chip, Value.FALSE);
        assertThat(chip.read(16, 1)).containsExactly(0b1010_0101);
    }

    @Test
    void a_scaled_register_is_a_real_number_and_is_rounded_when_it_is_written() throws Exception {
        Register celsius = register("\"type\": \"int16\", \"scale\": 0.0625, \"offset\": -40, \"unit\": \"°C\"");
        MemoryChip chip = new MemoryChip();
        chip.write(16, new byte[] {0x01, (byte) 0x90});
        assertThat(celsius.tag()).isEqualTo(new Tag("r", DataType.FLOAT64, "°C", Access.READ_WRITE, Duration.ofSeconds(1),
            ReportPolicy.ALWAYS, ""));
        assertThat(celsius.read(chip)).isEqualTo(Value.real(-15));
        celsius.write(chip, Value.real(-14.95));
        assertThat(celsius.read(chip)).isEqualTo(Value.real(-14.9375));
    }

    @Test
    void what_does_not_fit_is_not_written() throws Exception {
        MemoryChip chip = new MemoryChip();
        Register small = register("\"type\": \"int8\"");
        Register positive = register("\"type\": \"uint8\"");
        Register scaled = register("\"type\": \"uint8\", \"scale\": 0.5");
        assertThatIllegalArgumentException().isThrownBy(() -> small.write(chip, Value.signed(128)));
        assertThatIllegalArgumentException().isThrownBy(() -> positive.write(chip, Value.unsigned(256)));
        assertThatIllegalArgumentException().isThrownBy(() -> positive.write(chip, Value.signed(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> scaled.write(chip, Value.real(-0.5)));
        assertThatIllegalArgumentException().isThrownBy(() -> scaled.write(chip, Value.real(128)));
        assertThatIllegalArgumentException().isThrownBy(() -> scaled.write(chip, Value.real(Double.NaN)));
        assertThat(chip.read(16, 1)).containsExactly(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"name": "a", "register": 256, "type": "int8"}                       | registers[0].register | from 0 to 255
        {"name": "a", "register": 1, "type": "text"}                         | registers[0].type | must be bool
        {"name": "a", "register": 1, "type": "int8", "bit": 1}               | registers[0].bit | only the type bool
        {"name": "a", "register": 1, "type": "bool", "bit": 8}               | registers[0].bit | from 0 to 7
        {"name": "a", "register": 1, "type": "bool", "scale": 2}             | registers[0].scale | cannot be scaled
        {"name": "a", "register": 1, "type": "int8", "scale": 0}             | registers[0].scale | must not be 0
        {"name": "a", "register": 1, "type": "int8", "order": "middle"}      | registers[0].order | big or little
        {"name": "a", "register": 1, "type": "int8", "deadband": 2}          | registers[0].deadband | only with "onChange"
        {"name": "a", "register": 1, "type": "int8", "period": 1}            | registers[0].period | from 10
        {"name": "a", "register": 1, "type": "int8", "colour": 1}            | registers[0].colour | unknown attribute
        {"name": "a", "register": 1, "type": "int8"}, {"name": "a", "register": 2, "type": "int8"} | registers[1].name | already the name
        """)
    void a_wrong_register_is_refused_where_it_stands(String registers, String attribute, String message) {
        List<Problem> problems = new SpiConfigurationCheck().check("chip", "{\"registers\": [" + registers + "]}");
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).attribute()).isEqualTo(attribute);
        assertThat(problems.get(0).message()).contains(message);
    }

    @Test
    void a_large_memory_has_registers_of_16_bits() {
        I2cConfigurationCheck check = new I2cConfigurationCheck();
        String registers = "\"registers\": [{\"name\": \"a\", \"register\": 256, \"type\": \"int8\"}]}";
        assertThat(check.check("chip", "{\"registerBits\": 16, " + registers)).isEmpty();
        assertThat(check.check("chip", "{" + registers)).extracting(Problem::attribute).containsExactly("registers[0].register");
        assertThat(check.check("chip", "{\"registerBits\": 12, " + registers)).extracting(Problem::attribute)
            .containsExactly("registerBits");
        assertThat(check.check("chip", "{\"provider\": \"gpiod\", " + registers)).extracting(Problem::attribute)
            .containsExactly("provider");
    }
}
