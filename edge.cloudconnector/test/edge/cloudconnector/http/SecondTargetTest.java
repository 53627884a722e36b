// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.http;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.message.StreamId;
import edge.api.uplink.Uplinks;
import edge.api.uplink.UplinkStatus.Phase;
import edge.cloudconnector.support.MemoryJournal;
import edge.cloudconnector.support.OsgiGateway;
import edge.cloudconnector.support.TestGateway;
import edge.cloudconnector.support.Until;
import edge.verify.Account;
import edge.verify.Payloads;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another target is a bundle of its own that knows nothing but the contracts, and gets everything else for nothing. */
class SecondTargetTest {

    private static final StreamId BOILER = StreamId.device("boiler");

    @TempDir
    private Path folder;

    private static Path bundle(Path folder) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "acme.uplink.http");
        manifest.getMainAttributes().putValue("Bundle-Activator", HttpActivator.class.getName());
        manifest.getMainAttributes().putValue("Import-Package",
            "edge.api.journal,edge.api.message,edge.api.uplink,org.osgi.framework");
        Path jar = folder.resolve("acme.uplink.http.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Class<?> type : List.of(HttpActivator.class, HttpUplink.class)) {
                String path = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(path));
                try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    in.transferTo(bytes);
                    out.write(bytes.toByteArray());
                }
            }
        }
        return jar;
    }

    @Test
    void it_gets_lanes_retries_and_dead_letters_for_nothing() throws Exception {
        TestGateway gateway = new TestGateway(folder);
        MemoryJournal journal = new MemoryJournal(gateway.id(), gateway.bootId());
        Account account = new Account("http");
        for (int i = 0; i < 200; i++) {
            journal.append(BOILER, gateway.scan("boiler", i, gateway.ago(Duration.ofHours(1))));
        }
        try (HttpReceiver receiver = new HttpReceiver(payload -> {
                if (new String(payload, StandardCharsets.UTF_8).contains("\"sequence\":77,")) {
                    return 422;
                }
                Payloads.read(payload).forEach(account::arrived);
                return 204;
            }); OsgiGateway osgi = new OsgiGateway(folder, gateway, journal)) {
            System.setProperty("edge.test.http.port", Integer.toString(receiver.port()));
            osgi.configure("edge.cloudconnector.delivery", "http", java.util.Map.of("rejections", 2));
            osgi.installAndStart(bundle(folder));
            Uplinks uplinks = osgi.service(Uplinks.class);
            Until.holds(Duration.ofSeconds(30), () -> uplinks.list() + " " + account.report(),
                () -> uplinks.deadLetters("http").size() == 1 && account.report().received() == 200);
            for (int i = 0; i < 10; i++) {
                journal.append(BOILER, gateway.scan("boiler", i, gateway.now()));
            }
            Until.holds(Duration.ofSeconds(30), () -> uplinks.list() + " " + account.report(),
                () -> account.report().received() == 210);

            assertThat(account.report().isComplete()).isTrue();
            assertThat(account.report().isOrdered()).isTrue();
            assertThat(account.report().duplicates()).isZero();
            assertThat(account.report().ledger()).isEqualTo(1);
            assertThat(uplinks.deadLetters("http").get(0).key().sequence()).isEqualTo(77);
            assertThat(uplinks.deadLetters("http").get(0).reason()).isEqualTo("HTTP status 422");
            assertThat(osgi.status("http").phase()).isEqualTo(Phase.CONNECTED);
        }
    }
}
