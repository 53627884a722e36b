// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down guessing. Failures are counted for each account from each origin, for each origin and for each account; after
 * some free attempts each failure doubles the time in which the next one is refused, up to a limit.
 *
 * <p>The account's own limit is low, and does not count from loopback nor from where that account has signed in before:
 * strangers can slow down an account's owner, but never keep him out. An attempt counts as failed from its beginning, so that
 * many at once gain nothing. The memory is bounded; whoever was quiet for longest is forgotten first.
 */
final class Throttle {
    private static final Rule PAIR = new Rule(5, Duration.ofMinutes(5));
    private static final Rule ORIGIN = new Rule(20, Duration.ofMinutes(5));
    private static final Rule ACCOUNT = new Rule(20, Duration.ofSeconds(30));
    private static final long FORGET_MILLIS = Duration.ofMinutes(30).toMillis();
    private static final int REMEMBERED = 4_096;

    private final LongSupplier clock;
    // guarded by this
    private final Map<String, Failures> failures = bounded();
    // guarded by this
    private final Map<String, Boolean> familiar = bounded();

    /** @param clock milliseconds that never go back */
    Throttle(LongSupplier clock) {
        this.clock = clock;
    }

    private record Rule(int free, Duration longest) {
        long delayMillis(int count) {
            if (count < free) {
                return 0;
            }
            long seconds = 1L << Math.min(20, count - free);
            return Math.min(longest.toMillis(), seconds * 1_000);
        }
    }

    private static final class Failures {
        private int count;
        private long last;
        private long refusedUntil;
        private boolean told;
    }

    /** What becomes of an attempt. */
    enum Verdict {
        /** Go on and check. */
        ALLOWED,
        /** Refuse without checking. */
        REFUSED,
        /** Refuse without checking; the first one since what is in the way grew, so that it is worth noting. */
        REFUSED_NEWLY
    }

    /**
     * Begins an attempt, and counts it as failed until {@link #succeeded} is called. One that is refused leaves nothing behind:
     * whoever has to wait can neither fill the memory nor have others forgotten.
     */
    synchronized Verdict attempt(String account, String origin) {
        long now = clock.getAsLong();
        String from = Origins.key(origin);
        String pair = "p " + account + " " + from;
        String source = "o " + from;
        String target = "a " + account;
        Failures barrier = barrier(source, now);
        if (barrier == null) {
            barrier = barrier(pair, now);
        }
        if (barrier == null && !Origins.isLoopback(origin) && !familiar.containsKey(account + " " + from)) {
            barrier = barrier(target, now);
        }
        if (barrier != null) {
            boolean newly = !barrier.told;
            barrier.told = true;
            return newly ? Verdict.REFUSED_NEWLY : Verdict.REFUSED;
        }
        fail(pair, PAIR, now);
        fail(source, ORIGIN, now);
        fail(target, ACCOUNT, now);
        return Verdict.ALLOWED;
    }

    /** The failures that are in the way; null if none of that key are. */
    private Failures barrier(String key, long now) {
        Failures found = failures.get(key);
        return found != null && found.refusedUntil > now ? found : null;
    }

    synchronized void succeeded(String account, String origin) {
        String from = Origins.key(origin);
        failures.remove("p " + account + " " + from);
        failures.remove("o " + from);
        failures.remove("a " + account);
        familiar.put(account + " " + from, true);
    }

    private void fail(String key, Rule rule, long now) {
        Failures found = failures.computeIfAbsent(key, unused -> new Failures());
        if (now - found.last > FORGET_MILLIS) {
            found.count = 0;
        }
        found.count++;
        found.last = now;
        found.told = false;
        found.refusedUntil = now + rule.delayMillis(found.count);
    }

    private static <V> Map<String, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
