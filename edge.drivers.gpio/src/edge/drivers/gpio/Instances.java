// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Configurations;
import edge.api.config.Problem;
import edge.api.device.Tag;
import edge.json.JsonException;
import java.util.List;
import java.util.Map;

/** What the configurations {@code PID~NAME} of all devices of this driver have in common. */
public final class Instances {

    /** Reads a file's own part. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(String text) throws JsonException;
    }

    private Instances() {
    }

    /** The device's name, which is the instance's. */
    public static String name(String pid, Map<String, Object> properties) {
        String full = String.valueOf(properties.get("service.pid"));
        return full.startsWith(pid + "~") ? full.substring(pid.length() + 1) : full;
    }

    /** The text of the instance's file. */
    public static String text(String pid, Map<String, Object> properties) {
        if (properties.get(Configurations.TEXT_PROPERTY) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("the configuration has no property " + Configurations.TEXT_PROPERTY
            + ": put it into etc/" + pid + "~NAME.cfg.json");
    }

    /** Reads a file that has been checked before: what is wrong all the same ends the activation. */
    public static <T> T read(String pid, String name, String text, Reader<T> reader) {
        try {
            return reader.read(text);
        } catch (JsonException e) {
            throw new IllegalArgumentException(pid + "~" + name + ": line " + e.line() + ", column " + e.column() + ": "
                + e.path() + ": " + e.getMessage(), e);
        }
    }

    /** For a {@link ConfigurationCheck}. */
    public static List<Problem> check(String pid, String name, String text, Reader<?> reader) {
        if (!Tag.isName(name)) {
            return List.of(new Problem(0, 0, "", "the file must be named " + pid
                + "~NAME.cfg.json, where NAME is the device's name: 1 to 64 of A-Z a-z 0-9 _ . -"));
        }
        try {
            reader.read(text);
            return List.of();
        } catch (JsonException e) {
            return List.of(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        }
    }
}
