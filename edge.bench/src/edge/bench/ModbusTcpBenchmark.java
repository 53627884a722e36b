// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Our Modbus TCP client and j2mod, each reading 100 holding registers over and over on the loopback, from the same server in a
 * process of its own: requests a second on one connection and on 32, and what a request on 32 costs the client.
 *
 * <p>The server takes several requests at a time on a connection. Our client uses that, with {@value #IN_FLIGHT} of them;
 * j2mod waits for each answer. The figures called {@code single} are ours with one request at a time, as the default setting
 * has it: almost all of such a request is the kernel's work on the socket, so that no client can be much faster. How much is
 * seen beside a bare selector loop, which writes, reads and checks nothing: the figures called {@code floor}. j2mod's debug log
 * is off.
 */
final class ModbusTcpBenchmark implements Benchmark {

    private static final String J2MOD = "j2mod";
    private static final String BARE = "bare selector loop";
    private static final int MANY = 32;
    private static final int IN_FLIGHT = 4;
    private static final Duration WARM_UP = Duration.ofMillis(500);
    private static final Duration MEASURED = Duration.ofMillis(800);

    /** What was seen of one client. */
    private record Seen(double requestsPerSecond, double cpuMicros, double bytes) {

        Sample rateBeside(String name, Seen peer) {
            return new Sample(requestsPerSecond, "requests/s", name, peer.requestsPerSecond);
        }

        Sample cpuBeside(String name, Seen peer) {
            return new Sample(cpuMicros, "µs/request", name, peer.cpuMicros);
        }

        Sample bytesBeside(Seen peer) {
            return new Sample(bytes, "B/request", J2MOD, peer.bytes);
        }
    }

    @Override
    public List<String> names() {
        return List.of("modbus.tcp.requests.1", "modbus.tcp.requests.32", "modbus.tcp.cpu", "modbus.tcp.allocation",
            "modbus.tcp.requests.1.single", "modbus.tcp.requests.32.single", "modbus.tcp.cpu.single",
            "modbus.tcp.requests.32.floor", "modbus.tcp.cpu.floor");
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        try (ModbusServerProcess server = new ModbusServerProcess()) {
            int port = server.port();
            Seen one = watch(ModbusLoad.own(port, 1, IN_FLIGHT));
            Seen oneSingle = watch(ModbusLoad.own(port, 1, 1));
            Seen peersOne = watch(ModbusLoad.j2mod(port, 1));
            Seen many = watch(ModbusLoad.own(port, MANY, IN_FLIGHT));
            Seen manySingle = watch(ModbusLoad.own(port, MANY, 1));
            Seen peersMany = watch(ModbusLoad.j2mod(port, MANY));
            Seen bare = watch(ModbusLoad.bare(port, MANY));
            return List.of(one.rateBeside(J2MOD, peersOne), many.rateBeside(J2MOD, peersMany), many.cpuBeside(J2MOD, peersMany),
                many.bytesBeside(peersMany), oneSingle.rateBeside(J2MOD, peersOne), manySingle.rateBeside(J2MOD, peersMany),
                manySingle.cpuBeside(J2MOD, peersMany), manySingle.rateBeside(BARE, bare), manySingle.cpuBeside(BARE, bare));
        }
    }

    private static Seen watch(ModbusLoad started) throws Exception {
        try (ModbusLoad load = started) {
            LockSupport.parkNanos(WARM_UP.toNanos());
            long answered = load.answered();
            long bytes = allocated();
            double cpu = clientCpu();
            long start = System.nanoTime();
            while (System.nanoTime() - start < MEASURED.toNanos()) {
                LockSupport.parkNanos(MEASURED.toNanos() / 20);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            cpu = clientCpu() - cpu;
            bytes = allocated() - bytes;
            double requests = load.answered() - answered;
            return new Seen(requests / seconds, cpu * 1e6 / requests, bytes / requests);
        }
    }

    /** The server is a process of its own, whose time does not count. */
    private static double clientCpu() throws IOException {
        return ProcessFigures.ownCpuSeconds(ProcessHandle.current().pid());
    }

    /** Bytes that the threads of now have allocated since they began; a client keeps its threads while it is watched. */
    private static long allocated() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }
}
