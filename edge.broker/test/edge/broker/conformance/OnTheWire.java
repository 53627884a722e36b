// SPDX-License-Identifier: Apache-2.0
package edge.broker.conformance;

import edge.broker.Rig;
import edge.broker.Settings;
import edge.broker.Settings.Limits;
import edge.broker.TestJournal;
import edge.broker.net.ListenerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A broker that lets anonymous clients in, so that packets are as short as they can be. */
abstract class OnTheWire {

    @TempDir
    Path folder;
    Rig rig;

    @BeforeEach
    void start() {
        start(new TestJournal());
    }

    private void start(TestJournal journal) {
        Settings settings = Rig.settings(ListenerSettings.plain("127.0.0.1", 0, true), Limits.DEFAULTS);
        rig = new Rig(Rig.in(settings, folder), Optional.empty(), journal);
        rig.await(() -> rig.broker.port().isPresent(), "the broker listens");
    }

    /** The broker ends and starts again with what is on disk. */
    void restart() {
        rig.close();
        start(rig.journal);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    Wire wire() throws IOException {
        return new Wire(rig.port());
    }

    Wire clean(String clientId) throws IOException {
        return Wire.clean(rig.port(), clientId);
    }

    Wire kept(String clientId) throws IOException {
        return Wire.kept(rig.port(), clientId);
    }

    Wire back(String clientId) throws IOException {
        return Wire.back(rig.port(), clientId);
    }

    /** Waits until the broker has noticed that the client's connection is gone. */
    void awaitGone(String clientId) {
        rig.await(() -> rig.broker.status().clients().stream().noneMatch(client -> client.id().equals(clientId)),
            clientId + " is gone");
    }

    void cut(Wire wire, String clientId) throws IOException {
        wire.cut();
        awaitGone(clientId);
    }
}
