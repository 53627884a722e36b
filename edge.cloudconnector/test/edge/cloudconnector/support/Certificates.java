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

    /** Puts a certificate and its key into a PKCS#12 file. */
    public Path keyStore(String name, String password) throws IOException, InterruptedException {
        Path store = folder.resolve(name + ".p12");
        Mosquitto.run(openssl, "pkcs12", "-export", "-in", certificate(name).toString(), "-inkey", key(name).toString(),
            "-out", store.toString(), "-passout", "pass:" + password);
        return store;
    }
}
