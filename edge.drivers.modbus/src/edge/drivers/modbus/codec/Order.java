// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.util.Locale;
import java.util.Optional;

/** What comes first: of the two bytes of a register, or of the registers of a wider number. */
public enum Order {
    /** The most significant first, as the standard has it within a register. */
    BIG,
    /** The least significant first. */
    LITTLE;

    /** The name in configuration files: {@code big}, {@code little}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The order with that {@link #label()}. */
    public static Optional<Order> ofLabel(String label) {
        for (Order order : values()) {
            if (order.label().equals(label)) {
                return Optional.of(order);
            }
        }
        return Optional.empty();
    }
}
