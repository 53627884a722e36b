// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import edge.drivers.modbus.client.Failure;
import edge.drivers.modbus.client.Link;
import edge.drivers.modbus.client.LinkSettings;
import edge.drivers.modbus.client.ModbusClient;
import edge.drivers.modbus.client.ResponseHandler;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.server.ArrayMemory;
import edge.drivers.modbus.server.ModbusServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests a second of our client and of j2mod, each reading 100 holding registers over and over on 32 connections of the
 * loopback, from the same server in the same process.
 */
final class ModbusTcpBenchmark implements Benchmark {

    private static final int CONNECTIONS = 32;
    private static final int REGISTERS = 100;
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration MEASURED = Duration.ofSeconds(3);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    @Override
    public List<String> names() {
        return List.of("modbus.tcp.requests.32");
    }

    @Override
    public List<Sample> measure(Bench bench) throws Exception {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (ModbusServer server = new ModbusServer(loopback, new ArrayMemory(1000), 2 * CONNECTIONS)) {
            return List.of(new Sample(ours(server.port()), "requests/s", "j2mod", j2mod(server.port())));
        }
    }

    private static double ours(int port) throws Exception {
        LongAdder answered = new LongAdder();
        AtomicReference<Failure> failure = new AtomicReference<>();
        Request request = Request.read(1, Table.HOLDING, 0, REGISTERS);
        try (ModbusClient client = new ModbusClient()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                AtomicReference<Link> link = new AtomicReference<>();
                ResponseHandler again = new ResponseHandler() {
                    @Override
                    public void answered(Request answeredRequest, ByteBuffer data, int start) {
                        answered.increment();
                        link.get().submit(request, TIMEOUT, this);
                    }

                    @Override
                    public void failed(Request failedRequest, Failure why) {
                        failure.compareAndSet(null, why);
                    }
                };
                link.set(client.openExclusive("127.0.0.1", port, LinkSettings.DEFAULT, state -> {
                    if (state.phase() == edge.api.device.LinkState.Phase.CONNECTED) {
                        link.get().submit(request, TIMEOUT, again);
                    }
                }));
            }
            double rate = rate(answered);
            if (failure.get() != null) {
                throw new IllegalStateException("a request failed: " + failure.get().text());
            }
            return rate;
        }
    }

    private static double j2mod(int port) throws Exception {
        LongAdder answered = new LongAdder();
        AtomicReference<ModbusException> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        List<ModbusTCPMaster> masters = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            ModbusTCPMaster master = new ModbusTCPMaster("127.0.0.1", port);
            master.connect();
            masters.add(master);
            Thread thread = new Thread(() -> {
                try {
                    while (!Thread.currentThread().isInterrupted()) {
                        master.readMultipleRegisters(1, 0, REGISTERS);
                        answered.increment();
                    }
                } catch (ModbusException e) {
                    if (!Thread.currentThread().isInterrupted()) {
                        failure.compareAndSet(null, e);
                    }
                }
            }, "j2mod-" + i);
            threads.add(thread);
            thread.start();
        }
        double rate = rate(answered);
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join();
        }
        masters.forEach(ModbusTCPMaster::disconnect);
        if (failure.get() != null) {
            throw failure.get();
        }
        return rate;
    }

    /** How fast the counter goes, after a while of warming up. */
    private static double rate(LongAdder counter) {
        LockSupport.parkNanos(WARM_UP.toNanos());
        long before = counter.sum();
        long start = System.nanoTime();
        while (System.nanoTime() - start < MEASURED.toNanos()) {
            LockSupport.parkNanos(MEASURED.toNanos() / 100);
        }
        return (counter.sum() - before) * 1e9 / (System.nanoTime() - start);
    }
}
