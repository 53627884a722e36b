// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import edge.runtime.base.DataDirectory;
import edge.runtime.base.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the folder {@code trust} says, as read once.
 *
 * @param signers certificates of signers, or of those who issue theirs
 * @param timestampers certificates of timestamp services, or of those who issue theirs
 * @param lists certificate revocation lists
 * @param revoked SHA-256 fingerprints of certificates and jars in hexadecimal, with the reason
 * @param problems what cannot be read, one sentence each; whoever is named there is not trusted or not revoked
 */
record TrustFolder(List<X509Certificate> signers, List<X509Certificate> timestampers, List<X509CRL> lists,
                   Map<String, String> revoked, List<String> problems) {
    static final String TIMESTAMP = "timestamp";
    static final String REVOKED = "revoked.txt";
    private static final Pattern CERTIFICATE = Pattern.compile("(?i).+\\.(pem|crt|cer|der)");
    private static final Pattern LIST = Pattern.compile("(?i).+\\.crl");
    /** A fingerprint as openssl or keytool print it, and why. */
    private static final Pattern LINE = Pattern.compile("([0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31})\\s*(.*)");
    private static final long MOST_BYTES = 4L << 20;

    /** @param folder need not exist */
    static TrustFolder read(Path folder) {
        TrustFolder read = new TrustFolder(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new LinkedHashMap<>(),
            new ArrayList<>());
        for (Path file : read.files(folder)) {
            String name = file.getFileName().toString();
            if (CERTIFICATE.matcher(name).matches()) {
                read.certificates(file, read.signers);
            } else if (LIST.matcher(name).matches()) {
                read.lists(file);
            } else if (name.equals(REVOKED)) {
                read.revoked(file);
            }
        }
        for (Path file : read.files(folder.resolve(TIMESTAMP))) {
            if (CERTIFICATE.matcher(file.getFileName().toString()).matches()) {
                read.certificates(file, read.timestampers);
            }
        }
        return read;
    }

    /** Changes when a file comes, goes or is written. */
    static String state(Path folder) {
        TrustFolder nothing = new TrustFolder(List.of(), List.of(), List.of(), Map.of(), new ArrayList<>());
        StringBuilder state = new StringBuilder();
        for (Path place : List.of(folder, folder.resolve(TIMESTAMP))) {
            for (Path file : nothing.files(place)) {
                try {
                    state.append(file).append(' ').append(Files.size(file)).append(' ')
                        .append(Files.getLastModifiedTime(file)).append('\n');
                } catch (IOException e) {
                    state.append(file).append(" unreadable\n");
                }
            }
        }
        return state.toString();
    }

    private List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
        } catch (IOException e) {
            problems.add("The folder " + folder + " cannot be read: " + DataDirectory.reason(e) + ".");
            return List.of();
        }
    }

    private void certificates(Path file, List<X509Certificate> into) {
        try (InputStream in = open(file)) {
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                into.add((X509Certificate) certificate);
            }
        } catch (IOException | GeneralSecurityException e) {
            problems.add(file.getFileName() + " is no certificate in PEM or DER: " + e.getMessage() + ".");
        }
    }

    private void lists(Path file) {
        try (InputStream in = open(file)) {
            for (CRL list : CertificateFactory.getInstance("X.509").generateCRLs(in)) {
                lists.add((X509CRL) list);
            }
        } catch (IOException | GeneralSecurityException e) {
            problems.add(file.getFileName() + " is no revocation list in PEM or DER: " + e.getMessage() + ".");
        }
    }

    private static InputStream open(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("it is larger than " + (MOST_BYTES >> 20) + " MiB");
        }
        return new BufferedInputStream(Files.newInputStream(file));
    }

    private void revoked(Path file) {
        try (InputStream in = open(file)) {
            int number = 0;
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                number++;
                String trimmed = line.strip();
                if (trimmed.isEmpty() || trimmed.startsWith("#")) {
                    continue;
                }
                Matcher matcher = LINE.matcher(trimmed);
                if (matcher.matches()) {
                    revoked.put(matcher.group(1).replace(":", "").toLowerCase(Locale.ROOT), matcher.group(2));
                } else {
                    problems.add(REVOKED + ", line " + number + ": that is no SHA-256 fingerprint of 64 hexadecimal digits.");
                }
            }
        } catch (IOException e) {
            problems.add(REVOKED + " cannot be read: " + DataDirectory.reason(e) + ".");
        }
    }

    static String fingerprint(Certificate certificate) {
        try {
            return Sha256.of(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("the certificate has no encoding", e);
        }
    }
}
