// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import edge.api.device.LinkState;
import edge.drivers.modbus.client.Failure;
import edge.drivers.modbus.client.Link;
import edge.drivers.modbus.client.LinkSettings;
import edge.drivers.modbus.client.ModbusClient;
import edge.drivers.modbus.client.ResponseHandler;
import edge.drivers.modbus.codec.Request;
import edge.drivers.modbus.codec.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** A client that reads 100 holding registers over and over on some connections, each as soon as the last answer is there. */
abstract class ModbusLoad implements AutoCloseable {

    private static final int REGISTERS = 100;

    final LongAdder answered = new LongAdder();
    final AtomicReference<String> failure = new AtomicReference<>();

    long answered() {
        if (failure.get() != null) {
            throw new IllegalStateException("a request failed: " + failure.get());
        }
        return answered.sum();
    }

    @Override
    public abstract void close() throws Exception;

    /**
     * The product's client: one thread for all connections.
     *
     * @param inFlight how many requests wait for an answer at a time on each connection
     */
    static ModbusLoad own(int port, int connections, int inFlight) throws Exception {
        return new Own(port, connections, inFlight);
    }

    /** j2mod as its documentation has it: one master and one thread for each connection. */
    static ModbusLoad j2mod(int port, int connections) throws Exception {
        return new J2mod(port, connections);
    }

    /** A selector loop that sends the same bytes again whenever an answer's last byte is there: no client can do less. */
    static ModbusLoad bare(int port, int connections) throws Exception {
        return new BareLoop(port, connections);
    }

    private static final class BareLoop extends ModbusLoad {
        private static final byte[] REQUEST = {0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, REGISTERS};
        private static final int ANSWER = 9 + 2 * REGISTERS;

        private final Selector selector = Selector.open();
        private final ByteBuffer out = ByteBuffer.allocateDirect(REQUEST.length).put(REQUEST);
        private final Thread thread = new Thread(this::run, "bare-loop");

        BareLoop(int port, int connections) throws Exception {
            for (int i = 0; i < connections; i++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocateDirect(2 * ANSWER));
                channel.write(out.rewind());
            }
            thread.start();
        }

        private void run() {
            try {
                while (selector.isOpen()) {
                    selector.select(this::read);
                }
            } catch (IOException | UncheckedIOException e) {
                failure.compareAndSet(null, e.toString());
            } catch (ClosedSelectorException e) {
                // That is how it ends.
            }
        }

        private void read(SelectionKey key) {
            try {
                ByteBuffer in = (ByteBuffer) key.attachment();
                SocketChannel channel = (SocketChannel) key.channel();
                channel.read(in);
                if (in.position() == ANSWER) {
                    in.clear();
                    answered.increment();
                    channel.write(out.rewind());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws Exception {
            List<SelectionKey> keys = List.copyOf(selector.keys());
            selector.close();
            thread.join();
            for (SelectionKey key : keys) {
                key.channel().close();
            }
        }
    }

    private static final class Own extends ModbusLoad {
        private static final Duration TIMEOUT = Duration.ofSeconds(3);

        private final ModbusClient client = new ModbusClient();

        Own(int port, int connections, int inFlight) throws Exception {
            LinkSettings defaults = LinkSettings.DEFAULT;
            LinkSettings settings = new LinkSettings(defaults.connectTimeout(), inFlight, defaults.maxQueued(),
                defaults.reconnectMin(), defaults.reconnectMax());
            for (int i = 0; i < connections; i++) {
                new Reader(client, port, settings);
            }
        }

        @Override
        public void close() {
            client.close();
        }

        private final class Reader implements ResponseHandler {
            private final Request request = Request.read(1, Table.HOLDING, 0, REGISTERS);
            private final Link link;

            private final int inFlight;

            Reader(ModbusClient client, int port, LinkSettings settings) {
                inFlight = settings.maxInFlight();
                link = client.openExclusive("127.0.0.1", port, settings, this::changed);
            }

            private void changed(LinkState state) {
                if (state.phase() == LinkState.Phase.CONNECTED) {
                    for (int i = 0; i < inFlight; i++) {
                        link.submit(request, TIMEOUT, this);
                    }
                }
            }

            @Override
            public void answered(Request answeredRequest, ByteBuffer data, int start) {
                answered.increment();
                link.submit(request, TIMEOUT, this);
            }

            @Override
            public void failed(Request failedRequest, Failure why) {
                if (why.reason() != edge.api.device.Quality.Reason.PAUSED) {
                    failure.compareAndSet(null, why.text());
                }
            }
        }
    }

    private static final class J2mod extends ModbusLoad {
        private final List<Thread> threads = new ArrayList<>();
        private final List<ModbusTCPMaster> masters = new ArrayList<>();
        private volatile boolean stopped;

        J2mod(int port, int connections) throws Exception {
            for (int i = 0; i < connections; i++) {
                ModbusTCPMaster master = new ModbusTCPMaster("127.0.0.1", port);
                master.connect();
                masters.add(master);
                Thread thread = new Thread(() -> read(master), "j2mod-" + i);
                threads.add(thread);
                thread.start();
            }
        }

        private void read(ModbusTCPMaster master) {
            try {
                while (!stopped) {
                    master.readMultipleRegisters(1, 0, REGISTERS);
                    answered.increment();
                }
            } catch (ModbusException e) {
                failure.compareAndSet(null, e.toString());
            }
        }

        @Override
        public void close() throws Exception {
            stopped = true;
            for (Thread thread : threads) {
                thread.join();
            }
            masters.forEach(ModbusTCPMaster::disconnect);
        }
    }
}
