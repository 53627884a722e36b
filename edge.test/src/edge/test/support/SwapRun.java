// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import edge.json.Json;
import edge.json.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * Swaps the Modbus driver again and again while it polls a hundred tags of a PLC once a second, and another driver's device
 * beside it. Both devices are heard on the local broker.
 */
public final class SwapRun {
    public static final String DRIVER = "edge.drivers.modbus";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double PERIOD_SECONDS = 1;
    private static final double WITNESS_PERIOD_SECONDS = 1;

    private SwapRun() {
    }

    /**
     * @param missed scan periods that the swapped device missed at each swap, in order
     * @param witnessMissed scan periods that the other device missed in the whole run
     * @param pauses messages that told the pause by their quality
     * @param before the process when it was warm
     * @param after the process at the end
     */
    public record Result(List<Double> missed, long witnessMissed, long witnessScans, long pauses, Process before,
                         Process after) {

        public double worst() {
            return missed.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        }

        public double median() {
            List<Double> sorted = missed.stream().sorted().toList();
            return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
        }
    }

    /** What the operating system and the JVM tell about the gateway. */
    public record Process(int threads, int handles, long metaspaceKilobytes, long classes) {

        static Process of(long pid) throws Exception {
            int threads = 0;
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                threads = line.startsWith("Threads:") ? Integer.parseInt(line.replaceAll("[^0-9]", "")) : threads;
            }
            int handles;
            try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                handles = (int) open.count();
            }
            jdk("jcmd", Long.toString(pid), "GC.run");
            String[] gc = jdk("jstat", "-gc", Long.toString(pid)).lines().skip(1).findFirst().orElseThrow().trim().split("\\s+");
            String[] heads = jdk("jstat", "-gc", Long.toString(pid)).lines().findFirst().orElseThrow().trim().split("\\s+");
            String[] classes = jdk("jstat", "-class", Long.toString(pid)).lines().skip(1).findFirst().orElseThrow().trim()
                .split("\\s+");
            long used = 0;
            for (int i = 0; i < heads.length; i++) {
                used = heads[i].equals("MU") ? Math.round(Double.parseDouble(gc[i])) : used;
            }
            return new Process(threads, handles, used, Long.parseLong(classes[0]) - Long.parseLong(classes[2]));
        }

        private static String jdk(String tool, String... arguments) throws Exception {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()));
            Collections.addAll(command, arguments);
            java.lang.Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(20, TimeUnit.SECONDS);
            return text;
        }
    }

    /** Good scans of one device, by their times, and how many messages told of a pause. */
    private static final class Ear {
        private final List<Instant> good = Collections.synchronizedList(new ArrayList<>());
        private volatile long pauses;

        private void hear(byte[] payload) {
            try {
                Json.Obj scan = JsonParser.parse(new String(payload, StandardCharsets.UTF_8)).asObject();
                boolean bad = scan.get("tags").asObject().members().values().stream()
                    .anyMatch(tag -> ((Json.Obj) tag).has("quality"));
                if (bad) {
                    pauses++;
                } else {
                    good.add(Instant.parse(scan.text("time")));
                }
            } catch (edge.json.JsonException e) {
                throw new IllegalStateException(e);
            }
        }

        private List<Double> gaps(double period) {
            List<Instant> times = List.copyOf(good);
            List<Double> gaps = new ArrayList<>();
            for (int i = 1; i < times.size(); i++) {
                gaps.add(Math.max(0, Duration.between(times.get(i - 1), times.get(i)).toNanos() / 1e9 / period - 1));
            }
            return gaps;
        }
    }

    public static Result run(Path folder, int swaps) throws Exception {
        try (Plc plc = new Plc(folder); GatewayProcess gateway = new GatewayProcess(folder.resolve("data"))) {
            StringBuilder tags = new StringBuilder("{\"name\": \"count\", \"table\": \"holding\", \"address\": 0, \"type\":"
                + " \"uint16\", \"period\": 1000}");
            for (int i = 1; i < 100; i++) {
                tags.append(", {\"name\": \"t").append(i).append("\", \"table\": \"holding\", \"address\": ").append(i)
                    .append(", \"type\": \"uint16\", \"period\": 1000}");
            }
            gateway.configure(DRIVER + "~plc", "{\"host\": \"127.0.0.1\", \"port\": " + plc.port()
                + ", \"unit\": 1, \"timeout\": 1000, \"tags\": [" + tags + "]}");
            gateway.start();
            Deployments deployments = new Deployments(gateway);
            deployments.install(0, new DriverJar("acme.witness", "1.0.0").header("X-Period", "1000").bytes());
            Until.holds(PATIENCE, "values", gateway::log, () -> deployments.isGood("witness")
                && gateway.json("/api/v1/devices/plc/tags/count").asObject().text("quality", "good").equals("good"));
            return swap(gateway, deployments, swaps);
        }
    }

    private static Result swap(GatewayProcess gateway, Deployments deployments, int swaps) throws Exception {
        Ear swapped = new Ear();
        Ear witness = new Ear();
        Random random = new Random(3);
        try (MqttClient client = new MqttClient("tcp://127.0.0.1:" + gateway.mqttPort(), "ear", new MemoryPersistence())) {
            client.connect(Cloud.options(GatewayProcess.MACHINE, GatewayProcess.SECRET));
            client.subscribe("edge/v1/plc", 0, (topic, message) -> swapped.hear(message.getPayload()));
            client.subscribe("edge/v1/witness", 0, (topic, message) -> witness.hear(message.getPayload()));
            Process before = null;
            for (int i = 0; i < swaps; i++) {
                if (i == Math.min(10, swaps / 2)) {
                    before = Process.of(gateway.pid());
                }
                Json.Obj report = deployments.install(0, version("0.7." + i));
                if (!report.text("outcome").equals("done")) {
                    throw new IllegalStateException("swap " + i + ": " + report.text("detail", ""));
                }
                int heard = swapped.good.size();
                Until.holds(PATIENCE, "a good scan after swap " + i, gateway::log, () -> swapped.good.size() > heard);
                LockSupport.parkNanos(random.nextInt(900_000_000));
            }
            Thread.sleep(8_000); // the leak guard needs its collections
            Process after = Process.of(gateway.pid());
            client.disconnectForcibly(100, 100);
            List<Double> gaps = swapped.gaps(PERIOD_SECONDS);
            long missed = witness.gaps(WITNESS_PERIOD_SECONDS).stream().mapToLong(gap -> Math.round(gap)).sum();
            return new Result(gaps, missed, witness.good.size(), swapped.pauses, before, after);
        }
    }

    /** The shipped driver as another version. */
    public static byte[] version(String version) throws IOException {
        Path shipped = GatewayProcess.distribution().resolve("bundles/" + DRIVER + ".jar");
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
}
