// SPDX-License-Identifier: Apache-2.0
package edge.broker.net;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;

/**
 * A key and a certificate that the gateway has made for itself: {@code mqtt.p12} and its password beside it, readable by the
 * owner only. Made by the JDK's keytool when it is needed for the first time, own to each gateway.
 */
record OwnCertificate(KeyManagerFactory keys, X509Certificate certificate) {

    private static final String ALIAS = "mqtt";
    private static final int PATIENCE_SECONDS = 60;

    static Path file(Path folder) {
        return folder.resolve("mqtt.p12");
    }

    static OwnCertificate openOrMake(Path folder) throws IOException, GeneralSecurityException {
        Path file = file(folder);
        Path passwordFile = folder.resolve("mqtt.p12.password");
        if (!Files.exists(file)) {
            make(folder, file, passwordFile);
        }
        char[] password = Files.readString(passwordFile).strip().toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        if (!(store.getCertificate(ALIAS) instanceof X509Certificate certificate)) {
            throw new GeneralSecurityException(file + " holds no certificate named " + ALIAS);
        }
        return new OwnCertificate(keys, certificate);
    }

    private static void make(Path folder, Path file, Path passwordFile) throws IOException {
        Files.createDirectories(folder);
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        writeOwnerOnly(passwordFile, password);
        Path fresh = folder.resolve("mqtt.p12.new");
        Files.deleteIfExists(fresh);
        ProcessBuilder keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-sigalg", "SHA256withECDSA",
            "-dname", "CN=edge gateway", "-ext", "san=dns:localhost,ip:127.0.0.1", "-startdate", "2025/01/01 00:00:00",
            "-validity", "36500", "-storetype", "PKCS12", "-keystore", fresh.toString(), "-storepass:env", "EDGE_STORE");
        keytool.environment().put("EDGE_STORE", password);
        Process process = keytool.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readNBytes(4_096), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("keytool could not make a certificate: " + output);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("making a certificate was interrupted", e);
        }
        if (isPosix(fresh)) {
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void writeOwnerOnly(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        if (isPosix(file.getParent())) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, text + "\n");
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
