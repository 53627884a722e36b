// SPDX-License-Identifier: Apache-2.0
package @NAME@;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A device as the driver wants it: for the tests, and to be run beside a gateway on a PC. */
final class Simulator implements AutoCloseable {
    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile double temperature = 20;
    private volatile double setpoint = 21.5;
    private volatile boolean silent;

    /** @param port 0 for any that is free */
    Simulator(int port) throws IOException {
        server = new ServerSocket(port, 10, InetAddress.getLoopbackAddress());
        start("simulator", this::accept);
    }

    /** Runs one until it is killed. */
    public static void main(String[] arguments) throws IOException {
        Simulator simulator = new Simulator(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4001);
        System.out.println("A simulated device listens on 127.0.0.1:" + simulator.port());
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on it takes questions and answers none. */
    void silence() {
        silent = true;
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(!name.equals("simulator"));
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                if (server.isClosed()) {
                    // It was closed while this one came in.
                    socket.close();
                    return;
                }
                start("simulator-client", () -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
            return;
        }
    }

    private void serve(Socket socket) {
        try (socket;
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            PrintWriter out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.US_ASCII)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String answer = answer(line.split(" "));
                if (!silent) {
                    out.print(answer + "\n");
                    out.flush();
                }
            }
        } catch (IOException e) {
            // The driver went away.
            return;
        } finally {
            open.remove(socket);
        }
    }

    private String answer(String[] words) {
        temperature += (setpoint - temperature) / 20;
        if (words.length == 2 && words[0].equals("GET") && words[1].equals("temperature")) {
            return String.format(Locale.ROOT, "%.2f", temperature);
        } else if (words.length == 2 && words[0].equals("GET") && words[1].equals("setpoint")) {
            return String.format(Locale.ROOT, "%.1f", setpoint);
        } else if (words.length == 3 && words[0].equals("SET") && words[1].equals("setpoint")) {
            setpoint = Double.parseDouble(words[2]);
            return "OK";
        }
        return "ERR unknown";
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
