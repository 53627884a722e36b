// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Certificates made by openssl: a CA, and servers that it signed, or not. */
public final class Certificates {

    private final Path folder;
    private final String openssl = Mosquitto.program("openssl");

    /** Makes the CA. */
    public Certificates(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        selfSigned("ca", "ca.example");
    }

    public Path ca() {
        return certificate("ca");
    }

    public Path certificate(String name) {
        return folder.resolve(name + ".pem");
    }

    public Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** The lines that make mosquitto use a certificate. */
    public String[] listener(String name) {
        return new String[] {"certfile " + certificate(name), "keyfile " + key(name)};
    }

    public void selfSigned(String name, String host) throws IOException, InterruptedException {
        Mosquitto.run(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
            "2", "-subj", "/CN=" + host, "-addext", "subjectAltName=DNS:" + host, "-keyout", key(name).toString(), "-out",
            certificate(name).toString());
    }

    /** @param days until it expires; negative if it already has */
    public void signed(String name, String host, int days) throws IOException, InterruptedException {
        Path request = folder.resolve(name + ".csr");
        Path extensions = Files.writeString(folder.resolve(name + ".ext"), "subjectAltName=DNS:" + host + "\n");
        Mosquitto.run(openssl, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            "/CN=" + host, "-keyout", key(name).toString(), "-out", request.toString());
        Mosquitto.run(openssl, "x509", "-req", "-in", request.toString(), "-CA", ca().toString(), "-CAkey",
            key("ca").toString(), "-CAcreateserial", "-days", Integer.toString(days), "-extfile", extensions.toString(),
            "-out", certificate(name).toString());
    }

    /** Has the CA sign a certificate that is valid between two times, {@code YYYYMMDDHHMMSSZ}. */
    public void signedBetween(String name, String host, String from, String until) throws IOException, InterruptedException {
        signed(name, host, 1);
        Mosquitto.run(openssl, "ca", "-batch", "-config", authority().toString(), "-startdate", from, "-enddate", until,
            "-extfile", folder.resolve(name + ".ext").toString(), "-notext", "-in", folder.resolve(name + ".csr").toString(),
            "-out", certificate(name).toString());
    }

    /** Revokes a certificate; it is on the list from the next {@link #revocationList} on. */
    public void revoke(String name) throws IOException, InterruptedException {
        Mosquitto.run(openssl, "ca", "-config", authority().toString(), "-revoke", certificate(name).toString());
    }

    /** The list of revoked certificates, valid until a time, {@code YYYYMMDDHHMMSSZ}. */
    public Path revocationList(String until) throws IOException, InterruptedException {
        Path list = folder.resolve("ca.crl");
        Mosquitto.run(openssl, "ca", "-config", authority().toString(), "-gencrl", "-crl_lastupdate", "20240101000000Z",
            "-crl_nextupdate", until, "-out", list.toString());
        return list;
    }

    private Path authority() throws IOException {
        Path config = folder.resolve("ca.conf");
        if (!Files.exists(config)) {
            Files.writeString(folder.resolve("ca.index"), "");
            Files.writeString(folder.resolve("ca.number"), "1000\n");
            Files.writeString(config, String.join("\n", "[ca]", "default_ca = own", "[own]", "database = " + folder
                + "/ca.index", "serial = " + folder + "/ca.number", "crlnumber = " + folder + "/ca.number", "new_certs_dir = "
                + folder, "certificate = " + ca(), "private_key = " + key("ca"), "default_md = sha256", "policy = any",
                "unique_subject = no", "default_days = 2", "[any]", "commonName = supplied", ""));
        }
        return config;
    }

    /** Puts a certificate and its key into a PKCS#12 file. */
    public Path keyStore(String name, String password) throws IOException, InterruptedException {
        Path store = folder.resolve(name + ".p12");
        Mosquitto.run(openssl, "pkcs12", "-export", "-in", certificate(name).toString(), "-inkey", key(name).toString(),
            "-out", store.toString(), "-passout", "pass:" + password);
        return store;
    }
}
