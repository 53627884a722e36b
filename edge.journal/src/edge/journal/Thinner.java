// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.device.Reading;
import edge.api.device.Tag;
import edge.api.gateway.Moment;
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
import java.util.TreeMap;

/** Reduces scans to summaries. */
final class Thinner {

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

        TagSummary summary() {
            return numbers == 0 ? new TagSummary(tag, readings, bad, 0, Double.NaN, Double.NaN, Double.NaN, last)
                : new TagSummary(tag, readings, bad, numbers, min, max, mean, last);
        }
    }

    private final Map<StreamId, TreeMap<Long, Map<String, Sum>>> streams = new LinkedHashMap<>();
    private final Map<StreamId, Duration> resolutions = new LinkedHashMap<>();

    /** @param wall when it was, as far as that is known */
    void add(StreamId stream, ScanMessage scan, Instant wall, Duration resolution) {
        resolutions.put(stream, resolution);
        long number = Math.floorDiv(wall.getEpochSecond(), resolution.toSeconds());
        Map<String, Sum> window = streams.computeIfAbsent(stream, key -> new TreeMap<>())
            .computeIfAbsent(number, key -> new LinkedHashMap<>());
        for (Reading reading : scan.readings()) {
            window.computeIfAbsent(reading.tag().name(), key -> new Sum()).add(reading);
        }
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
        streams.forEach((stream, windows) -> windows.forEach((number, sums) -> {
            long seconds = resolutions.get(stream).toSeconds();
            Instant from = Instant.ofEpochSecond(number * seconds);
            summaries.add(new Append(stream, new Entry.Summary(at, from, from.plusSeconds(seconds),
                sums.values().stream().map(Sum::summary).toList())));
        }));
        return summaries;
    }
}
