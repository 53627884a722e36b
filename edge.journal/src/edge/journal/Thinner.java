// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.device.Reading;
import edge.api.device.Tag;
import edge.api.gateway.Moment;
import edge.api.journal.JournalRecord;
import edge.api.journal.JournalRecord.TagSummary;
import edge.api.message.ScanMessage;
import edge.api.message.StreamId;
import edge.api.value.Value;
import edge.journal.format.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Reduces scans to summaries. */
final class Thinner {

    /** So much coarser a summary becomes when it has to go in its turn, up to a day. */
    private static final long COARSER = 10;
    private static final long COARSEST = 86_400;

    private static final class Sum {
        private Tag tag;
        private long readings;
        private long bad;
        private long numbers;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private double mean;
        private Value last = Value.NONE;

        void add(Reading reading) {
            tag = reading.tag();
            readings++;
            if (reading.quality().isBad()) {
                bad++;
                return;
            }
            last = reading.value();
            OptionalDouble number = number(reading.value());
            if (number.isPresent()) {
                numbers++;
                min = Math.min(min, number.getAsDouble());
                max = Math.max(max, number.getAsDouble());
                mean += (number.getAsDouble() - mean) / numbers;
            }
        }

        void add(TagSummary other) {
            tag = other.tag();
            readings += other.readings();
            bad += other.bad();
            if (other.readings() > other.bad()) {
                last = other.last();
            }
            if (other.numbers() > 0) {
                numbers += other.numbers();
                min = Math.min(min, other.min());
                max = Math.max(max, other.max());
                mean += (other.mean() - mean) * other.numbers() / numbers;
            }
        }

        TagSummary summary() {
            return numbers == 0 ? new TagSummary(tag, readings, bad, 0, Double.NaN, Double.NaN, Double.NaN, last)
                : new TagSummary(tag, readings, bad, numbers, min, max, mean, last);
        }
    }

    /** @param number of the window since 1970 */
    private record Window(long seconds, long number) {
    }

    private final Map<StreamId, Map<Window, Map<String, Sum>>> streams = new LinkedHashMap<>();

    /** @param wall when it was, as far as that is known */
    void add(StreamId stream, ScanMessage scan, Instant wall, Duration resolution) {
        Map<String, Sum> window = window(stream, wall, resolution.toSeconds());
        for (Reading reading : scan.readings()) {
            window.computeIfAbsent(reading.tag().name(), key -> new Sum()).add(reading);
        }
    }

    /** A summary whose turn it is again becomes coarser. */
    void add(StreamId stream, JournalRecord.Summary summary) {
        long seconds = Duration.between(summary.from(), summary.until()).toSeconds();
        Map<String, Sum> window = window(stream, summary.from(), Math.max(seconds, Math.min(COARSEST, seconds * COARSER)));
        for (TagSummary each : summary.tags()) {
            window.computeIfAbsent(each.tag().name(), key -> new Sum()).add(each);
        }
    }

    private Map<String, Sum> window(StreamId stream, Instant time, long seconds) {
        return streams.computeIfAbsent(stream, key -> new LinkedHashMap<>())
            .computeIfAbsent(new Window(seconds, Math.floorDiv(time.getEpochSecond(), seconds)), key -> new LinkedHashMap<>());
    }

    private static OptionalDouble number(Value value) {
        if (value instanceof Value.Real real) {
            return Double.isFinite(real.value()) ? OptionalDouble.of(real.value()) : OptionalDouble.empty();
        } else if (value instanceof Value.Signed signed) {
            return OptionalDouble.of(signed.value());
        } else if (value instanceof Value.Unsigned unsigned) {
            return OptionalDouble.of(unsigned(unsigned.bits()));
        }
        return OptionalDouble.empty();
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : (bits >>> 1) * 2.0 + (bits & 1);
    }

    List<Append> summaries(Moment at) {
        List<Append> summaries = new ArrayList<>();
        streams.forEach((stream, windows) -> windows.forEach((window, sums) -> {
            Instant from = Instant.ofEpochSecond(window.number() * window.seconds());
            summaries.add(new Append(stream, new Entry.Summary(at, from, from.plusSeconds(window.seconds()),
                sums.values().stream().map(Sum::summary).toList())));
        }));
        return summaries;
    }
}
