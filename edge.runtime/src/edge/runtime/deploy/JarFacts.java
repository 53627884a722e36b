// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Version;

/**
 * What a jar says about itself.
 *
 * @param headers the main section of its manifest
 * @param sha256 of the file, in hexadecimal
 * @param nativeCode whether it brings native libraries, declared or not
 * @param resource what it offers and needs
 */
record JarFacts(String symbolicName, Version version, Map<String, String> headers, String sha256, boolean nativeCode,
                ManifestResource resource) {

    Optional<String> fragmentHost() {
        return Headers.clauses(headers.get("Fragment-Host")).stream().flatMap(clause -> clause.paths().stream()).findFirst();
    }
}
