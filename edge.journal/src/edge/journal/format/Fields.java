// SPDX-License-Identifier: Apache-2.0
package edge.journal.format;

import java.time.Instant;

/** The numbers of a record's fields and what both directions need to know of times. Numbers are never used again. */
final class Fields {

    static final int MONOTONIC = 1;
    static final int WALL = 2;
    static final int WALL_IN_FULL = 3;
    static final int CONFIDENCE = 4;
    static final int TOPIC = 5;
    static final int PAYLOAD = 6;
    static final int DELIVERY = 7;
    static final int CALLER = 8;
    static final int READING = 9;
    static final int DEVICE = 10;
    static final int LOST_EPOCH = 11;
    static final int LOST_FROM = 12;
    static final int LOST_TO = 13;
    static final int LOST_REASON = 14;
    static final int LOST_DETAIL = 15;
    static final int LOST_UPLINK = 16;
    static final int LOST_REVOKED = 17;
    static final int SUMMARY_FROM = 18;
    static final int SUMMARY_UNTIL = 19;
    static final int SUMMARY_TAG = 20;
    static final int CORRECTED = 21;
    static final int CLIENT = 24;
    static final int PACKET_ID = 25;
    static final int PROPERTIES = 26;

    // Fields of a BLOCK.
    static final int BLOCK_GATEWAY = 1;
    static final int BLOCK_BOOT = 2;
    static final int BLOCK_MONOTONIC = 3;
    static final int BLOCK_WALL = 4;
    static final int BLOCK_CONFIDENCE = 5;

    // Kinds of definitions.
    static final int TEXT = 1;
    static final int STREAM = 2;
    static final int CALLER_DEFINITION = 3;
    static final int TAG = 4;
    static final int QUALITY = 5;

    // The low three bits of a reading's flags: its value.
    static final int VALUE_KIND = 7;
    static final int NONE = 0;
    static final int FALSE = 1;
    static final int TRUE = 2;
    static final int SIGNED = 3;
    static final int UNSIGNED = 4;
    static final int REAL = 5;
    static final int TEXT_VALUE = 6;
    static final int BYTES_VALUE = 7;
    /** The quality is not plainly GOOD: a reference follows. */
    static final int QUALIFIED = 1 << 3;
    /** The source time differs from the one before, the first from the message's wall time. */
    static final int OTHER_TIME = 1 << 4;
    /** The source time is too far off for nanoseconds in 64 bits. */
    static final int TIME_IN_FULL = 1 << 5;
    /** The real number fits a binary32. */
    static final int SINGLE = 1 << 6;

    private static final long BILLION = 1_000_000_000L;
    private static final long FAR = Long.MAX_VALUE / BILLION - 1;

    private Fields() {
    }

    /** Whether the instant's nanoseconds since 1970 fit 64 bits. */
    static boolean isNear(Instant time) {
        return time.getEpochSecond() > -FAR && time.getEpochSecond() < FAR;
    }

    static long nanos(Instant time) {
        return time.getEpochSecond() * BILLION + time.getNano();
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, BILLION), Math.floorMod(nanos, BILLION));
    }
}
