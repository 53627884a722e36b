// SPDX-License-Identifier: Apache-2.0
package edge.api.config;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The configurations of this gateway. The directory {@code etc} is the truth. They are changed by a
 * {@linkplain edge.api.deploy.Deployer deployment}, or by hand. Files are replaced atomically.
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

    /** Checks a text as a change would. Touches nothing. */
    List<Problem> check(String pid, String text);
}
