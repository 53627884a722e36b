// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import java.util.Optional;
import java.util.regex.Pattern;

/** One file of the log. Any thread. */
final class Segment {

    private static final Pattern NAME = Pattern.compile("[0-9a-f]{9}\\.seg");
    /** Segment numbers end where positions would not fit. */
    static final long MAX_NUMBER = (1L << 35) - 1;

    private final long number;
    private volatile long size;
    private volatile long end;
    private volatile boolean sealed;

    Segment(long number, long size, long end, boolean sealed) {
        this.number = number;
        this.size = size;
        this.end = end;
        this.sealed = sealed;
    }

    static String name(long number) {
        return String.format("%09x.seg", number);
    }

    /** The number in a file's name, unless the file is no segment. */
    static Optional<Long> number(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(name.substring(0, name.indexOf('.')), 16);
        return number == 0 || number > MAX_NUMBER ? Optional.empty() : Optional.of(number);
    }

    long number() {
        return number;
    }

    String name() {
        return name(number);
    }

    /** Bytes of the file. */
    long size() {
        return size;
    }

    void size(long newSize) {
        size = newSize;
    }

    /** Below it, everything may be read; -1 while that is not known. */
    long end() {
        return end;
    }

    void end(long newEnd) {
        end = newEnd;
    }

    /** Whether nothing is appended any more. */
    boolean isSealed() {
        return sealed;
    }

    void seal(long lastEnd) {
        end = lastEnd;
        sealed = true;
    }
}
