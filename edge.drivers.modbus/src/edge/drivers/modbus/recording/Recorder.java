// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.recording;

import edge.drivers.modbus.codec.MalformedException;
import edge.drivers.modbus.codec.Mbap;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Stands between clients and a device and writes down what they say. Bytes pass as they are; an answer that belongs to no request,
 * as one that comes too late, passes too and is not written down.
 */
final class Recorder implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int MAX_WAITING = 256;

    private final ServerSocket listener;
    private final InetSocketAddress device;
    private final Writer out; // guarded by this
    private final long start = System.nanoTime();

    /** @param port to listen on, on the loopback; 0 for any free one */
    Recorder(int port, InetSocketAddress device, Writer out) throws IOException {
        this.listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        this.device = device;
        this.out = out;
        write(Exchange.HEADER);
        daemon("listener", this::listen);
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private static void daemon(String what, Runnable job) {
        Thread thread = new Thread(job, "edge-modbus-recorder-" + what);
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                daemon("client", () -> serve(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    System.err.println("edge: cannot accept a connection: " + e.getMessage());
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client; Socket target = new Socket()) {
            target.connect(device, CONNECT_MILLIS);
            target.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            Map<Integer, byte[]> waiting = new ConcurrentHashMap<>();
            daemon("device", () -> answers(target, client, waiting));
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream to = target.getOutputStream();
            for (Optional<byte[]> frame = frame(in); frame.isPresent(); frame = frame(in)) {
                if (waiting.size() < MAX_WAITING) {
                    waiting.put(transaction(frame.get()), body(frame.get()));
                }
                to.write(frame.get());
            }
        } catch (IOException e) {
            System.err.println("edge: a connection to " + device + " ended: " + e.getMessage());
        }
    }

    private void answers(Socket target, Socket client, Map<Integer, byte[]> waiting) {
        try (client; target) {
            DataInputStream in = new DataInputStream(target.getInputStream());
            OutputStream to = client.getOutputStream();
            for (Optional<byte[]> frame = frame(in); frame.isPresent(); frame = frame(in)) {
                byte[] request = waiting.remove(transaction(frame.get()));
                if (request != null) {
                    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                    note(new Exchange(millis, request, body(frame.get())));
                }
                to.write(frame.get());
            }
        } catch (IOException e) {
            // The other side ended; the connection ends as a whole.
        }
    }

    private void note(Exchange exchange) throws IOException {
        try {
            write(exchange.line());
        } catch (IOException e) {
            System.err.println("edge: the recording cannot be written: " + e.getMessage());
            throw e;
        }
    }

    private static Optional<byte[]> frame(DataInputStream in) throws IOException {
        byte[] frame = new byte[Mbap.MAX_FRAME];
        if (in.readNBytes(frame, 0, Mbap.PREFIX) < Mbap.PREFIX) {
            return Optional.empty();
        }
        try {
            int length = Mbap.frameLength(ByteBuffer.wrap(frame), 0, 1);
            in.readFully(frame, Mbap.PREFIX, length - Mbap.PREFIX);
            return Optional.of(Arrays.copyOf(frame, length));
        } catch (MalformedException e) {
            throw new IOException("it does not speak Modbus TCP: " + e.getMessage(), e);
        }
    }

    private static int transaction(byte[] frame) {
        return Mbap.transaction(ByteBuffer.wrap(frame), 0);
    }

    private static byte[] body(byte[] frame) {
        return Arrays.copyOfRange(frame, Mbap.PREFIX, frame.length);
    }

    private synchronized void write(String line) throws IOException {
        out.write(line);
        out.write('\n');
        out.flush();
    }
}
