// SPDX-License-Identifier: Apache-2.0
package edge.api.message;

import java.util.Optional;

/** The topics of the gateway's own messages, version 1, and MQTT's rule for matching filters. */
public final class Topics {

    /** Everything below is the gateway's own: clients may publish here only to {@link #COMMANDS}. */
    public static final String ROOT = "edge/v1/";
    /** Commands and their answers. */
    public static final String COMMANDS = ROOT + "cmd/";

    /** Answers to commands, one topic for each command's id: published by the gateway only. */
    public static final String ANSWERS = COMMANDS + "answer/";

    private Topics() {
    }

    /** {@code edge/v1/{device}}: one message for each scan. */
    public static String ofDevice(String device) {
        return ROOT + device;
    }

    /** The device of a topic made by {@link #ofDevice}, or empty. */
    public static Optional<String> device(String topic) {
        if (!topic.startsWith(ROOT) || topic.startsWith(COMMANDS)) {
            return Optional.empty();
        }
        String rest = topic.substring(ROOT.length());
        return rest.isEmpty() || rest.indexOf('/') >= 0 ? Optional.empty() : Optional.of(rest);
    }

    /**
     * Whether a topic name matches a topic filter, by MQTT 3.1.1 section 4.7: {@code +} for one level, a last {@code #} for
     * the rest and its parent, and neither for a topic that begins with {@code $}.
     */
    public static boolean matches(String filter, String topic) {
        if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) {
            return false;
        }
        int f = 0;
        int t = 0;
        while (true) {
            int fEnd = end(filter, f);
            if (fEnd - f == 1 && filter.charAt(f) == '#') {
                return true;
            }
            int tEnd = end(topic, t);
            boolean plus = fEnd - f == 1 && filter.charAt(f) == '+';
            if (!plus && !(fEnd - f == tEnd - t && filter.regionMatches(f, topic, t, tEnd - t))) {
                return false;
            }
            boolean filterDone = fEnd == filter.length();
            boolean topicDone = tEnd == topic.length();
            if (topicDone) {
                return filterDone || filter.substring(fEnd).equals("/#");
            }
            if (filterDone) {
                return false;
            }
            f = fEnd + 1;
            t = tEnd + 1;
        }
    }

    private static int end(String levels, int from) {
        int slash = levels.indexOf('/', from);
        return slash < 0 ? levels.length() : slash;
    }
}
