// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import java.time.Duration;

/**
 * How a serial line is set up (serial line, 2.5). The standard wants even parity with one stop bit, or no parity with two.
 *
 * @param baudRate bits a second
 * @param parity the parity bit
 * @param stopBits 1 or 2
 * @param rs485 whether and how the kernel drives the direction of an RS-485 transceiver
 * @param turnaround how long units get to digest a broadcast
 * @param retries how often a request whose answer is missing or damaged is sent again
 */
public record SerialLine(int baudRate, Parity parity, int stopBits, Rs485 rs485, Duration turnaround, int retries) {

    /** From this rate on the gaps do not shrink any more. */
    private static final int FAST = 19_200;
    private static final long FAST_GAP = 1_750_000;

    public enum Parity {
        NONE, EVEN, ODD
    }

    /**
     * RS-485 by the kernel's driver (struct serial_rs485): RTS switches the direction.
     *
     * @param enabled false leaves RTS alone: for RS-232, and for adapters that find the direction themselves
     * @param activeHigh whether RTS is high while sending
     * @param termination whether the port's own terminating resistor is switched on, where it has one
     * @param delayBefore between RTS and the first bit
     * @param delayAfter between the last bit and RTS
     */
    public record Rs485(boolean enabled, boolean activeHigh, boolean termination, Duration delayBefore,
                        Duration delayAfter) {

        /** No direction is driven. */
        public static final Rs485 OFF = new Rs485(false, true, false, Duration.ZERO, Duration.ZERO);
    }

    public SerialLine {
        if (baudRate < 1 || stopBits < 1 || stopBits > 2 || retries < 0) {
            throw new IllegalArgumentException("baudRate must be positive, stopBits 1 or 2, retries 0 or more");
        }
    }

    /** How long one character of 8 data bits is on the wire, in ns. */
    long characterNanos() {
        int bits = 1 + 8 + (parity == Parity.NONE ? 0 : 1) + stopBits;
        return bits * 1_000_000_000L / baudRate;
    }

    /** The silence that ends a frame: 3.5 characters, in ns (serial line, 2.5.1.1). */
    long frameGapNanos() {
        return baudRate > FAST ? FAST_GAP : characterNanos() * 7 / 2;
    }

    /** As on labels of devices: {@code 19200 8E1}. */
    public String describe() {
        return baudRate + " 8" + parity.name().charAt(0) + stopBits;
    }
}
