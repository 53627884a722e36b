// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.core;

import edge.api.uplink.Lane;
import edge.api.uplink.UplinkStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an uplink sends in a day of UTC, and what it will come to. Survives a restart by a small file. The pump's thread
 * counts, any thread asks.
 */
final class Traffic {

    private static final Logger LOG = LoggerFactory.getLogger(Traffic.class);
    private static final int MINUTES = 60;
    private static final long SAVE_EVERY = Duration.ofMinutes(1).toNanos();

    private final Path file;
    // All guarded by this.
    private LocalDate day;
    private long today;
    /** Bytes of each of the last sixty minutes, live and in all. */
    private final long[] live = new long[MINUTES];
    private final long[] all = new long[MINUTES];
    private long firstMinute = -1;
    private long minute;
    private long savedAt = System.nanoTime();
    private boolean dirty;

    Traffic(Path file) {
        this.file = file;
        load();
    }

    private void load() {
        try {
            String[] words = Files.readString(file).trim().split(" ");
            day = LocalDate.parse(words[0]);
            today = Math.max(0, Long.parseLong(words[1]));
        } catch (NoSuchFileException e) {
            day = LocalDate.EPOCH;
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be read, so the traffic of today counts from 0: {}", file, e.toString());
            day = LocalDate.EPOCH;
        }
    }

    synchronized void sent(Lane lane, long bytes, Instant now) {
        turn(now);
        today += bytes;
        all[(int) (minute % MINUTES)] += bytes;
        if (lane == Lane.LIVE) {
            live[(int) (minute % MINUTES)] += bytes;
        }
        dirty = true;
        if (System.nanoTime() - savedAt > SAVE_EVERY) {
            save();
        }
    }

    private void turn(Instant now) {
        LocalDate date = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (!date.equals(day)) {
            day = date;
            today = 0;
        }
        long next = Math.floorDiv(now.getEpochSecond(), MINUTES);
        if (firstMinute < 0 || next < minute || next - minute > MINUTES) {
            // The first, after a long silence, or the clock was set.
            java.util.Arrays.fill(live, 0);
            java.util.Arrays.fill(all, 0);
            firstMinute = next;
        } else {
            for (long each = minute + 1; each <= next; each++) {
                live[(int) (each % MINUTES)] = 0;
                all[(int) (each % MINUTES)] = 0;
            }
        }
        minute = next;
    }

    /** How much more will go out today at the rate of the last hour. */
    private long rest(long[] minutes, Instant now) {
        long sum = 0;
        for (long each : minutes) {
            sum += each;
        }
        double known = Math.min(MINUTES, minute - firstMinute + 1);
        double left = Duration.between(now, midnight(now)).toSeconds() / (double) MINUTES;
        return (long) (sum / known * left);
    }

    static Instant midnight(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** Whether nothing more may go out today. */
    synchronized boolean isSpent(long budget, Instant now) {
        turn(now);
        return budget > 0 && today >= budget;
    }

    /** Whether the backlog would take what live values still need today. */
    synchronized boolean isReserved(long budget, Instant now) {
        turn(now);
        return budget > 0 && today + rest(live, now) >= budget;
    }

    synchronized UplinkStatus.Traffic status(long budget, Instant now) {
        turn(now);
        return new UplinkStatus.Traffic(today, today + rest(all, now), budget);
    }

    /** Keeps the count. If it cannot, that is told once a minute at most, and the uplink goes on. */
    synchronized void save() {
        savedAt = System.nanoTime();
        if (!dirty) {
            return;
        }
        dirty = false;
        try {
            SafeFile.replace(file, (day + " " + today + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            LOG.warn("{} cannot be written; after a restart the traffic of today counts too little: {}", file, e.toString());
        }
    }
}
