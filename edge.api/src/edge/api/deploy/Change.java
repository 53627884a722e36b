// SPDX-License-Identifier: Apache-2.0
package edge.api.deploy;

import java.nio.file.Path;

/** One wanted change to the set of bundles. */
public sealed interface Change {

    /**
     * Installs the jar, or updates the bundle of the same symbolic name.
     *
     * @param jar a complete file; it is copied, never moved
     * @param source where it came from, for the history: a file name, {@code upload}, a URL
     */
    record Install(Path jar, String source) implements Change {
    }

    record Start(String symbolicName) implements Change {
    }

    record Stop(String symbolicName) implements Change {
    }

    /** Removes a deployed bundle. If the product image has a bundle of that name, the image's version takes its place. */
    record Uninstall(String symbolicName) implements Change {
    }
}
