// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/**
 * Reads who signed a jar, all of it. {@link JarFile} verifies each entry that a signature names; it is silent about entries
 * that no signature names, about named ones that are gone, and about a signature that leaves out the main section of the
 * manifest, where a bundle's headers are. All of these count as broken here.
 */
final class SignedJar {
    /** What a signature file must contain, so that the bundle's headers are under the signature. */
    private static final Pattern COVERS_HEADERS =
        Pattern.compile("SHA-(256|384|512)-Digest-Manifest(-Main-Attributes)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern DIGEST = Pattern.compile(".+-Digest", Pattern.CASE_INSENSITIVE);

    private SignedJar() {
    }

    /** The jar does not have one good signature over everything; the message is a sentence. */
    static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenException(String message) {
            super(message);
        }
    }

    /**
     * Everybody who signed every entry.
     *
     * @return empty if the jar has no signature at all
     * @throws BrokenException if it has one that does not hold for every entry
     */
    static Set<CodeSigner> signers(Path file) throws IOException, BrokenException {
        try (JarFile jar = new JarFile(file.toFile(), true, ZipFile.OPEN_READ)) {
            List<JarEntry> blocks = signatureFiles(jar);
            if (blocks.isEmpty()) {
                return Set.of();
            }
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                throw new BrokenException("It has a signature, but no manifest.");
            }
            requireHeaders(jar, blocks);
            requireAll(jar, manifest);
            return common(jar);
        } catch (SecurityException e) {
            throw new BrokenException("It was changed after it had been signed: " + e.getMessage() + ".");
        } catch (RuntimeException e) {
            // The parsers of signatures meet what an attacker wrote.
            throw new BrokenException("Its signature cannot be read: " + e + ".");
        }
    }

    private static boolean isSignatureRelated(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (!upper.startsWith("META-INF/") || upper.indexOf('/', "META-INF/".length()) >= 0) {
            return false;
        }
        return upper.equals(JarFile.MANIFEST_NAME) || upper.endsWith(".SF") || upper.endsWith(".RSA") || upper.endsWith(".EC")
            || upper.endsWith(".DSA");
    }

    private static List<JarEntry> signatureFiles(JarFile jar) {
        return jar.stream().filter(entry -> isSignatureRelated(entry.getName())
            && entry.getName().toUpperCase(Locale.ROOT).endsWith(".SF")).toList();
    }

    private static void requireHeaders(JarFile jar, List<JarEntry> files) throws IOException, BrokenException {
        for (JarEntry file : files) {
            Attributes main;
            try (InputStream in = jar.getInputStream(file)) {
                main = new Manifest(in).getMainAttributes();
            }
            if (main.keySet().stream().noneMatch(name -> COVERS_HEADERS.matcher(name.toString()).matches())) {
                throw new BrokenException("Its signature " + file.getName() + " does not cover the headers of the manifest with"
                    + " SHA-256 or better. Sign it with `./edge sign`, or with jarsigner and no -sectionsonly.");
            }
        }
    }

    private static void requireAll(JarFile jar, Manifest manifest) throws BrokenException {
        for (Map.Entry<String, Attributes> section : manifest.getEntries().entrySet()) {
            boolean signed = section.getValue().keySet().stream().anyMatch(name -> DIGEST.matcher(name.toString()).matches());
            if (signed && jar.getEntry(section.getKey()) == null) {
                throw new BrokenException("The entry " + section.getKey() + " was taken out of it after it had been signed.");
            }
        }
    }

    private static Set<CodeSigner> common(JarFile jar) throws IOException, BrokenException {
        Set<CodeSigner> common = null;
        List<String> unsigned = new ArrayList<>();
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (isSignatureRelated(entry.getName())) {
                continue;
            }
            long length = read(jar, entry);
            if (entry.isDirectory()) {
                if (length > 0) {
                    throw new BrokenException("Its folder " + entry.getName() + " has a content, which no signature covers.");
                }
                continue;
            }
            CodeSigner[] signers = entry.getCodeSigners();
            if (signers == null) {
                unsigned.add(entry.getName());
            } else if (common == null) {
                common = new LinkedHashSet<>(List.of(signers));
            } else {
                common.retainAll(new HashSet<>(List.of(signers)));
            }
        }
        if (common == null) {
            throw new BrokenException("Its signature covers none of its entries, or uses what is no longer safe: sign it with"
                + " SHA-256 or better.");
        }
        if (!unsigned.isEmpty()) {
            throw new BrokenException("Nobody signed its " + (unsigned.size() == 1 ? "entry " : unsigned.size() + " entries, such"
                + " as ") + unsigned.get(0) + ".");
        }
        if (common.isEmpty()) {
            throw new BrokenException("Its entries were signed by different people; one must have signed them all.");
        }
        return common;
    }

    /** The signers of an entry are known when it has been read to its end. */
    private static long read(JarFile jar, JarEntry entry) throws IOException {
        byte[] buffer = new byte[16_384];
        long length = 0;
        try (InputStream in = jar.getInputStream(entry)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                length += n;
            }
        }
        return length;
    }
}
