// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** One wanted change to the set of bundles or configurations. */
public sealed interface Change {

    /**
     * Installs the jar, or updates the bundle of the same symbolic name.
     *
     * @param jar a complete file; it is copied, never moved
     * @param source where it came from, for the history: a file name, {@code upload}, a URL
     */
    record Install(Path jar, String source) implements Change {
    }

    /**
     * Fetches a jar and installs it.
     *
     * @param from an {@code http}, {@code https} or {@code file} URL
     * @param sha256 what the bytes must hash to, 64 hexadecimal digits
     */
    record Fetch(URI from, String sha256) implements Change {
    }

    record Start(String symbolicName) implements Change {
    }

    record Stop(String symbolicName) implements Change {
    }

    /** Removes a deployed bundle. If the product image has a bundle of that name, the image's version takes its place. */
    record Uninstall(String symbolicName) implements Change {
    }

    /**
     * Writes a configuration and puts it in force.
     *
     * @param pid the PID, with {@code ~NAME} for one of many
     * @param text the whole file; a masked secret keeps its old value
     * @param expectedEtag the ETag as last seen, if the change must not overwrite somebody else's, the empty text if there
     *     must be none yet; empty: whatever is there
     */
    record Configure(String pid, String text, Optional<String> expectedEtag) implements Change {
    }

    /** Deletes a configuration; what it configured ends. */
    record Unconfigure(String pid) implements Change {
    }
}
