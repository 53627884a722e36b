// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.client;

import static org.assertj.core.api.Assertions.assertThat;

import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import edge.drivers.modbus.server.ArrayMemory;
import edge.drivers.modbus.server.ModbusServer;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThroughputTest {
    private static final int CONNECTIONS = 32;
    private static final int REQUESTS = 500;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Asks for the registers at its own address again and again and looks at each answer. */
    private static final class Asker implements ResponseHandler {
        private final Link link;
        private final Request request;
        private final CountDownLatch done;
        private final AtomicInteger wrong;
        private int left = REQUESTS;

        Asker(Link link, int address, CountDownLatch done, AtomicInteger wrong) {
            this.link = link;
            this.request = Request.read(1, Table.HOLDING, address, 100);
            this.done = done;
            this.wrong = wrong;
        }

        void ask() {
            link.submit(request, TIMEOUT, this);
        }

        @Override
        public void answered(Request answered, ByteBuffer data, int start) {
            for (int i = 0; i < 100; i++) {
                if (data.getShort(start + 2 * i) != answered.address() + i) {
                    wrong.incrementAndGet();
                }
            }
            if (--left > 0) {
                ask();
            } else {
                done.countDown();
            }
        }

        @Override
        public void failed(Request failed, Failure failure) {
            wrong.incrementAndGet();
            done.countDown();
        }
    }

    @Test
    void many_connections_share_one_thread_get_their_own_values_and_leave_little_garbage() throws Exception {
        ArrayMemory memory = new ArrayMemory(10_000);
        for (int i = 0; i < 10_000; i++) {
            memory.set(Table.HOLDING, i, i);
        }
        CountDownLatch done = new CountDownLatch(CONNECTIONS);
        AtomicInteger wrong = new AtomicInteger();
        try (ModbusServer server = new ModbusServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), memory,
            CONNECTIONS); ModbusClient client = new ModbusClient()) {
            long before = allocated();
            for (int i = 0; i < CONNECTIONS; i++) {
                Link link = client.openExclusive("127.0.0.1", server.port(), LinkSettings.DEFAULT, state -> { });
                new Asker(link, 10 * i, done, wrong).ask();
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(wrong).hasValue(0);
            assertThat(server.connections()).isEqualTo(CONNECTIONS);
            assertThat((allocated() - before) / (CONNECTIONS * REQUESTS)).as("bytes a request").isLessThan(500);
        }
    }

    private static long allocated() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (java.lang.management.ThreadInfo thread : threads.dumpAllThreads(false, false)) {
            if (thread.getThreadName().equals("edge-modbus")) {
                return threads.getThreadAllocatedBytes(thread.getThreadId());
            }
        }
        throw new AssertionError("there is no thread edge-modbus");
    }
}
