// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys, certificates and revocation lists, made with the tools of the JDK that people use. */
public final class Pki {
    /** Of the key store. */
    public static final String PASSWORD = "changeit";

    private final Path folder;
    private final Path keys;

    public Pki(Path folder) {
        this.folder = folder;
        this.keys = folder.resolve("keys.p12");
    }

    /** The key store of all of them. */
    public Path keys() {
        return keys;
    }

    /** @param options what keytool's -genkeypair takes */
    public Pki key(String alias, String name, String... options) {
        List<String> all = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + name));
        if (!Arrays.asList(options).contains("-keyalg")) {
            all.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        all.addAll(List.of(options));
        keytool(all.toArray(String[]::new));
        return this;
    }

    /** A certificate in PEM. */
    public Path certificate(String alias) {
        Path file = folder.resolve(alias + ".pem");
        if (!Files.exists(file)) {
            keytool("-exportcert", "-rfc", "-alias", alias, "-file", file.toString());
        }
        return file;
    }

    /** The SHA-256 of a certificate, as keytool prints it. */
    public String fingerprint(String alias) {
        Matcher line = Pattern.compile("SHA256: ([0-9A-F:]+)").matcher(run(List.of(tool("keytool"), "-printcert", "-file",
            certificate(alias).toString())));
        assertThat(line.find()).isTrue();
        return line.group(1);
    }

    /** A private key in PEM, as openssl wants it. */
    public Path privateKey(String alias) {
        String all = run(List.of(Peers.need("openssl").toString(), "pkcs12", "-in", keys.toString(), "-passin", "pass:" + PASSWORD, "-nodes"));
        Matcher key = Pattern.compile("friendlyName: " + alias + "\\s.*?(-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----)",
            Pattern.DOTALL).matcher(all);
        assertThat(key.find()).isTrue();
        try {
            return Files.writeString(folder.resolve(alias + ".key"), key.group(1) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A revocation list, in force for some days from the start. */
    public Path revocationList(String issuer, String serial, String... options) {
        Path file = folder.resolve(issuer + "-" + serial + ".crl");
        List<String> all = new ArrayList<>(List.of("-gencrl", "-rfc", "-alias", issuer, "-id", serial, "-file", file.toString()));
        all.addAll(List.of(options));
        keytool(all.toArray(String[]::new));
        return file;
    }

    /** Calls keytool on the key store. */
    public void keytool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(tool("keytool")));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", keys.toString(), "-storepass", PASSWORD));
        run(command);
    }

    /** @param options what jarsigner takes before the jar */
    public void sign(Path jar, String alias, String... options) {
        List<String> command = new ArrayList<>(List.of(tool("jarsigner"), "-keystore", keys.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(options));
        command.addAll(List.of(jar.toString(), alias));
        run(command);
    }

    /** A tool of the JDK that runs this. */
    public static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    /** @return what it prints */
    public static String run(List<String> command) {
        try {
            Path output = Files.createTempFile("edge-tool", ".txt");
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(String.join(" ", command) + "\n" + Files.readString(output));
            }
            String text = Files.readString(output);
            Files.delete(output);
            return text;
        } catch (IOException e) {
            throw new AssertionError(command.get(0) + " does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
