// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import edge.api.device.Quality;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.device.Tag;
import edge.api.device.TagState;
import edge.api.device.TagTable;
import edge.api.gateway.Moment;
import edge.api.value.Value;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One evaluation of one expression. It gathers the worst quality of all that was looked at, and the newest source time. Of two
 * qualities of the same level the first counts.
 */
final class Evaluation {
    private final String device;
    private final Map<String, Reading> fresh;
    private final TagTable table;
    private final Windows windows;
    private final Moment now;
    private Quality worst = Quality.GOOD;
    private Instant newest = Instant.MIN;

    /** What had been gathered at some point. */
    record Mark(Quality worst, Instant newest) {
    }

    /**
     * @param device the device that is computed
     * @param fresh those of its tags that have been computed in this run already
     */
    Evaluation(String device, Map<String, Reading> fresh, TagTable table, Windows windows, Moment now) {
        this.device = device;
        this.fresh = fresh;
        this.table = table;
        this.windows = windows;
        this.now = now;
    }

    /** Computes a tag. */
    Reading reading(Tag tag, Node expression) {
        Value value = expression.value(this);
        if (value != Value.NONE) {
            Value result = value;
            value = Conversion.to(tag.type(), value)
                .orElseGet(() -> fail("the result, " + result + ", does not fit the type " + tag.type().label()));
        }
        Instant time = newest.equals(Instant.MIN) ? now.wall() : newest;
        return new Reading(tag, value, worst, time);
    }

    Mark mark() {
        return new Mark(worst, newest);
    }

    void reset(Mark mark) {
        worst = mark.worst();
        newest = mark.newest();
    }

    /** The last value of a tag; its quality and time count. */
    Value read(TagReference tag) {
        Optional<Reading> found = find(tag);
        if (found.isEmpty()) {
            return fail(Reason.NO_DATA, "there is no tag " + tag);
        }
        Reading reading = found.get();
        note(reading.sourceTime());
        Quality quality = reading.quality();
        if (!quality.isGood()) {
            worsen(new Quality(quality.level(), quality.reason(), tag + ": " + quality.detail()));
        }
        if (quality.isBad()) {
            return Value.NONE;
        }
        Value value = plain(reading.value());
        return value == Value.NONE ? fail("nothing can be computed from the bytes of " + tag) : value;
    }

    boolean isGood(TagReference tag) {
        return find(tag).map(reading -> reading.quality().isGood()).orElse(false);
    }

    Value overWindow(Node.OverWindow wanted) {
        Window.Summary summary = windows.of(wanted).summary(now.monotonicNanos());
        String of = wanted.tag() + " in the last " + wanted.window().toSeconds() + " s";
        note(now.wall());
        if (summary.count() == 0 && wanted.function() != WindowFunction.COUNT_OVER) {
            return fail(Reason.NO_DATA, "there is no good reading of " + of);
        }
        if (summary.others() > 0) {
            worsen(Quality.uncertain(Reason.NO_DATA, summary.others() + " readings of " + of + " were not good"));
        } else if (!summary.isFull()) {
            worsen(Quality.uncertain(Reason.NO_DATA, wanted.tag() + " has been watched for less than "
                + wanted.window().toSeconds() + " s"));
        }
        return Value.real(wanted.function().apply(summary));
    }

    /** The value if it is of that kind; else none, and the result is BAD. */
    Value need(Value value, Kind needed) {
        return value == Value.NONE || Kind.of(value) == needed ? value
            : fail("there is " + Kind.of(value).words() + " where " + needed.words() + " is needed");
    }

    /** The result is BAD: something cannot be computed. */
    Value fail(String why) {
        return fail(Reason.OUT_OF_RANGE, why);
    }

    private Value fail(Reason reason, String why) {
        worsen(Quality.bad(reason, why));
        return Value.NONE;
    }

    /** The value as expressions know it: each number is a real, and bytes are none. */
    static Value plain(Value value) {
        if (value instanceof Value.Signed signed) {
            return Value.real(signed.value());
        } else if (value instanceof Value.Unsigned unsigned) {
            return Value.real(unsigned.bits() >= 0 ? unsigned.bits() : unsigned.bits() + 0x1p64);
        }
        return value instanceof Value.Bytes ? Value.NONE : value;
    }

    private Optional<Reading> find(TagReference tag) {
        if (tag.device().equals(device)) {
            Reading computed = fresh.get(tag.tag());
            if (computed != null) {
                return Optional.of(computed);
            }
        }
        return table.tag(tag.device(), tag.tag()).map(TagState::reading);
    }

    private void note(Instant time) {
        newest = time.isAfter(newest) ? time : newest;
    }

    private void worsen(Quality quality) {
        if (quality.level().compareTo(worst.level()) > 0) {
            worst = quality;
        }
    }
}
