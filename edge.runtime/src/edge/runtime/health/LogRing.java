// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import edge.api.health.LogBook;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The newest lines of the log, in memory. Bounded in lines and in characters, so that a bundle that logs long stack traces
 * cannot fill the heap: the oldest make room.
 */
final class LogRing {
    static final int CAPACITY = 2_000;
    static final int MAX_TEXT = 2_000;
    static final int MAX_TRACE = 8_000;
    static final int MAX_CHARACTERS = 500_000;

    private static final int MAX_LOGGER = 200;

    private final ArrayDeque<LogBook.Line> ring = new ArrayDeque<>(); // guarded by this
    private long number; // guarded by this
    private int characters; // guarded by this

    void add(Instant time, LogBook.Level level, String logger, String text, String trace) {
        String plainLogger = PlainText.oneLine(logger, MAX_LOGGER);
        String plainText = PlainText.oneLine(text, MAX_TEXT);
        String plainTrace = PlainText.lines(trace, MAX_TRACE);
        synchronized (this) {
            LogBook.Line line = new LogBook.Line(++number, time, level, plainLogger, plainText, plainTrace);
            ring.addLast(line);
            characters += size(line);
            while (ring.size() > CAPACITY || characters > MAX_CHARACTERS) {
                characters -= size(ring.removeFirst());
            }
        }
    }

    synchronized List<LogBook.Line> lines(long after, LogBook.Level atLeast, int limit) {
        ArrayDeque<LogBook.Line> found = new ArrayDeque<>();
        Iterator<LogBook.Line> newestFirst = ring.descendingIterator();
        while (newestFirst.hasNext() && found.size() < limit) {
            LogBook.Line line = newestFirst.next();
            if (line.number() <= after) {
                break;
            }
            if (line.level().compareTo(atLeast) >= 0) {
                found.addFirst(line);
            }
        }
        return List.copyOf(new ArrayList<>(found));
    }

    private static int size(LogBook.Line line) {
        return line.logger().length() + line.text().length() + line.trace().length();
    }
}
