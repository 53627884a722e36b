// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import java.util.Locale;
import java.util.Optional;

/** Who moves the lines. */
enum GpioProvider {
    CHARDEV, LINUXFS, GPIOD, MOCK;

    /** All of them, for messages. */
    static final String NAMES = "chardev, linuxfs, gpiod or mock";

    /** The name in configurations. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<GpioProvider> ofLabel(String label) {
        for (GpioProvider provider : values()) {
            if (provider.label().equals(label)) {
                return Optional.of(provider);
            }
        }
        return Optional.empty();
    }
}
