// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import edge.api.device.Quality;
import edge.api.device.Reading;
import edge.api.device.Tag;
import edge.api.value.Value;
import java.time.Instant;

/** Holds what a driver reports against its contract. What breaks it becomes BAD with reason DRIVER_FAULT. */
final class ReadingCheck {
    private static final Quality NOT_A_NUMBER = Quality.bad(Quality.Reason.OUT_OF_RANGE, "the value is not a finite number");

    private ReadingCheck() {
    }

    /** What is wrong with the reading, one sentence; null if nothing is. */
    static String fault(Tag tag, Reading reading) {
        if (reading == null) {
            return "there is no reading for tag " + tag.name();
        } else if (reading.tag() != tag && !tag.equals(reading.tag())) {
            return "a reading of another tag stands in the place of tag " + tag.name();
        } else if (reading.value() == null || reading.quality() == null || reading.sourceTime() == null) {
            return "the reading of tag " + tag.name() + " lacks its value, quality or time";
        } else if (reading.value() instanceof Value.None) {
            return reading.quality().isBad() ? null
                : "the reading of tag " + tag.name() + " has no value although its quality is not BAD";
        } else if (!Values.fits(reading.value(), tag.type())) {
            return "the value of tag " + tag.name() + " does not fit its type " + tag.type().label();
        }
        return null;
    }

    static Reading bad(Tag tag, Quality.Reason reason, String detail, Instant now) {
        return new Reading(tag, Value.NONE, Quality.bad(reason, detail), now);
    }

    /** The reading, BAD if its value is not a finite number: such a value has no form in JSON and no deadband. */
    static Reading finite(Reading reading) {
        if (Values.isNotFinite(reading.value()) && !reading.quality().isBad()) {
            return new Reading(reading.tag(), reading.value(), NOT_A_NUMBER, reading.sourceTime());
        }
        return reading;
    }
}
