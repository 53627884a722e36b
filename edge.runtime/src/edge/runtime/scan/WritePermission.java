// SPDX-License-Identifier: Apache-2.0
package edge.runtime.scan;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one account may write, as in {@code scada boiler-1/set.*}: its name, and the tags of a device. Where they stand, {@code *} is
 * any device or any rest of a tag's name. {@code -} instead of the tags is nothing at all.
 */
record WritePermission(String account, String device, String tag) {
    static final String NOTHING = "-";
    static final String ANY = "*";

    private static final Pattern FORM = Pattern.compile("(\\S+) +(?:(-)|([A-Za-z0-9_.-]{1,64}|\\*)/([A-Za-z0-9_.-]{0,64}\\*?))");

    /** @throws IllegalArgumentException if it is none; the message says what it should be */
    static WritePermission parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches() || matcher.group(2) == null && matcher.group(4).isEmpty()) {
            throw new IllegalArgumentException("must be an account and the tags that it may write, as in \"scada boiler-1/pump\","
                + " \"scada boiler-1/set.*\", \"scada */*\", or \"scada -\" for none, not \"" + text + '"');
        }
        return matcher.group(2) != null ? new WritePermission(matcher.group(1), NOTHING, "")
            : new WritePermission(matcher.group(1), matcher.group(3), matcher.group(4));
    }

    static List<WritePermission> parse(String[] texts) {
        return Arrays.stream(texts).map(WritePermission::parse).toList();
    }

    boolean allows(String ofDevice, String named) {
        return (device.equals(ANY) || device.equals(ofDevice)) && (tag.endsWith(ANY)
            ? named.startsWith(tag.substring(0, tag.length() - 1)) : tag.equals(named));
    }
}
