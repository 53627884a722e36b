// SPDX-License-Identifier: Apache-2.0
package edge.api.config;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes configurations of one factory PID from lists in other formats, and lists from configurations. A driver registers it as a
 * service with the property {@value #PID}. Nothing is put in force here: what comes out goes the way of every configuration.
 *
 * <p>Called on any thread, with a list that anybody may have written: time and memory that it takes are bounded by the list's
 * length, and so is the number of warnings.
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
     * @return what came out; a list that cannot be read gives no file and a warning that says why
     * @throws IllegalArgumentException if there is no such format
     */
    Imported read(String format, String name, String text, Optional<String> current);

    /**
     * Writes the list of a configuration.
     *
     * @param format the id of a format that can be written
     * @param text a valid configuration
     * @return the list; a spreadsheet takes no cell of it for a formula
     * @throws IllegalArgumentException if the format cannot be written, or the text is no configuration
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
