// SPDX-License-Identifier: Apache-2.0
package edge.api.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Where bundles come from and what is in them. Reads files: not for threads that must not wait. Safe on any other. */
@ProviderType
public interface Provenance {

    TrustPolicy policy();

    /** Whom this gateway trusts. */
    List<TrustedCertificate> certificates();

    /** What is wrong with the folder {@code trust}, one sentence each: files that cannot be read, certificates that ended. */
    List<String> problems();

    /**
     * Looks at the signature of a jar, whatever the policy is.
     *
     * @throws IOException if the jar cannot be read
     */
    Verdict verify(Path jar) throws IOException;

    /**
     * Looks at the signature of a deployed bundle as it would be judged now.
     *
     * @return empty if there is no such bundle, or it belongs to the product image, which is not asked
     * @throws IOException if its jar cannot be read
     */
    Optional<Verdict> ofDeployed(String symbolicName) throws IOException;

    /**
     * The bill of materials that a bundle carries, a CycloneDX document in JSON as its author made it.
     *
     * @return empty if there is no such bundle, or it carries none
     * @throws IOException if it cannot be read
     */
    Optional<byte[]> bill(String symbolicName) throws IOException;

    /**
     * The bill of materials of the whole gateway as it is now, a CycloneDX document in JSON: what the product image lists, with
     * the bundles that have been deployed since.
     *
     * @throws IOException if it cannot be read, or this gateway runs without an image
     */
    byte[] bill() throws IOException;
}
