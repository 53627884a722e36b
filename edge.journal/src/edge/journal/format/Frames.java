// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import java.util.zip.CRC32C;

/**
 * The layout of a segment, version 1.
 *
 * <pre>
 * segment  = preamble  HEADER  { BLOCK { DEFINITIONS | record } }  [ END ]  [ INDEX ]
 * preamble = "EDGEJNL\n"  version u16  0 u16  CRC32C of the 12 bytes before u32
 * frame    = length u24  check u8  CRC32C of the body, masked u32  body
 * body     = type u8 ...
 * </pre>
 *
 * <p>The mask ties a frame to its place: HEADER, BLOCK, END and INDEX to the segment's number and their own offset, everything else
 * to the segment's random salt and its block's offset. So bytes that drifted from elsewhere, or that a publisher made to
 * look like a frame, are never taken for one. The check byte tells a damaged length from a frame that is not yet complete.
 *
 * <p>A segment may be written over an older one, so that the file system has nothing to do for it. Then the last frame is
 * followed by a tail, eight bytes that no other place and no other segment can have, which the next frame overwrites: what lies
 * behind is the older segment's. In the same way a new file may be laid out ahead with zeros: behind the tail, or behind a frame
 * whose writing the power's failure cut short, there is nothing else.
 *
 * <p>Definitions (names, tags, callers) hold within their block only. A block can be read alone, and damage to a definition
 * reaches no further than its block.
 */
public final class Frames {

    public static final int VERSION = 1;
    public static final int PREAMBLE = 16;
    static final byte[] MAGIC = {'E', 'D', 'G', 'E', 'J', 'N', 'L', '\n'};
    /** Begins the body of each block behind its type, so that a reader finds the next one in damaged bytes. */
    static final long BLOCK_MARK = 0xB10C_5EA1_ED6E_0A0DL;

    /** Before the body. */
    public static final int HEAD = 8;
    /** No body is longer. */
    public static final int MAX_BODY = 4 * 1024 * 1024;
    /** A block takes no new frame at or behind this many bytes. */
    public static final int BLOCK_SIZE = 64 * 1024;

    static final int HEADER = 1;
    static final int BLOCK = 2;
    static final int END = 3;
    static final int DEFINITIONS = 4;
    static final int RAW = 5;
    static final int SCAN = 6;
    static final int GAP = 7;
    static final int SUMMARY = 8;
    static final int CORRECTION = 9;
    static final int INDEX = 10;
    /** A length of nothing, whose check is wrong. */
    private static final int TAIL = 0x5C;

    private Frames() {
    }

    /** Writes the head of the frame whose body ends the output. */
    static void close(Output out, int start, int mask, CRC32C crc) {
        byte[] array = out.array();
        int length = out.size() - start - HEAD;
        array[start] = (byte) (length >>> 16);
        array[start + 1] = (byte) (length >>> 8);
        array[start + 2] = (byte) length;
        array[start + 3] = (byte) check(length);
        Output.setInt(array, start + 4, crc(array, start + HEAD, length, crc) ^ mask);
    }

    /** The body's length, or -1 if its check says otherwise. */
    static int length(byte[] array, int at) {
        int length = (array[at] & 0xFF) << 16 | (array[at + 1] & 0xFF) << 8 | array[at + 2] & 0xFF;
        boolean sound = length > 0 && length <= MAX_BODY && check(length) == (array[at + 3] & 0xFF);
        return sound ? length : -1;
    }

    static int crc(byte[] array, int from, int length, CRC32C crc) {
        crc.reset();
        crc.update(array, from, length);
        return (int) crc.getValue();
    }

    /** Each bit of the length changes it. */
    private static int check(int length) {
        int high = length >>> 16;
        int middle = length >>> 8 & 0xFF;
        int low = length & 0xFF;
        return (low ^ rotate(middle, 3) ^ rotate(high, 5) ^ 0xA5) & 0xFF;
    }

    private static int rotate(int octet, int by) {
        return (octet << by | octet >>> 8 - by) & 0xFF;
    }

    /** Ends what is written of a segment that is written over an older one. */
    public static byte[] tail(long segment, long salt, long offset) {
        return new Output(HEAD).putInt(TAIL).putInt(placeMask(segment, offset) ^ (int) (salt >>> 32) ^ (int) salt).array();
    }

    static boolean isTail(byte[] array, int at, long segment, long salt, long offset) {
        return Output.getInt(array, at) == TAIL
            && Output.getInt(array, at + 4) == (placeMask(segment, offset) ^ (int) (salt >>> 32) ^ (int) salt);
    }

    /** For frames at a fixed place of a segment. */
    static int placeMask(long segment, long offset) {
        return mix(segment * 0x9E37_79B9_7F4A_7C15L + offset);
    }

    /** For the frames of a block. */
    static int blockMask(long salt, long offset) {
        return mix(salt ^ offset * 0x9E37_79B9_7F4A_7C15L);
    }

    private static int mix(long value) {
        long mixed = (value ^ value >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return (int) (mixed ^ mixed >>> 32);
    }

    /** The first bytes of each segment. */
    public static byte[] preamble() {
        Output out = new Output(PREAMBLE);
        out.putBytes(MAGIC, 0, MAGIC.length).put(VERSION >>> 8).put(VERSION).put(0).put(0);
        out.putInt(crc(out.array(), 0, out.size(), new CRC32C()));
        return out.array();
    }

    /** The version in a preamble, or -1 if it is damaged. */
    static int version(byte[] array, int at) {
        for (int i = 0; i < MAGIC.length; i++) {
            if (array[at + i] != MAGIC[i]) {
                return -1;
            }
        }
        if (Output.getInt(array, at + 12) != crc(array, at, 12, new CRC32C())) {
            return -1;
        }
        return (array[at + 8] & 0xFF) << 8 | array[at + 9] & 0xFF;
    }
}
