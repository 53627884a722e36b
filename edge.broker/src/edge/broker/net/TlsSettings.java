// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of the listeners with TLS, all PEM.
 *
 * @param certificate the certificate chain; without it the gateway makes a certificate of its own
 * @param key the private key, PKCS#8
 * @param clientCa certificates of those who sign the certificates of clients
 * @param revoked a list of revoked certificates
 * @param own folder for the certificate that the gateway makes
 */
public record TlsSettings(Optional<Path> certificate, Optional<Path> key, Optional<Path> clientCa, Optional<Path> revoked,
                          Path own) {
}
