// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.peer;

import java.nio.file.Path;

/** Certificates and keys that OpenSSL makes. */
final class Certificates {

    private static final String CERTIFICATES = """
        set -e
        cd "$1"
        openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test-ca 2>/dev/null
        openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.pem -days 2 -subj /CN=other-ca 2>/dev/null
        sign() {
            openssl req -newkey rsa:2048 -nodes -keyout $1.key -out $1.csr -subj /CN=$1 2>/dev/null
            printf '%s\\n' "$2" >$1.ext
            openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out $1.pem -days 2 -extfile $1.ext 2>/dev/null
        }
        sign server 'subjectAltName=IP:127.0.0.1'
        sign wronghost 'subjectAltName=DNS:plc.example'
        sign client '1.3.6.1.4.1.50316.802.1=ASN1:UTF8String:operator'
        for name in server client; do
            openssl pkcs12 -export -in $name.pem -inkey $name.key -out $name.p12 -passout pass:secret
        done
        """;

    private Certificates() {
    }

    /**
     * Makes {@code ca}, {@code other} (another authority), {@code server} (127.0.0.1), {@code wronghost} and {@code client}: PEM files
     * and keys, and with the password {@code secret} PKCS#12 files of server and client.
     */
    static void make(Path folder) throws Exception {
        try (Peer peer = Peer.program("sh", "-c", CERTIFICATES, "sh", folder)) {
            peer.end();
        }
    }
}
