// SPDX-License-Identifier: Apache-2.0
package edge.api.config;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes configurations of one factory PID from lists in other formats, and lists from configurations. A driver registers it as a
 * service with the property {@value #PID}. Nothing is put in force here: what comes out goes the way of every configuration.
 */
@ConsumerType
public interface ConfigurationImport {
    /** Service property: the factory PID of the configurations. */
    String PID = "edge.import.pid";

    /** The formats that it knows. */
    List<Format> formats();

    /**
     * Translates a list.
     *
     * @param format the id of one of {@link #formats}
     * @param name name of the configuration, which also begins the names where the list makes several
     * @param text the list
     * @param current the text of the configuration of that name, if there is one: everything but its list is kept
     */
    Imported read(String format, String name, String text, Optional<String> current);

    /**
     * Writes the list of a configuration.
     *
     * @param format the id of a format that can be written
     * @param text a valid configuration
     */
    String write(String format, String text);

    /**
     * A format.
     *
     * @param id for machines
     * @param label for people
     * @param writable whether {@link #write} knows it
     */
    record Format(String id, String label, boolean writable) {
    }

    /**
     * What was made of a list.
     *
     * @param files the configurations; none if the list cannot be read at all
     * @param warnings what was left out or may mean something else, each with its place in the list
     */
    record Imported(List<File> files, List<Problem> warnings) {
    }

    /** One configuration: the part of its PID behind the {@code ~}, and its text. */
    record File(String name, String text) {
    }
}
