// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.api.access.Caller;
import edge.api.config.Problem;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the deployer needs of the configurations: it changes them together with bundles, and puts them back. */
public interface DesiredState {

    /**
     * Looks at the files and the installed bundles now and puts in force what is new. Waits for it, and up to a second for
     * files that are just being written.
     *
     * @return false if not all is in force after {@code limit}, or a file is still being written; it then goes on by itself
     */
    boolean settle(Duration limit);

    /**
     * A text, judged.
     *
     * @param disk as it would be written: old secrets in the place of their masks, new ones encrypted
     * @param masked as it may be shown
     * @param problems why it is refused; empty if it is not
     */
    record Prepared(String disk, String masked, List<Problem> problems) {
    }

    /** Judges a text as a change would. Touches nothing. */
    Prepared prepare(String pid, String text);

    /** The text of a file as it is on disk, if there is one. */
    Optional<String> disk(String pid);

    /** That text as it may be shown. */
    String masked(String pid, String disk);

    /** Changes with every change of a text. */
    String etag(String disk);

    /** The PIDs of all files. */
    Set<String> pids();

    /** The name of the file of a PID; empty if it cannot be one. */
    Optional<String> fileName(String pid);

    /** The PID of a file; empty if it is not a configuration's. */
    Optional<String> pid(String fileName);

    /**
     * Replaces files by texts as they are on disk, or deletes them, and puts them in force.
     *
     * @param texts by PID; empty to delete
     * @return what is refused, and why; it is on disk nevertheless
     */
    Map<String, List<Problem>> write(Map<String, Optional<String>> texts, Caller caller);

    /** Counts the changes that somebody made by hand and that are not refused. Any thread, and at once. */
    long edits();

    /** Judges the files anew whose bundle has changed; does not wait for files that are being written. */
    void recheck();

    /** Those of these PIDs that are refused now, and why. */
    Map<String, List<Problem>> refused(Collection<String> pids);
}
