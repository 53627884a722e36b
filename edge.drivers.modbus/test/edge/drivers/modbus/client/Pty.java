// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import edge.drivers.modbus.Await;
import edge.drivers.modbus.peer.Peer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Two serial ports of the kernel that are connected with each other, made by socat. */
public final class Pty implements AutoCloseable {
    private final Path ours;
    private final Path theirs;
    private Peer socat;

    public Pty(Path folder) throws Exception {
        ours = folder.resolve("ours");
        theirs = folder.resolve("theirs");
        plugIn();
    }

    /** The port for the driver. */
    public String ours() {
        return ours.toString();
    }

    /** The port for whoever answers. */
    public Path theirs() {
        return theirs;
    }

    void plugIn() throws Exception {
        socat = Peer.program("socat", "pty,raw,echo=0,link=" + ours, "pty,raw,echo=0,link=" + theirs);
        Await.until("socat makes its ports", () -> Files.exists(ours) && Files.exists(theirs));
    }

    void unplug() throws Exception {
        socat.close();
        Await.until("socat ends", () -> !socat.isAlive());
        Files.deleteIfExists(ours);
        Files.deleteIfExists(theirs);
    }

    @Override
    public void close() {
        socat.close();
    }
}
