// SPDX-License-Identifier: Apache-2.0
package edge.api.config;

import edge.api.access.Caller;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The configurations of this gateway. The directory {@code etc} is the truth: an edit by hand and a call of
 * {@link #put} take the same way. Files are replaced atomically.
 */
@ProviderType
public interface Configurations {

    /** Property of every delivered configuration: the whole text of its file. */
    String TEXT_PROPERTY = ".edge.text";

    /**
     * Whether every file has been looked at since the gateway started. Before that, {@link #list()} may lack files, and what
     * must not work with half of its configuration waits.
     */
    default boolean isLoaded() {
        return true;
    }

    /** All files, by PID. */
    List<ConfigurationFile> list();

    /** The text of a file, with secrets masked as {@code "********"}. */
    Optional<String> text(String pid);

    /** Checks a text as {@link #put} would. Touches nothing. */
    List<Problem> check(String pid, String text);

    /**
     * Writes a file and puts it in force. A masked secret keeps its old value.
     *
     * @param expectedEtag the file's ETag as last seen; empty to create a new one
     * @return the problems that keep it from being written; empty if it was written
     * @throws StaleException if the file has been changed meanwhile, or exists although none was expected
     * @throws edge.api.access.AccessDeniedException if the caller is no engineer
     */
    List<Problem> put(String pid, String text, Optional<String> expectedEtag, Caller caller) throws StaleException;

    /**
     * Deletes a file; what it configured ends.
     *
     * @return false if there is none
     */
    boolean delete(String pid, Caller caller);

    /** Somebody else was faster. */
    final class StaleException extends Exception {
        private static final long serialVersionUID = 1L;

        public StaleException(String message) {
            super(message);
        }
    }
}
