// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.codec;

import java.nio.ByteBuffer;

/** The checksum of RTU frames (serial line, 6.2.2): polynomial 0xa001 reflected, begun with 0xffff, sent low byte first. */
final class Crc16 {
    private static final int POLYNOMIAL = 0xa001;
    private static final char[] TABLE = new char[256];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            int crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ POLYNOMIAL;
            }
            TABLE[i] = (char) crc;
        }
    }

    private Crc16() {
    }

    static int of(ByteBuffer in, int start, int length) {
        int crc = 0xffff;
        for (int i = start; i < start + length; i++) {
            crc = crc >> 8 ^ TABLE[(crc ^ in.get(i)) & 0xff];
        }
        return crc;
    }
}
