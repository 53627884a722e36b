// SPDX-License-Identifier: Apache-2.0
package edge.broker.base;

import edge.api.message.Topics;

/** What topic filters have to do with topics and with one another: MQTT 3.1.1 section 4.7. */
public final class Filters {

    private static final String[] NONE = new String[0];

    private Filters() {
    }

    /** Whether a topic name matches a filter. */
    public static boolean matches(String filter, String topic) {
        return Topics.matches(filter, topic);
    }

    /** Whether every topic that matches the second filter also matches the first. */
    public static boolean covers(String wide, String narrow) {
        String[] outer = levels(wide);
        String[] inner = levels(narrow);
        // A leading wildcard matches no topic that begins with $.
        if (narrow.startsWith("$") && (wide.startsWith("#") || wide.startsWith("+"))) {
            return false;
        }
        for (int i = 0; i < outer.length; i++) {
            if (outer[i].equals("#")) {
                return true;
            }
            if (i >= inner.length) {
                return false;
            }
            if (inner[i].equals("#")) {
                return false;
            }
            if (!outer[i].equals("+") && !outer[i].equals(inner[i])) {
                return false;
            }
        }
        return inner.length == outer.length;
    }

    private static String[] levels(String filter) {
        return filter.isEmpty() ? NONE : filter.split("/", -1);
    }
}
