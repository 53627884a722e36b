// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layouts that are written by hand, compared with the kernel's headers by a C compiler, for 64 and for 32 bits. */
class LayoutTest {

    private static final String SAME_EVERYWHERE = """
        #include <stddef.h>
        #include <linux/gpio.h>
        #include <linux/i2c.h>
        #include <linux/i2c-dev.h>
        #include <linux/spi/spidev.h>
        #define SAME(ours, theirs) _Static_assert((unsigned long)(ours) == (unsigned long)(theirs), #theirs)
        """;

    @TempDir
    Path folder;

    private static void assumeCompiler() throws Exception {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "only a compiler for x86 knows both widths");
        boolean there = Files.exists(Path.of("/usr/include/linux/gpio.h")) && Files.isExecutable(Path.of("/usr/bin/gcc"));
        if (!"1".equals(System.getenv("EDGE_REQUIRE_PEERS"))) {
            assumeTrue(there, "gcc and linux-libc-dev are not installed");
        }
        assertThat(there).as("gcc and linux-libc-dev are required here").isTrue();
    }

    private void compile(String bits, List<String> assertions) throws Exception {
        Path program = folder.resolve("layout.c");
        Files.writeString(program, SAME_EVERYWHERE + String.join("\n", assertions) + "\n");
        // The compiler's own headers and the kernel's; the C library's for 32 bits need not be there.
        Process compiler = new ProcessBuilder("/usr/bin/gcc", bits, "-ffreestanding", "-fsyntax-only", "-std=gnu11",
            "-I/usr/include/x86_64-linux-gnu", program.toString()).redirectErrorStream(true).start();
        String output = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(compiler.waitFor()).as(output).isZero();
    }

    private static String same(long ours, String theirs) {
        return "SAME(" + ours + "UL, " + theirs + ");";
    }

    private static String offset(int ours, String struct, String member) {
        return same(ours, "offsetof(struct " + struct + ", " + member + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-m64", "-m32"})
    void lines_have_one_layout_for_all_widths(String bits) throws Exception {
        assumeCompiler();
        compile(bits, List.of(
            same(GpioUapi.CHIP_SIZE, "sizeof(struct gpiochip_info)"),
            offset(GpioUapi.CHIP_LABEL, "gpiochip_info", "label"),
            offset(GpioUapi.CHIP_LINES, "gpiochip_info", "lines"),
            same(GpioUapi.INFO_SIZE, "sizeof(struct gpio_v2_line_info)"),
            offset(GpioUapi.INFO_CONSUMER, "gpio_v2_line_info", "consumer"),
            offset(GpioUapi.INFO_OFFSET, "gpio_v2_line_info", "offset"),
            offset(GpioUapi.INFO_FLAGS, "gpio_v2_line_info", "flags"),
            same(GpioUapi.REQUEST_SIZE, "sizeof(struct gpio_v2_line_request)"),
            offset(GpioUapi.REQUEST_CONSUMER, "gpio_v2_line_request", "consumer"),
            offset(GpioUapi.REQUEST_CONFIG, "gpio_v2_line_request", "config"),
            offset(GpioUapi.REQUEST_LINES, "gpio_v2_line_request", "num_lines"),
            offset(GpioUapi.REQUEST_BUFFER, "gpio_v2_line_request", "event_buffer_size"),
            offset(GpioUapi.REQUEST_FILE, "gpio_v2_line_request", "fd"),
            same(GpioUapi.CONFIG_SIZE, "sizeof(struct gpio_v2_line_config)"),
            offset(GpioUapi.CONFIG_ATTRIBUTES, "gpio_v2_line_config", "num_attrs"),
            offset(GpioUapi.CONFIG_ATTRIBUTE, "gpio_v2_line_config", "attrs"),
            same(GpioUapi.ATTRIBUTE_SIZE, "sizeof(struct gpio_v2_line_config_attribute)"),
            offset(GpioUapi.ATTRIBUTE_VALUE, "gpio_v2_line_config_attribute", "attr.values"),
            offset(GpioUapi.ATTRIBUTE_VALUE, "gpio_v2_line_config_attribute", "attr.debounce_period_us"),
            offset(GpioUapi.ATTRIBUTE_MASK, "gpio_v2_line_config_attribute", "mask"),
            same(GpioUapi.VALUES_SIZE, "sizeof(struct gpio_v2_line_values)"),
            offset(GpioUapi.VALUES_MASK, "gpio_v2_line_values", "mask"),
            same(GpioUapi.EVENT_SIZE, "sizeof(struct gpio_v2_line_event)"),
            offset(GpioUapi.EVENT_ID, "gpio_v2_line_event", "id"),
            offset(GpioUapi.EVENT_LINE_NUMBER, "gpio_v2_line_event", "line_seqno"),
            same(GpioUapi.GET_CHIP, "GPIO_GET_CHIPINFO_IOCTL"),
            same(GpioUapi.GET_INFO, "GPIO_V2_GET_LINEINFO_IOCTL"),
            same(GpioUapi.GET_LINE, "GPIO_V2_GET_LINE_IOCTL"),
            same(GpioUapi.SET_CONFIG, "GPIO_V2_LINE_SET_CONFIG_IOCTL"),
            same(GpioUapi.GET_VALUES, "GPIO_V2_LINE_GET_VALUES_IOCTL"),
            same(GpioUapi.SET_VALUES, "GPIO_V2_LINE_SET_VALUES_IOCTL"),
            same(GpioUapi.FLAG_USED, "GPIO_V2_LINE_FLAG_USED"),
            same(GpioUapi.FLAG_INPUT, "GPIO_V2_LINE_FLAG_INPUT"),
            same(GpioUapi.FLAG_OUTPUT, "GPIO_V2_LINE_FLAG_OUTPUT"),
            same(GpioUapi.FLAG_RISING, "GPIO_V2_LINE_FLAG_EDGE_RISING"),
            same(GpioUapi.FLAG_FALLING, "GPIO_V2_LINE_FLAG_EDGE_FALLING"),
            same(GpioUapi.FLAG_OPEN_DRAIN, "GPIO_V2_LINE_FLAG_OPEN_DRAIN"),
            same(GpioUapi.FLAG_OPEN_SOURCE, "GPIO_V2_LINE_FLAG_OPEN_SOURCE"),
            same(GpioUapi.FLAG_PULL_UP, "GPIO_V2_LINE_FLAG_BIAS_PULL_UP"),
            same(GpioUapi.FLAG_PULL_DOWN, "GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN"),
            same(GpioUapi.ID_VALUES, "GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES"),
            same(GpioUapi.ID_DEBOUNCE, "GPIO_V2_LINE_ATTR_ID_DEBOUNCE"),
            same(GpioUapi.EVENT_RISING, "GPIO_V2_LINE_EVENT_RISING_EDGE")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-m64", "-m32"})
    void spi_has_one_layout_for_all_widths(String bits) throws Exception {
        assumeCompiler();
        compile(bits, List.of(
            same(SpiUapi.TRANSFER_SIZE, "sizeof(struct spi_ioc_transfer)"),
            offset(SpiUapi.TRANSFER_RECEIVED, "spi_ioc_transfer", "rx_buf"),
            offset(SpiUapi.TRANSFER_LENGTH, "spi_ioc_transfer", "len"),
            offset(SpiUapi.TRANSFER_SPEED, "spi_ioc_transfer", "speed_hz"),
            same(SpiUapi.SET_MODE, "SPI_IOC_WR_MODE"),
            same(SpiUapi.SET_SPEED, "SPI_IOC_WR_MAX_SPEED_HZ"),
            same(SpiUapi.TRANSFER, "SPI_IOC_MESSAGE(1)")));
    }

    @Test
    void i2c_has_the_layout_of_this_width() throws Exception {
        assumeCompiler();
        compile(Native.POINTER_SIZE == Long.BYTES ? "-m64" : "-m32", i2c(Native.POINTER_SIZE));
    }

    @Test
    void i2c_has_the_other_layout_where_pointers_have_32_bits() throws Exception {
        assumeCompiler();
        compile("-m32", i2c(Integer.BYTES));
    }

    /** What I2cUapi says, for pointers of that size. */
    private static List<String> i2c(int pointer) {
        int more = pointer - Native.POINTER_SIZE;
        return List.of(
            same(I2cUapi.MESSAGE_SIZE + more, "sizeof(struct i2c_msg)"),
            offset(I2cUapi.MESSAGE_FLAGS, "i2c_msg", "flags"),
            offset(I2cUapi.MESSAGE_LENGTH, "i2c_msg", "len"),
            offset(I2cUapi.MESSAGE_BYTES, "i2c_msg", "buf"),
            same(I2cUapi.FLAG_READ, "I2C_M_RD"),
            same(I2cUapi.TRANSFER_SIZE + 2 * more, "sizeof(struct i2c_rdwr_ioctl_data)"),
            offset(I2cUapi.TRANSFER_COUNT + more, "i2c_rdwr_ioctl_data", "nmsgs"),
            same(I2cUapi.SMBUS_SIZE + more, "sizeof(struct i2c_smbus_ioctl_data)"),
            offset(I2cUapi.SMBUS_COMMAND, "i2c_smbus_ioctl_data", "command"),
            offset(I2cUapi.SMBUS_KIND, "i2c_smbus_ioctl_data", "size"),
            offset(I2cUapi.SMBUS_DATA, "i2c_smbus_ioctl_data", "data"),
            same(I2cUapi.DATA_SIZE, "sizeof(union i2c_smbus_data)"),
            same(I2cUapi.LONGEST_BLOCK, "I2C_SMBUS_BLOCK_MAX"),
            same(I2cUapi.SET_ADDRESS, "I2C_SLAVE"), same(I2cUapi.GET_FUNCTIONS, "I2C_FUNCS"),
            same(I2cUapi.TRANSFER, "I2C_RDWR"), same(I2cUapi.SMBUS, "I2C_SMBUS"),
            same(I2cUapi.FUNCTION_I2C, "I2C_FUNC_I2C"),
            same(I2cUapi.FUNCTION_BYTE_DATA, "I2C_FUNC_SMBUS_BYTE_DATA"),
            same(I2cUapi.FUNCTION_WORD_DATA, "I2C_FUNC_SMBUS_WORD_DATA"),
            same(I2cUapi.FUNCTION_BLOCK_DATA, "I2C_FUNC_SMBUS_I2C_BLOCK"),
            same(I2cUapi.KIND_BYTE_DATA, "I2C_SMBUS_BYTE_DATA"), same(I2cUapi.KIND_WORD_DATA, "I2C_SMBUS_WORD_DATA"),
            same(I2cUapi.KIND_BLOCK_DATA, "I2C_SMBUS_I2C_BLOCK_DATA"));
    }
}
