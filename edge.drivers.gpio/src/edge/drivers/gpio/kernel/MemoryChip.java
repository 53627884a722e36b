// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.kernel;

import java.util.Arrays;

/** A simulated chip: its registers hold what was written, and 0 before. */
public final class MemoryChip implements Registers {

    private final byte[] bytes = new byte[65_536 + 8];

    @Override
    public byte[] read(int register, int count) {
        return Arrays.copyOfRange(bytes, register, register + count);
    }

    @Override
    public void write(int register, byte[] written) {
        System.arraycopy(written, 0, bytes, register, written.length);
    }

    @Override
    public void close() {
        // There is nothing to let go.
    }
}
