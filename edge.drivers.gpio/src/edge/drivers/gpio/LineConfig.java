// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Access;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.value.DataType;
import java.time.Duration;

/**
 * One configured line.
 *
 * @param name name of the tag
 * @param line number of the line, as the provider counts
 * @param direction in or out
 * @param edge which changes of an input are reported
 * @param debounce how long a new level must hold until it counts; zero for at once
 * @param pull bias of an input
 * @param activeLow whether the electrical level is the opposite of the value
 * @param initial value that an output takes at start
 * @param safe value that an output takes when the driver lets it go
 * @param access whether an output may be written
 * @param period scan period; zero for a line that reports its changes by itself
 * @param report which readings are published
 * @param description one line for people
 * @param toggle period of a square wave on a simulated input; zero for none
 */
record LineConfig(String name, int line, Direction direction, Edge edge, Duration debounce, Pull pull, boolean activeLow,
                  boolean initial, boolean safe, Access access, Duration period, ReportPolicy report, String description,
                  Duration toggle) {

    enum Direction {
        IN, OUT
    }

    enum Edge {
        BOTH, RISING, FALLING;

        /** Whether a change to that value is reported. */
        boolean reports(boolean value) {
            return this == BOTH || value == (this == RISING);
        }
    }

    enum Pull {
        NONE, UP, DOWN
    }

    boolean isInput() {
        return direction == Direction.IN;
    }

    boolean reportsByItself() {
        return period.isZero();
    }

    /** The value of an electrical level, and the electrical level of a value: both are the same operation. */
    boolean flip(boolean level) {
        return level != activeLow;
    }

    Tag tag() {
        return new Tag(name, DataType.BOOL, "", access, period, report, description);
    }
}
