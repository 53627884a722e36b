// SPDX-License-Identifier: Apache-2.0
package edge.cloudconnector.mqtt;

import java.net.Socket;
import javax.net.SocketFactory;

/** Gives Paho our socket. */
final class OneSocket extends SocketFactory {

    private final UplinkSocket socket;

    OneSocket(UplinkSocket socket) {
        this.socket = socket;
    }

    @Override
    public Socket createSocket() {
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, java.net.InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(java.net.InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(java.net.InetAddress host, int port, java.net.InetAddress local, int localPort) {
        throw new UnsupportedOperationException();
    }
}
