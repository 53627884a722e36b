// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import edge.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * A gateway on which one driver is swapped again and again while all devices are heard on the local broker: a hundred tags of a
 * PLC by Modbus TCP every second, another PLC every 200 ms, one on a serial line every second, mocked GPIO lines and a driver
 * without hardware every second and every 200 ms.
 */
public final class SwapRun implements AutoCloseable {
    public static final String MODBUS = "edge.drivers.modbus";
    public static final String TCP = "plc";
    public static final String SERIAL = "line";

    private static final String FAST = "fast";
    private static final String OTHER = "acme.other";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** The leak guard waits for moments at which a collection costs no scan. */
    private static final Duration COLLECTED = Duration.ofMinutes(4);
    private static final List<Device> DEVICES = List.of(new Device(TCP, MODBUS, 1), new Device(FAST, MODBUS, 0.2),
        new Device(SERIAL, MODBUS, 1), new Device("panel", "edge.drivers.gpio", 1),
        new Device("switches", "edge.drivers.gpio", 0.2), new Device("witness", "acme.witness", 0.2),
        new Device("slow", "acme.slow", 1), new Device("other", OTHER, 0.2));

    private final List<AutoCloseable> open = new ArrayList<>();
    private final GatewayProcess gateway;
    private final Deployments deployments;
    private final Random random = new Random(3);
    private int version;

    private record Device(String name, String driver, double periodSeconds) {
    }

    /**
     * @param swapped the devices of the swapped driver
     * @param others all others
     * @param overruns scans that the gateway itself counted as not begun in time, of the others
     * @param before the process when it was warm
     * @param after the process at the end
     */
    public record Result(int swaps, List<ScanEar.Heard> swapped, List<ScanEar.Heard> others, long overruns, Footprint before,
                         Footprint after) {

        public ScanEar.Heard of(String device) {
            return swapped.stream().filter(one -> one.device().equals(device)).findFirst().orElseThrow();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(swaps + " swaps\n");
            swapped.forEach(one -> text.append("  swapped ").append(one).append('\n'));
            others.forEach(one -> text.append("  other ").append(one).append('\n'));
            return text.append("  overruns of the others: ").append(overruns).append("\n  before: ").append(before)
                .append("\n  after:  ").append(after).append('\n').toString();
        }
    }

    /** Starts it all and returns when each device delivers. */
    public SwapRun(Path folder) throws Exception {
        try {
            Plc plc = keep(new Plc(folder));
            SerialPlc line = keep(new SerialPlc(folder));
            gateway = keep(new GatewayProcess(folder.resolve("data")));
            gateway.configure(MODBUS + "~" + TCP, tcp(plc, 100, 1000));
            gateway.configure(MODBUS + "~" + FAST, tcp(plc, 5, 200));
            gateway.configure(MODBUS + "~" + SERIAL, "{\"transport\": \"rtu\", \"serialPort\": \"" + line.port()
                + "\", \"baudRate\": 115200, \"parity\": \"none\", \"stopBits\": 1, \"unit\": 1, \"timeout\": 5000, \"tags\": ["
                + tags(20, 1000) + "]}");
            gateway.configure("edge.drivers.gpio~panel", lines(1000));
            gateway.configure("edge.drivers.gpio~switches", lines(200));
            gateway.start();
            deployments = new Deployments(gateway);
            install(() -> new DriverJar("acme.witness", "1.0.0").bytes());
            install(() -> new DriverJar("acme.slow", "1.0.0").header("X-Period", "1000").bytes());
            install(() -> new DriverJar(OTHER, "1.0.0").bytes());
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T keep(T one) {
        open.add(0, one);
        return one;
    }

    private static String tcp(Plc plc, int tags, int period) {
        return "{\"host\": \"127.0.0.1\", \"port\": " + plc.port() + ", \"unit\": 1, \"timeout\": 5000, \"tags\": ["
            + tags(tags, period) + "]}";
    }

    private static String tags(int count, int period) {
        StringBuilder tags = new StringBuilder();
        for (int i = 0; i < count; i++) {
            tags.append(i == 0 ? "" : ", ").append("{\"name\": \"t").append(i).append("\", \"table\": \"holding\", \"address\": ")
                .append(i).append(", \"type\": \"uint16\", \"period\": ").append(period).append('}');
        }
        return tags.toString();
    }

    private static String lines(int period) {
        return "{\"provider\": \"mock\", \"lines\": [{\"name\": \"t0\", \"line\": " + period
            + ", \"direction\": \"in\", \"period\": " + period + "}]}";
    }

    /** Swaps the Modbus driver, which all three PLCs are read with. */
    public Result swapModbus(int swaps) throws Exception {
        return swap(MODBUS, swaps, 900, () -> version("0.7." + version++));
    }

    /** Swaps a driver beside it: no PLC may notice. */
    public Result swapAnother(int swaps) throws Exception {
        return swap(OTHER, swaps, 400, () -> new DriverJar(OTHER, "1.1." + version++).bytes());
    }

    @FunctionalInterface
    private interface Jar {
        byte[] next() throws IOException;
    }

    private Result swap(String driver, int swaps, int pauseMillis, Jar jar) throws Exception {
        long told = toldByLeakGuard(driver);
        int warmUp = Math.min(5, swaps);
        for (int i = 0; i < warmUp; i++) {
            install(jar);
        }
        Footprint before = Footprint.of(gateway.pid());
        List<ScanEar> swapped = new ArrayList<>();
        List<ScanEar> others = new ArrayList<>();
        long overruns = overruns(driver);
        MqttClient client = new MqttClient("tcp://127.0.0.1:" + gateway.mqttPort(), "ear", new MemoryPersistence());
        try {
            client.connect(Cloud.options(GatewayProcess.MACHINE, GatewayProcess.SECRET));
            for (Device device : DEVICES) {
                (device.driver().equals(driver) ? swapped : others)
                    .add(ScanEar.on(client, device.name(), device.periodSeconds()));
            }
            hearAgain(swapped);
            hearAgain(others);
            for (int i = 0; i < swaps; i++) {
                install(jar);
                hearAgain(swapped);
                LockSupport.parkNanos(random.nextInt(pauseMillis * 1_000_000));
            }
            Until.holds(COLLECTED, "the leak guard's word on each swap", gateway::log,
                () -> toldByLeakGuard(driver) >= told + warmUp + swaps);
            hearAgain(others);
        } finally {
            client.disconnectForcibly(100, 100);
            client.close();
        }
        return new Result(swaps, swapped.stream().map(ear -> ear.heard(swaps)).toList(), others.stream().map(ear -> ear.heard(swaps)).toList(),
            overruns(driver) - overruns, before, after(before));
    }

    /** When what is left of a busy moment has gone, but not after a minute. */
    private Footprint after(Footprint before) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        Footprint now = Footprint.of(gateway.pid());
        while (!now.isFlat(before) && System.nanoTime() - deadline < 0) {
            now = Footprint.of(gateway.pid());
        }
        return now;
    }

    private void install(Jar jar) throws Exception {
        Json.Obj report = deployments.install(0, jar.next());
        if (!report.text("outcome").equals("done")) {
            throw new IllegalStateException(report.text("detail", ""));
        }
    }

    /** Versions that were replaced and are let go. */
    private long toldByLeakGuard(String driver) {
        return gateway.log().lines().filter(line -> line.contains("The old classes of " + driver + " ")).count();
    }

    private void hearAgain(List<ScanEar> ears) {
        List<Integer> heard = ears.stream().map(ScanEar::scans).toList();
        Until.holds(PATIENCE, "a good scan of each device", gateway::log, () -> {
            for (int i = 0; i < heard.size(); i++) {
                if (ears.get(i).scans() == heard.get(i)) {
                    return false;
                }
            }
            return true;
        });
    }

    private long overruns(String exceptDriver) throws Exception {
        long overruns = 0;
        for (Device device : DEVICES) {
            if (!device.driver().equals(exceptDriver)) {
                for (Json scan : gateway.json("/api/v1/devices/" + device.name()).asObject().get("scans").asArray()) {
                    overruns += scan.asObject().integer("overruns", 0, Long.MAX_VALUE);
                }
            }
        }
        return overruns;
    }

    /** The shipped driver as another version. */
    public static byte[] version(String version) throws IOException {
        Path shipped = GatewayProcess.distribution().resolve("bundles/" + MODBUS + ".jar");
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        try (JarFile jar = new JarFile(shipped.toFile())) {
            Manifest manifest = jar.getManifest();
            manifest.getMainAttributes().putValue("Bundle-Version", version);
            try (JarOutputStream out = new JarOutputStream(made, manifest)) {
                for (JarEntry entry : jar.stream().filter(one -> !one.getName().equals(JarFile.MANIFEST_NAME)).toList()) {
                    out.putNextEntry(new JarEntry(entry.getName()));
                    try (InputStream in = jar.getInputStream(entry)) {
                        in.transferTo(out);
                    }
                }
            }
        }
        return made.toByteArray();
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }
}
