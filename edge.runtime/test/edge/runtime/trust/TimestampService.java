// SPDX-License-Identifier: Apache-2.0
package edge.runtime.trust;

import com.sun.net.httpserver.HttpServer;
import edge.test.support.Peers;
import edge.test.support.Pki;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** OpenSSL's timestamp service behind HTTP, as jarsigner wants it (RFC 3161). */
record TimestampService(HttpServer server, Path root) implements AutoCloseable {

    static TimestampService start(Path folder) throws IOException {
        Peers.need("openssl");
        Files.createDirectories(folder);
        Pki keys = new Pki(folder)
            .key("root", "Time Root", "-ext", "bc:c", "-ext", "ku=keyCertSign", "-validity", "3650")
            .key("tsa", "Time Service", "-signer", "root", "-ext", "eku:critical=timeStamping", "-validity", "3650");
        Path root = keys.certificate("root");
        Path key = keys.privateKey("tsa");
        Path certificate = keys.certificate("tsa");
        Path settings = Files.writeString(folder.resolve("tsa.cnf"), """
            [tsa]
            default_tsa = one
            [one]
            serial = %1$s/serial
            signer_cert = %2$s
            signer_key = %3$s
            certs = %4$s
            signer_digest = sha256
            default_policy = 1.2.3.4
            digests = sha256, sha384, sha512
            ess_cert_id_alg = sha256
            """.formatted(folder, certificate, key, root));
        Files.writeString(folder.resolve("serial"), "01\n", StandardCharsets.US_ASCII);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Path query = Files.write(folder.resolve("query.tsq"), exchange.getRequestBody().readAllBytes());
            Path answer = folder.resolve("answer.tsr");
            Pki.run(List.of("openssl", "ts", "-reply", "-config", settings.toString(), "-queryfile", query.toString(),
                "-out", answer.toString()));
            byte[] bytes = Files.readAllBytes(answer);
            exchange.getResponseHeaders().set("Content-Type", "application/timestamp-reply");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        return new TimestampService(server, root);
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
