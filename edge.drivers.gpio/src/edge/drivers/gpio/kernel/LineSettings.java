// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import com.sun.jna.Pointer;

/**
 * How a line is to be used. Levels are electrical.
 *
 * @param flags the kernel's {@code GPIO_V2_LINE_FLAG_…}
 * @param level the level of an output
 * @param debounceMicros how long a new level of an input must hold; 0 for at once
 */
public record LineSettings(long flags, boolean level, int debounceMicros) {

    /** Leaves direction, level and everything else as they are. */
    public static final LineSettings AS_IS = new LineSettings(0, false, 0);

    /** Bias of an input. */
    public enum Bias {
        AS_IS(0), PULL_UP(GpioUapi.FLAG_PULL_UP), PULL_DOWN(GpioUapi.FLAG_PULL_DOWN);

        private final long flag;

        Bias(long flag) {
            this.flag = flag;
        }
    }

    /** How an output drives its line. */
    public enum Drive {
        PUSH_PULL(0), OPEN_DRAIN(GpioUapi.FLAG_OPEN_DRAIN), OPEN_SOURCE(GpioUapi.FLAG_OPEN_SOURCE);

        private final long flag;

        Drive(long flag) {
            this.flag = flag;
        }
    }

    public static LineSettings input(boolean rising, boolean falling, Bias bias, int debounceMicros) {
        return new LineSettings(GpioUapi.FLAG_INPUT | (rising ? GpioUapi.FLAG_RISING : 0)
            | (falling ? GpioUapi.FLAG_FALLING : 0) | bias.flag, false, debounceMicros);
    }

    public static LineSettings output(boolean level, Drive drive) {
        return new LineSettings(GpioUapi.FLAG_OUTPUT | drive.flag, level, 0);
    }

    /** Fills a {@code struct gpio_v2_line_config} that is all zero. */
    void write(Pointer memory, int at) {
        memory.setLong(at + GpioUapi.CONFIG_FLAGS, flags);
        int attribute = at + GpioUapi.CONFIG_ATTRIBUTE;
        if ((flags & GpioUapi.FLAG_OUTPUT) != 0) {
            memory.setInt(at + GpioUapi.CONFIG_ATTRIBUTES, 1);
            memory.setInt(attribute + GpioUapi.ATTRIBUTE_ID, GpioUapi.ID_VALUES);
            memory.setLong(attribute + GpioUapi.ATTRIBUTE_VALUE, level ? 1 : 0);
            memory.setLong(attribute + GpioUapi.ATTRIBUTE_MASK, 1);
        } else if (debounceMicros > 0) {
            memory.setInt(at + GpioUapi.CONFIG_ATTRIBUTES, 1);
            memory.setInt(attribute + GpioUapi.ATTRIBUTE_ID, GpioUapi.ID_DEBOUNCE);
            memory.setInt(attribute + GpioUapi.ATTRIBUTE_VALUE, debounceMicros);
            memory.setLong(attribute + GpioUapi.ATTRIBUTE_MASK, 1);
        }
    }
}
