// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A device that does on each connection what a script says, however wrong. */
final class RawServer implements AutoCloseable {

    /** What it does on one connection; the connection is closed when it returns. */
    interface Script {
        /** @param number of the connection, from 1 */
        void serve(Wires wires, int number) throws Exception;
    }

    /** One connection. */
    static final class Wires {
        private final Socket socket;

        Wires(Socket socket) {
            this.socket = socket;
        }

        /** The next request. */
        ByteBuffer request() throws IOException {
            InputStream in = socket.getInputStream();
            byte[] header = in.readNBytes(6);
            if (header.length < 6) {
                throw new EOFException();
            }
            int length = ByteBuffer.wrap(header).getShort(4);
            return ByteBuffer.allocate(6 + length).put(header).put(in.readNBytes(length)).flip();
        }

        /** So many bytes that the client sent. */
        byte[] bytes(int count) throws IOException {
            byte[] bytes = socket.getInputStream().readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException();
            }
            return bytes;
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        /** Sends bytes given in hexadecimal; {@code TTTT} stands for the request's transaction id, {@code UU} for its unit. */
        void send(ByteBuffer request, String hex) throws IOException {
            send(bytes(request, hex));
        }

        static byte[] bytes(ByteBuffer request, String hex) {
            return HexFormat.of().parseHex(hex.replace(" ", "")
                .replace("TTTT", String.format("%04x", request.getShort(0) & 0xffff))
                .replace("UU", String.format("%02x", request.get(6) & 0xff)));
        }

        /** Reads and ignores until the client closes. */
        void silence() throws IOException {
            socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        }

        /** Answers reads of one register with the register's address for as long as the client asks. */
        void behave() throws IOException {
            while (true) {
                answer(request());
            }
        }

        /** Answers a read of one register with the register's address. */
        void answer(ByteBuffer request) throws IOException {
            send(request, "TTTT 0000 0005 UU 03 02 " + String.format("%04x", request.getShort(8) & 0xffff));
        }
    }

    private final ServerSocket listener;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();

    RawServer(Script script) throws IOException {
        this(0, script);
    }

    RawServer(int port, Script script) throws IOException {
        this.script = script;
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many connections there were. */
    int accepted() {
        return accepted.get();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                sockets.add(socket);
                int number = accepted.incrementAndGet();
                start(() -> serve(socket, number));
            }
        } catch (IOException e) {
            // The listener was closed: that is how this ends.
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            script.serve(new Wires(socket), number);
        } catch (IOException e) {
            // The client went away: each script ends so.
        } catch (Exception e) {
            throw new AssertionError("the script failed", e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
