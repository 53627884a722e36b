// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When an uplink may be connected: windows that begin by cron and last for some time, each {@code 0 2 * * * for 90m}. */
final class ConnectionWindows {

    private static final Pattern FORM = Pattern.compile("(.+) for (\\d{1,4})([mh])");
    private static final Duration LONGEST = Duration.ofDays(7);

    /** Always open. */
    static final ConnectionWindows NONE = new ConnectionWindows(List.of(), ZoneId.of("UTC"));

    private record Window(Cron begin, Duration length) {
    }

    private final List<Window> windows;
    private final ZoneId zone;

    private ConnectionWindows(List<Window> windows, ZoneId zone) {
        this.windows = windows;
        this.zone = zone;
    }

    /** @throws IllegalArgumentException if one of them is no window; the message says what is wrong */
    static ConnectionWindows of(List<String> texts, ZoneId zone) {
        List<Window> windows = new ArrayList<>();
        for (String text : texts) {
            windows.add(window(text));
        }
        return new ConnectionWindows(List.copyOf(windows), zone);
    }

    private static Window window(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no window such as '0 2 * * * for 90m'");
        }
        long count = Long.parseLong(matcher.group(2));
        Duration length = matcher.group(3).equals("h") ? Duration.ofHours(count) : Duration.ofMinutes(count);
        if (length.isZero() || length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("'" + text + "' must last from 1m to 168h");
        }
        Cron begin = new Cron(matcher.group(1));
        if (begin.next(LocalDateTime.of(2024, 1, 1, 0, 0)).isEmpty()) {
            throw new IllegalArgumentException("'" + text + "' never comes");
        }
        return new Window(begin, length);
    }

    /** Until when it is open; empty if it is closed. Without windows it is open for ever. */
    Optional<Instant> openUntil(Instant now) {
        if (windows.isEmpty()) {
            return Optional.of(Instant.MAX);
        }
        LocalDateTime local = LocalDateTime.ofInstant(now, zone);
        return windows.stream().flatMap(window -> end(window, local).stream()).max(Comparator.naturalOrder());
    }

    private Optional<Instant> end(Window window, LocalDateTime now) {
        Optional<Instant> last = Optional.empty();
        // The first begin whose window is not over yet, and those that begin before now.
        Optional<LocalDateTime> begin = window.begin().next(now.minus(window.length()).plusNanos(1));
        while (begin.isPresent() && !begin.get().isAfter(now)) {
            last = Optional.of(begin.get().plus(window.length()).atZone(zone).toInstant());
            begin = window.begin().next(begin.get().plusMinutes(1));
        }
        return last;
    }

    /** When the next window begins. */
    Instant nextOpening(Instant now) {
        LocalDateTime local = LocalDateTime.ofInstant(now, zone);
        return windows.stream().flatMap(window -> window.begin().next(local).stream()).min(Comparator.naturalOrder())
            .map(begin -> begin.atZone(zone).toInstant()).orElse(Instant.MAX);
    }
}
