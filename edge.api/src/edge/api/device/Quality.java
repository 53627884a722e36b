// SPDX-License-Identifier: Apache-2.0
package edge.api.device;

/**
 * How far a reading can be trusted: OPC UA's three levels (OPC 10000-8, 6.3) with a reason for machines and a detail for
 * people.
 *
 * @param level the level
 * @param reason why it is not GOOD; {@link Reason#NONE} when it is
 * @param detail one sentence for people, empty when GOOD: what was wrong, where, and if known what to do
 */
public record Quality(Level level, Reason reason, String detail) {

    public enum Level {
        GOOD, UNCERTAIN, BAD
    }

    public enum Reason {
        NONE,
        /** Nothing has been read yet. */
        NO_DATA,
        /** There is no connection to the device. */
        NOT_CONNECTED,
        /** The device did not answer in time. */
        TIMEOUT,
        /** The device answered with an error of its protocol. */
        REJECTED,
        /** The device answered with something that is not its protocol. */
        MALFORMED,
        /** The value is outside of what the tag allows, or not a number. */
        OUT_OF_RANGE,
        /** The device has been silent for two scan periods. */
        STALE,
        /** The driver is being replaced or the device is switched off by configuration. */
        PAUSED,
        /** The device reports that its own sensor failed. */
        SENSOR,
        /** The driver broke its contract. */
        DRIVER_FAULT
    }

    public static final Quality GOOD = new Quality(Level.GOOD, Reason.NONE, "");

    public static Quality bad(Reason reason, String detail) {
        return new Quality(Level.BAD, reason, detail);
    }

    public static Quality uncertain(Reason reason, String detail) {
        return new Quality(Level.UNCERTAIN, reason, detail);
    }

    public boolean isGood() {
        return level == Level.GOOD;
    }

    public boolean isBad() {
        return level == Level.BAD;
    }
}
