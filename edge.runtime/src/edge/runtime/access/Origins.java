// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what an origin says about where a call came from. Looks nothing up. */
final class Origins {
    private static final Pattern IPV4 =
        Pattern.compile("/?(?:\\[?::ffff:)?([0-9]{1,3}(?:\\.[0-9]{1,3}){3})\\]?(?::[0-9]{1,5})?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern IPV6 = Pattern.compile("/?(?:\\[([0-9a-fA-F:]+)(?:%[^\\]]*)?\\](?::[0-9]{1,5})?"
        + "|([0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:]*)(?:%.*)?)");
    private static final int MAX_KEY = 100;
    /** So the console calls a connection from this machine that named another one; the name is the client's to choose. */
    private static final String RENAMED_LOOPBACK = "loopback as ";

    private Origins() {
    }

    static boolean isLoopback(String origin) {
        Matcher v4 = IPV4.matcher(origin);
        if (v4.matches()) {
            return v4.group(1).startsWith("127.");
        }
        String v6 = ipv6(origin);
        return v6 != null && (v6.equals("::1") || v6.matches("(0{1,4}:){7}0{0,3}1"));
    }

    /**
     * What failures are counted by: the address without its port; of an IPv6 address the first 64 bits, because whoever has
     * one address of such a network has all of them. Nothing that a client may make up.
     */
    static String key(String origin) {
        Matcher v4 = IPV4.matcher(origin);
        if (v4.matches()) {
            return v4.group(1);
        }
        String v6 = ipv6(origin);
        if (v6 != null) {
            return network(v6);
        }
        if (origin.startsWith(RENAMED_LOOPBACK)) {
            return RENAMED_LOOPBACK;
        }
        return origin.length() > MAX_KEY ? origin.substring(0, MAX_KEY) : origin;
    }

    private static String ipv6(String origin) {
        Matcher matcher = IPV6.matcher(origin);
        if (!matcher.matches()) {
            return null;
        }
        return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    }

    private static String network(String address) {
        int gap = address.indexOf("::");
        String[] head = (gap < 0 ? address : address.substring(0, gap)).split(":");
        int tail = gap < 0 || gap + 2 == address.length() ? 0 : address.substring(gap + 2).split(":").length;
        StringBuilder network = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            String group = "0";
            if (i < head.length && !head[i].isEmpty()) {
                group = head[i];
            } else if (gap >= 0 && i >= 8 - tail) {
                group = address.substring(gap + 2).split(":")[i - (8 - tail)];
            }
            network.append(group.toLowerCase(java.util.Locale.ROOT).replaceFirst("^0+(?=.)", "")).append(':');
        }
        return network.append(":/64").toString();
    }
}
