// SPDX-License-Identifier: Apache-2.0
/**
 * Whose bundles this gateway lets in: verifies the signatures of jars against the certificates, revocation lists and the list
 * of revoked fingerprints in the folder {@code trust} of the data directory.
 *
 * <p>The folder is read at each verification: what is put into it or taken out of it counts at once. Nothing here keeps a
 * thread or a file open. The deployer calls it on its own thread, the console on any.
 */
package edge.runtime.trust;
