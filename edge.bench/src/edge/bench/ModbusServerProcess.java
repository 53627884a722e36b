// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import edge.drivers.modbus.server.ArrayMemory;
import edge.drivers.modbus.server.ModbusServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A Modbus TCP server in a process of its own, so that the figures of a client are the client's. It ends with its standard
 * input.
 */
public final class ModbusServerProcess implements AutoCloseable {

    private static final int REGISTERS = 1000;
    private static final int MAX_CONNECTIONS = 1024;

    private final Process process;
    private final int port;

    /** Starts it on the loopback's usual address; returns when it listens. */
    ModbusServerProcess() throws IOException {
        this("127.0.0.1");
    }

    /** Starts it at an address; returns when it listens. */
    ModbusServerProcess(String address) throws IOException {
        // The JVM's own choice of compilers: the server is to be as small a part of the measurement as it can be.
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
            "-cp", System.getProperty("java.class.path"), ModbusServerProcess.class.getName(), address)
            .redirectError(ProcessBuilder.Redirect.to(new File("/dev/null"))).start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the Modbus server process ended without a word");
        }
        port = Integer.parseInt(line);
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
    }

    public static void main(String[] arguments) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(arguments[0]), 0);
        try (ModbusServer server = new ModbusServer(address, new ArrayMemory(REGISTERS), MAX_CONNECTIONS)) {
            System.out.println(server.port());
            while (System.in.read() >= 0) {
                // Only its end counts.
            }
        }
    }
}
