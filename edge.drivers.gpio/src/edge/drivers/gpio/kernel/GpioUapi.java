// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

/** Layout and numbers of {@code linux/gpio.h}, version 2. Sizes and offsets in bytes. */
final class GpioUapi {

    private static final int TYPE = 0xB4;

    static final int NAME_SIZE = 32;

    /** {@code struct gpiochip_info}. */
    static final int CHIP_SIZE = 68;
    static final int CHIP_NAME = 0;
    static final int CHIP_LABEL = 32;
    static final int CHIP_LINES = 64;

    /** {@code struct gpio_v2_line_info}. */
    static final int INFO_SIZE = 256;
    static final int INFO_NAME = 0;
    static final int INFO_CONSUMER = 32;
    static final int INFO_OFFSET = 64;
    static final int INFO_FLAGS = 72;

    /** {@code struct gpio_v2_line_request}, with its {@code config} unfolded. */
    static final int REQUEST_SIZE = 592;
    static final int REQUEST_OFFSETS = 0;
    static final int REQUEST_CONSUMER = 256;
    static final int REQUEST_CONFIG = 288;
    static final int REQUEST_LINES = 560;
    static final int REQUEST_BUFFER = 564;
    static final int REQUEST_FILE = 588;

    /** {@code struct gpio_v2_line_config}. */
    static final int CONFIG_SIZE = 272;
    static final int CONFIG_FLAGS = 0;
    static final int CONFIG_ATTRIBUTES = 8;
    static final int CONFIG_ATTRIBUTE = 32;

    /** {@code struct gpio_v2_line_config_attribute}. */
    static final int ATTRIBUTE_SIZE = 24;
    static final int ATTRIBUTE_ID = 0;
    static final int ATTRIBUTE_VALUE = 8;
    static final int ATTRIBUTE_MASK = 16;

    /** {@code struct gpio_v2_line_values}. */
    static final int VALUES_SIZE = 16;
    static final int VALUES_BITS = 0;
    static final int VALUES_MASK = 8;

    /** {@code struct gpio_v2_line_event}. */
    static final int EVENT_SIZE = 48;
    static final int EVENT_TIME = 0;
    static final int EVENT_ID = 8;
    static final int EVENT_LINE_NUMBER = 20;

    static final long GET_CHIP = Ioctl.read(TYPE, 0x01, CHIP_SIZE);
    static final long GET_INFO = Ioctl.readWrite(TYPE, 0x05, INFO_SIZE);
    static final long GET_LINE = Ioctl.readWrite(TYPE, 0x07, REQUEST_SIZE);
    static final long SET_CONFIG = Ioctl.readWrite(TYPE, 0x0D, CONFIG_SIZE);
    static final long GET_VALUES = Ioctl.readWrite(TYPE, 0x0E, VALUES_SIZE);
    static final long SET_VALUES = Ioctl.readWrite(TYPE, 0x0F, VALUES_SIZE);

    static final long FLAG_USED = 1;
    static final long FLAG_INPUT = 1 << 2;
    static final long FLAG_OUTPUT = 1 << 3;
    static final long FLAG_RISING = 1 << 4;
    static final long FLAG_FALLING = 1 << 5;
    static final long FLAG_OPEN_DRAIN = 1 << 6;
    static final long FLAG_OPEN_SOURCE = 1 << 7;
    static final long FLAG_PULL_UP = 1 << 8;
    static final long FLAG_PULL_DOWN = 1 << 9;

    static final int ID_VALUES = 2;
    static final int ID_DEBOUNCE = 3;

    static final int EVENT_RISING = 1;

    private GpioUapi() {
    }
}
