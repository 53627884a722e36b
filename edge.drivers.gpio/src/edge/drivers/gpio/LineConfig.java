// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.device.Access;
import edge.api.device.ReportPolicy;
import edge.api.device.Tag;
import edge.api.value.DataType;
import java.time.Duration;
import java.util.Optional;

/**
 * One configured line.
 *
 * @param name name of its tag
 * @param address which line
 * @param activeLow whether the electrical level is the opposite of the value
 * @param access whether the tag may be written
 * @param period scan period; zero for a line that reports its changes by itself
 * @param report which readings are published
 * @param description one line for people
 * @param role what it is used for
 */
record LineConfig(String name, LineAddress address, boolean activeLow, Access access, Duration period, ReportPolicy report,
                  String description, Role role) {

    /** What a line is used for. */
    sealed interface Role {
    }

    /**
     * Its level is read.
     *
     * @param edge which changes are reported
     * @param debounce how long a new level must hold until it counts; zero for at once
     * @param pull bias
     * @param toggle period of a square wave on a simulated line; zero for none
     */
    record Input(Edge edge, Duration debounce, Pull pull, Duration toggle) implements Role {
    }

    /**
     * Its edges are counted.
     *
     * @param input how the line is read; its edge is what counts
     * @param perPulse what one pulse is worth; zero if the number of pulses is the value
     * @param unit unit of the value
     * @param rate the second tag, if there is one
     */
    record Counter(Input input, double perPulse, String unit, Optional<Rate> rate) implements Role {
    }

    /**
     * How fast a counter counts, as a tag.
     *
     * @param name name of the tag
     * @param unit its unit
     * @param per the time that the rate is for
     * @param zeroAfter without a pulse for that long it is 0
     */
    record Rate(String name, String unit, Duration per, Duration zeroAfter) {
    }

    /**
     * It is driven.
     *
     * @param drive how
     * @param initial value at start; empty keeps what the line has
     * @param afterCrash value at a start that follows an unclean stop; empty keeps what the line has
     * @param safe value when the driver lets it go, and when the uplinks are lost
     * @param uplinkLoss after how long without any uplink it takes the safe value; zero for never
     * @param pulse how long true lasts once written; zero for ever
     */
    record Output(Drive drive, Optional<Boolean> initial, Optional<Boolean> afterCrash, boolean safe, Duration uplinkLoss,
                  Duration pulse) implements Role {
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

    enum Drive {
        PUSH_PULL, OPEN_DRAIN, OPEN_SOURCE
    }

    /** How the line is read, if it is an input or counter. */
    Optional<Input> input() {
        if (role instanceof Input input) {
            return Optional.of(input);
        }
        return role instanceof Counter counter ? Optional.of(counter.input()) : Optional.empty();
    }

    boolean reportsByItself() {
        return period.isZero();
    }

    /** The value of an electrical level, and the electrical level of a value: both are the same operation. */
    boolean flip(boolean level) {
        return level != activeLow;
    }

    /** What messages call it. */
    String label() {
        return address + " (" + name + ")";
    }

    Tag tag() {
        if (role instanceof Counter counter) {
            return new Tag(name, counter.perPulse() == 0 ? DataType.UINT64 : DataType.FLOAT64, counter.unit(), access, period,
                report, description);
        }
        return new Tag(name, DataType.BOOL, "", access, period, report, description);
    }

    Optional<Tag> rateTag() {
        return role instanceof Counter counter
            ? counter.rate().map(rate -> new Tag(rate.name(), DataType.FLOAT64, rate.unit(), Access.READ, period, report, ""))
            : Optional.empty();
    }
}
