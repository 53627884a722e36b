// SPDX-License-Identifier: Apache-2.0
package edge.broker.base;

import java.util.Optional;

/** What is a topic name or filter here: MQTT 3.1.1 section 4.7, within limits that keep matching cheap. */
public final class TopicNames {

    /** Characters; the standard allows 65,535 bytes. */
    public static final int MAX_LENGTH = 1_024;
    public static final int MAX_LEVELS = 64;

    private static final String SHARE = "$share/";

    private TopicNames() {
    }

    /** Why the text is no topic name that can be published to; empty if it is one. */
    public static Optional<String> problemOfName(String topic) {
        return problem(topic, false);
    }

    /** Why the text is no topic filter; empty if it is one. */
    public static Optional<String> problemOfFilter(String filter) {
        return problem(filter, true);
    }

    /** Whether it is the filter of a shared subscription, well-formed or not. */
    public static boolean isShared(String filter) {
        return filter.startsWith(SHARE);
    }

    /**
     * The filter inside of a shared subscription's {@code $share/name/filter}; the text itself if it is none. A malformed
     * one gives the empty string, which is no filter.
     */
    public static String withoutShare(String filter) {
        if (!isShared(filter)) {
            return filter;
        }
        int end = filter.indexOf('/', SHARE.length());
        if (end <= SHARE.length()) {
            return "";
        }
        String name = filter.substring(SHARE.length(), end);
        return name.contains("+") || name.contains("#") ? "" : filter.substring(end + 1);
    }

    private static Optional<String> problem(String text, boolean wildcards) {
        int length = text.length();
        if (length == 0) {
            return Optional.of("it is empty");
        }
        if (length > MAX_LENGTH) {
            return Optional.of("it is longer than " + MAX_LENGTH + " characters");
        }
        int levels = 1;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == '/') {
                levels++;
            } else if (c == 0) {
                return Optional.of("it has a NUL character");
            } else if (c == '+' || c == '#') {
                if (!wildcards) {
                    return Optional.of("it has a wildcard");
                }
                boolean wholeLevel = (i == 0 || text.charAt(i - 1) == '/')
                    && (i == length - 1 || c == '+' && text.charAt(i + 1) == '/');
                if (!wholeLevel) {
                    return Optional.of("a wildcard must be a level of its own, and # the last one");
                }
            }
        }
        return levels > MAX_LEVELS ? Optional.of("it has more than " + MAX_LEVELS + " levels") : Optional.empty();
    }
}
