// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a configuration file is for.
 *
 * @param basePid the PID, or the factory PID of one of many
 * @param name what is behind {@code ~}; empty for a singleton
 */
record ConfigurationName(String basePid, String name) implements Comparable<ConfigurationName> {
    static final String SUFFIX = ".cfg.json";
    private static final Pattern PID =
        Pattern.compile("([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})(?:~([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}))?");

    static Optional<ConfigurationName> ofPid(String pid) {
        Matcher matcher = PID.matcher(pid);
        return matcher.matches()
            ? Optional.of(new ConfigurationName(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2)))
            : Optional.empty();
    }

    static Optional<ConfigurationName> ofFile(String fileName) {
        return fileName.endsWith(SUFFIX) ? ofPid(fileName.substring(0, fileName.length() - SUFFIX.length()))
            : Optional.empty();
    }

    boolean isOneOfMany() {
        return !name.isEmpty();
    }

    String pid() {
        return isOneOfMany() ? basePid + "~" + name : basePid;
    }

    String fileName() {
        return pid() + SUFFIX;
    }

    @Override
    public int compareTo(ConfigurationName other) {
        return pid().compareTo(other.pid());
    }
}
