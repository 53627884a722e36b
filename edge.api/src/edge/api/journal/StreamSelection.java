// SPDX-License-Identifier: Apache-2.0
package edge.api.journal;

import edge.api.message.StreamId;
import java.util.List;

/**
 * Which whole streams a reader wants, by patterns over {@link StreamId#label()} in which {@code *} stands for any
 * characters: {@code device/*}, {@code ingest/alarms}, {@code *}. Streams of the local broker's sessions are never meant by a
 * pattern that begins with {@code *}: only by one that names them, {@code local/*}.
 *
 * @param patterns at least one
 */
public record StreamSelection(List<String> patterns) {

    public static final StreamSelection ALL = new StreamSelection(List.of("*"));

    private static final String LOCAL = "local/";

    public StreamSelection {
        patterns = List.copyOf(patterns);
        if (patterns.isEmpty()) {
            throw new IllegalArgumentException("a stream selection needs at least one pattern, for example device/*");
        }
    }

    public boolean includes(StreamId stream) {
        String label = stream.label();
        for (String pattern : patterns) {
            boolean meant = stream.kind() != StreamId.Kind.LOCAL || pattern.startsWith(LOCAL);
            if (meant && matches(pattern, 0, label, 0)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String pattern, int p, String text, int t) {
        int star = pattern.indexOf('*', p);
        if (star < 0) {
            return pattern.substring(p).equals(text.substring(t));
        }
        if (!text.startsWith(pattern.substring(p, star), t)) {
            return false;
        }
        for (int rest = t + star - p; rest <= text.length(); rest++) {
            if (matches(pattern, star + 1, text, rest)) {
                return true;
            }
        }
        return false;
    }
}
