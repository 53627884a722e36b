// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.peer;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.device.LinkState;
import edge.api.device.LinkState.Phase;
import edge.drivers.modbus.Await;
import edge.drivers.modbus.client.Endpoint;
import edge.drivers.modbus.client.Failure;
import edge.drivers.modbus.client.Link;
import edge.drivers.modbus.client.LinkSettings;
import edge.drivers.modbus.client.ModbusClient;
import edge.drivers.modbus.client.ResponseHandler;
import edge.drivers.modbus.codec.Framing;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.tls.TlsSettings;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Modbus/TCP Security with pymodbus, whose TLS is OpenSSL's. */
class TlsTest {

    /** Arguments: the folder, the server's certificate, the lowest and the highest version, whether a client certificate. */
    private static final String SERVER = """
        import asyncio, ssl, sys
        from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
        from pymodbus.framer.socket_framer import ModbusSocketFramer
        from pymodbus.server.async_io import ModbusTlsServer

        folder, name, version, demand = sys.argv[1:5]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
        context.load_cert_chain(f'{folder}/{name}.pem', f'{folder}/{name}.key')
        if demand == 'yes':
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(f'{folder}/ca.pem')
        unit = ModbusSlaveContext(hr=ModbusSequentialDataBlock(0, list(range(1000))), zero_mode=True)

        async def main():
            server = ModbusTlsServer(ModbusServerContext(slaves=unit, single=True), ModbusSocketFramer,
                address=('127.0.0.1', 0), sslctx=context, reqclicert=demand == 'yes')
            task = asyncio.ensure_future(server.serve_forever())
            await server.serving
            print(server.server.sockets[0].getsockname()[1], flush=True)
            await task

        asyncio.run(main())
        """;

    /** The first handshake of a process computes for long on a busy machine. */
    private static final LinkSettings PATIENT =
        new LinkSettings(Duration.ofSeconds(30), 1, 8, Duration.ofMillis(500), Duration.ofSeconds(10));

    @TempDir
    static Path folder;

    @BeforeAll
    static void certificates() throws Exception {
        Certificates.make(folder);
    }

    /** What comes of reading 125 registers a few times: the last of them, or why not. */
    private static String read(String server, String version, boolean demand, Optional<String> ca, boolean certificate)
        throws Exception {
        AtomicReference<LinkState> state = new AtomicReference<>();
        try (Peer peer = Peer.python(folder, SERVER, folder, server, version, demand ? "yes" : "no");
            ModbusClient client = new ModbusClient()) {
            TlsSettings tls = new TlsSettings(ca.map(folder::resolve),
                certificate ? Optional.of(folder.resolve("client.p12")) : Optional.empty(), "secret");
            Endpoint endpoint = new Endpoint.Tcp("127.0.0.1", Integer.parseInt(peer.line()), Framing.MBAP, Optional.of(tls));
            try (Link link = client.open(endpoint, PATIENT, state::set)) {
                Await.until("a connection or a reason", Duration.ofSeconds(40), () -> state.get() != null && state.get().phase() != Phase.CONNECTING);
                String last = "";
                for (int i = 0; i < 20 && state.get().phase() == Phase.CONNECTED; i++) {
                    last = ask(link, 10 * i);
                }
                return state.get().phase() == Phase.CONNECTED ? last : state.get().detail();
            }
        }
    }

    private static String ask(Link link, int address) throws Exception {
        CompletableFuture<String> result = new CompletableFuture<>();
        link.submit(Request.read(1, Table.HOLDING, address, 125), Duration.ofSeconds(20), new ResponseHandler() {
            @Override
            public void answered(Request answered, ByteBuffer data, int start) {
                result.complete(String.valueOf(data.getShort(start + 2 * 124)));
            }

            @Override
            public void failed(Request failed, Failure failure) {
                result.complete(failure.text());
            }
        });
        return result.get(30, TimeUnit.SECONDS);
    }

    @Test
    void registers_are_read_with_both_versions_and_with_a_client_certificate() throws Exception {
        assertThat(read("server", "TLSv1_2", false, Optional.of("ca.pem"), false)).isEqualTo("314");
        assertThat(read("server", "TLSv1_3", false, Optional.of("ca.pem"), false)).isEqualTo("314");
        assertThat(read("server", "TLSv1_2", true, Optional.of("ca.pem"), true)).isEqualTo("314");
        assertThat(read("server", "TLSv1_3", true, Optional.of("ca.pem"), true)).isEqualTo("314");
    }

    @Test
    void a_server_that_cannot_be_trusted_gets_no_request() throws Exception {
        for (Optional<String> ca : java.util.List.of(Optional.of("other.pem"), Optional.<String>empty())) {
            assertThat(read("server", "TLSv1_3", false, ca, false)).contains("encrypted connection").contains("PKIX")
                .contains("caFile");
        }
        assertThat(read("wronghost", "TLSv1_3", false, Optional.of("ca.pem"), false)).contains("127.0.0.1");
        assertThat(read("server", "TLSv1_2", true, Optional.of("ca.pem"), false)).contains("check");
    }

    @Test
    void files_that_are_wrong_are_named() throws Exception {
        assertThat(read("server", "TLSv1_3", false, Optional.of("missing.pem"), false)).contains("caFile").contains("missing.pem");
        assertThat(read("server", "TLSv1_3", false, Optional.of("ca.key"), false)).contains("caFile").contains("ca.key");
    }

    @Test
    void a_device_that_speaks_no_tls_is_told_from_one_that_is_not_there() throws Exception {
        AtomicReference<LinkState> state = new AtomicReference<>();
        try (java.net.ServerSocket silent = new java.net.ServerSocket(0); ModbusClient client = new ModbusClient()) {
            Endpoint endpoint = new Endpoint.Tcp("127.0.0.1", silent.getLocalPort(), Framing.MBAP,
                Optional.of(new TlsSettings(Optional.of(folder.resolve("ca.pem")), Optional.empty(), "")));
            LinkSettings settings = new LinkSettings(Duration.ofMillis(300), 1, 8, Duration.ofSeconds(1), Duration.ofSeconds(1));
            try (Link link = client.open(endpoint, settings, state::set)) {
                Await.until("it says why it gives up", () -> state.get() != null && state.get().phase() == Phase.DISCONNECTED
                    && state.get().detail().matches("no encrypted connection within 300 ms.*802.*"));
            }
        }
    }
}
