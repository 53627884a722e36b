// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Version;

/**
 * What a jar says about itself.
 *
 * @param headers the main section of its manifest
 * @param sha256 of the file, in hexadecimal
 */
record JarFacts(String symbolicName, Version version, Map<String, String> headers, String sha256) {

    Optional<String> fragmentHost() {
        return Headers.clauses(headers.get("Fragment-Host")).stream().flatMap(clause -> clause.paths().stream()).findFirst();
    }

    boolean hasNativeCode() {
        return headers.containsKey("Bundle-NativeCode");
    }

    List<String> exports() {
        return Headers.clauses(headers.get("Export-Package")).stream().flatMap(clause -> clause.paths().stream()).toList();
    }

    List<Need> needs() {
        return Need.of(headers::get);
    }
}
