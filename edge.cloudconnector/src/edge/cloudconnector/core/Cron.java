// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.Optional;

/**
 * The five fields of cron: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday); each {@code *}, a
 * number, a range, a step or a list of these. As in cron, when both kinds of day are restricted either will do.
 */
final class Cron {

    private static final int MOST_DAYS = 4 * 366;

    private final String text;
    private final BitSet minutes;
    private final BitSet hours;
    private final BitSet days;
    private final BitSet months;
    private final BitSet weekdays;
    private final boolean anyDay;
    private final boolean anyWeekday;

    /** @throws IllegalArgumentException if it is no such text; the message says what is wrong */
    Cron(String text) {
        this.text = text;
        String[] fields = text.trim().split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException("'" + text + "' has " + fields.length
                + " fields instead of 5: minute, hour, day of the month, month, day of the week");
        }
        minutes = set(fields[0], 0, 59, "minute");
        hours = set(fields[1], 0, 23, "hour");
        days = set(fields[2], 1, 31, "day of the month");
        months = set(fields[3], 1, 12, "month");
        weekdays = set(fields[4], 0, 7, "day of the week");
        if (weekdays.get(7)) {
            weekdays.set(0);
        }
        anyDay = fields[2].equals("*");
        anyWeekday = fields[4].equals("*");
    }

    private static BitSet set(String field, int min, int max, String name) {
        BitSet set = new BitSet();
        for (String part : field.split(",", -1)) {
            String[] step = part.split("/", -1);
            String[] ends = step[0].split("-", -1);
            int from = step[0].equals("*") ? min : number(ends[0], min, max, name);
            int to = step[0].equals("*") ? max : ends.length == 1 ? step.length == 1 ? from : max
                : number(ends[1], min, max, name);
            int by = step.length == 1 ? 1 : number(step[1], 1, max, name + "'s step");
            if (ends.length > 2 || step.length > 2 || to < from) {
                throw new IllegalArgumentException("'" + part + "' is no " + name);
            }
            for (int i = from; i <= to; i += by) {
                set.set(i);
            }
        }
        return set;
    }

    private static int number(String text, int min, int max, String name) {
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException("'" + text + "' is no " + name + ": " + min + " to " + max);
    }

    private boolean matchesDay(LocalDateTime time) {
        boolean day = days.get(time.getDayOfMonth());
        boolean weekday = weekdays.get(time.getDayOfWeek().getValue() % 7);
        return months.get(time.getMonthValue()) && (anyDay || anyWeekday ? day && weekday : day || weekday);
    }

    private boolean matches(LocalDateTime time) {
        return minutes.get(time.getMinute()) && hours.get(time.getHour()) && matchesDay(time);
    }

    /** The first minute that matches and is not before that time; empty if there is none within four years. */
    Optional<LocalDateTime> next(LocalDateTime from) {
        LocalDateTime time = from.truncatedTo(ChronoUnit.MINUTES);
        if (time.isBefore(from)) {
            time = time.plusMinutes(1);
        }
        LocalDateTime end = from.plusDays(MOST_DAYS);
        while (time.isBefore(end)) {
            if (!matchesDay(time)) {
                time = time.toLocalDate().plusDays(1).atStartOfDay();
            } else if (!hours.get(time.getHour())) {
                time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (matches(time)) {
                return Optional.of(time);
            } else {
                time = time.plusMinutes(1);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return text;
    }
}
