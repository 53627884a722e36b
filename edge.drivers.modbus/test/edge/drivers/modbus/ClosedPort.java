// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port of the loopback on which nobody listens, and which nobody else can take until it is closed: connections are refused. */
public final class ClosedPort implements AutoCloseable {
    private final Socket socket = new Socket();

    /** @param port 0 for any free one */
    public ClosedPort(int port) throws IOException {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    public int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
