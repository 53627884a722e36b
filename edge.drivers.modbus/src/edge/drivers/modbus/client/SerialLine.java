// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.drivers.modbus.codec.Framing;
import java.time.Duration;

/**
 * How a serial line is set up (serial line, 2.5). The standard wants even parity with one stop bit, or no parity with two.
 *
 * @param framing {@link Framing#RTU} or {@link Framing#ASCII}
 * @param baudRate bits a second
 * @param dataBits 7 or 8 in a character; RTU needs 8
 * @param parity the parity bit
 * @param stopBits 1 or 2
 * @param rs485 whether and how the kernel drives the direction of an RS-485 transceiver
 * @param turnaround how long units get to digest a broadcast
 * @param retries how often a request whose answer is missing or damaged is sent again
 */
public record SerialLine(Framing framing, int baudRate, int dataBits, Parity parity, int stopBits, Rs485 rs485,
                         Duration turnaround, int retries) {

    /** From this rate on the gaps do not shrink any more. */
    private static final int FAST = 19_200;
    private static final long FAST_GAP = 1_750_000;
    /** The standard lets a character of an ASCII frame be a second late (serial line, 2.5.2.1). */
    private static final long ASCII_GAP = 1_000_000_000;

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
        if (framing == Framing.MBAP || dataBits != 8 && (dataBits != 7 || framing == Framing.RTU)) {
            throw new IllegalArgumentException("a serial line speaks RTU with 8 data bits, or ASCII with 7 or 8");
        }
    }

    /** How long one character is on the wire, in ns. */
    long characterNanos() {
        int bits = 1 + dataBits + (parity == Parity.NONE ? 0 : 1) + stopBits;
        return bits * 1_000_000_000L / baudRate;
    }

    /** The silence that ends a frame: 3.5 characters, in ns (serial line, 2.5.1.1). */
    long frameGapNanos() {
        return baudRate > FAST ? FAST_GAP : characterNanos() * 7 / 2;
    }

    /**
     * How late a character inside a frame may be, in ns.
     *
     * @param slack what the kernel may add to the silence of RTU, in ns
     */
    long characterGapNanos(long slack) {
        return framing == Framing.ASCII ? ASCII_GAP : frameGapNanos() + slack;
    }

    /** As on labels of devices: {@code 19200 8E1}. */
    public String describe() {
        return baudRate + " " + dataBits + parity.name().charAt(0) + stopBits;
    }
}
