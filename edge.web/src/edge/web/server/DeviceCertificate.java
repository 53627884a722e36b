// SPDX-License-Identifier: Apache-2.0
package edge.web.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The console's key and certificate: {@code access/console.p12} in the data directory and its password in
 * {@code access/console.p12.password}, both readable by the owner only. Made at the first start, own to each device; an
 * operator may put another PKCS#12 file and password in their place.
 *
 * @param store the opened key store
 * @param password the key store's and the key's
 * @param certificate the certificate that is shown to browsers
 */
record DeviceCertificate(KeyStore store, char[] password, X509Certificate certificate) {

    private static final String ALIAS = "console";
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    static Path file(Path data) {
        return data.resolve("access").resolve("console.p12");
    }

    /** Opens the key store, or makes it if there is none. */
    static DeviceCertificate openOrCreate(Path data, String commonName) throws IOException, GeneralSecurityException {
        Path file = file(data);
        Path passwordFile = file.resolveSibling(file.getFileName() + ".password");
        if (!Files.exists(file)) {
            create(file, passwordFile, commonName);
        }
        char[] password = Files.readString(passwordFile, StandardCharsets.UTF_8).strip().toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        for (Enumeration<String> aliases = store.aliases(); aliases.hasMoreElements();) {
            String alias = aliases.nextElement();
            if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate certificate) {
                return new DeviceCertificate(store, password, certificate);
            }
        }
        throw new GeneralSecurityException("it holds no private key with an X.509 certificate");
    }

    /** The SHA-256 of the certificate, as browsers show it. */
    String fingerprint() throws GeneralSecurityException {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        return HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash);
    }

    private static void create(Path file, Path passwordFile, String commonName)
        throws IOException, GeneralSecurityException {
        Path folder = file.getParent();
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, posix(folder)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
                : new FileAttribute<?>[0]);
        }
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        SelfSigned made = SelfSigned.create(commonName, names());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(ALIAS, made.key(), password.toCharArray(), new Certificate[] {made.certificate()});
        // The password first: a power cut between the two leaves no key store, and the next start makes both anew.
        writeOwnerOnly(passwordFile, out -> out.write((password + "\n").getBytes(StandardCharsets.UTF_8)));
        writeOwnerOnly(file, out -> store.store(out, password.toCharArray()));
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of("localhost"));
        try {
            String host = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            if (host.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?") && !names.contains(host) && !host.matches("[0-9.]+")) {
                names.add(host);
            }
        } catch (UnknownHostException e) {
            // a gateway without a name: the certificate is for loopback only, and is trusted by its fingerprint anyway
        }
        names.addAll(List.of("127.0.0.1", "::1"));
        return names;
    }

    private interface Content {
        void write(OutputStream out) throws IOException, GeneralSecurityException;
    }

    private static void writeOwnerOnly(Path target, Content content) throws IOException, GeneralSecurityException {
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        if (posix(target.getParent())) {
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } else {
            Files.createFile(fresh);
        }
        try (OutputStream out = Files.newOutputStream(fresh, StandardOpenOption.WRITE, StandardOpenOption.SYNC)) {
            content.write(out);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
