// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.recording;

import edge.drivers.modbus.server.ModbusServer;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Records or plays until it is ended. */
public final class Main {
    private static final int MAX_CLIENTS = 16;

    private Main() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        try {
            if (arguments.length == 5 && arguments[0].equals("record")) {
                record(port(arguments[1]), new InetSocketAddress(arguments[2], port(arguments[3])), Path.of(arguments[4]));
            } else if (arguments.length == 3 && arguments[0].equals("play")) {
                play(port(arguments[1]), Path.of(arguments[2]));
            } else {
                fail("usage: modbus record LISTEN-PORT HOST PORT FILE, or modbus play LISTEN-PORT FILE");
            }
        } catch (IOException | IllegalArgumentException e) {
            fail(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private static void record(int port, InetSocketAddress device, Path file) throws IOException, InterruptedException {
        try (Writer out = writer(file); Recorder recorder = new Recorder(port, device, out)) {
            System.out.println("Clients of 127.0.0.1:" + recorder.port() + " reach " + device + "; what is said is written to " + file
                + ". End with Ctrl-C.");
            new CountDownLatch(1).await();
        }
    }

    private static Writer writer(Path file) throws IOException {
        try {
            return Files.newBufferedWriter(file);
        } catch (FileSystemException e) {
            throw new IOException("the recording cannot be written to " + file + ": "
                + (e.getReason() == null ? "check the folder and its permissions" : e.getReason()), e);
        }
    }

    private static void play(int port, Path file) throws IOException, InterruptedException {
        List<Exchange> recording = Exchange.read(file);
        long start = System.nanoTime();
        RecordedMemory memory = new RecordedMemory(recording, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (ModbusServer server = new ModbusServer(address, memory, MAX_CLIENTS)) {
            System.out.println(recording.size() + " exchanges with " + memory.size() + " bits and registers are played on 127.0.0.1:"
                + server.port() + ". End with Ctrl-C.");
            new CountDownLatch(1).await();
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException("'" + text + "' is not a port");
    }

    private static void fail(String message) {
        System.err.println("edge: " + message);
        System.exit(2);
    }
}
