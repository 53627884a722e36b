// SPDX-License-Identifier: Apache-2.0
package edge.test.support;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the operating system and the JVM tell about a process, after a collection.
 *
 * @param heapKilobytes of objects that live
 * @param residentKilobytes of memory that the process occupies
 */
public record Footprint(int threads, int handles, long heapKilobytes, long metaspaceKilobytes, long classes,
                        long residentKilobytes) {

    public static Footprint of(long pid) throws Exception {
        collect(pid);
        Map<String, Double> memory = table(jdk("jstat", "-gc", Long.toString(pid)));
        String[] classes = jdk("jstat", "-class", Long.toString(pid)).lines().skip(1).findFirst().orElseThrow().trim()
            .split("\\s+");
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return new Footprint((int) status(pid, "Threads:"), (int) open.count(),
                Math.round(memory.get("S0U") + memory.get("S1U") + memory.get("EU") + memory.get("OU")),
                Math.round(memory.get("MU")), Long.parseLong(classes[0]) - Long.parseLong(classes[2]), status(pid, "VmRSS:"));
        }
    }

    /** Has the JVM collect its whole heap. */
    public static void collect(long pid) throws Exception {
        jdk("jcmd", Long.toString(pid), "GC.run");
    }

    /** Whether it is no more than before, but for what comes and goes. */
    public boolean isFlat(Footprint before) {
        return threads <= before.threads + 4 && handles <= before.handles + 6
            && metaspaceKilobytes < before.metaspaceKilobytes * 106 / 100 && heapKilobytes < before.heapKilobytes + 6_000;
    }

    private static long status(long pid, String name) throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
    }

    private static Map<String, Double> table(String text) {
        List<String> lines = text.lines().toList();
        String[] heads = lines.get(0).trim().split("\\s+");
        String[] values = lines.get(1).trim().split("\\s+");
        Map<String, Double> table = new HashMap<>();
        for (int i = 0; i < heads.length; i++) {
            if (values[i].matches("[0-9.]+")) {
                table.put(heads[i], Double.parseDouble(values[i]));
            }
        }
        return table;
    }

    private static String jdk(String tool, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()));
        Collections.addAll(command, arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(20, TimeUnit.SECONDS);
        return text;
    }

    @Override
    public String toString() {
        return threads + " threads, " + handles + " handles, " + heapKilobytes + " kB of heap, " + metaspaceKilobytes
            + " kB of metaspace, " + classes + " classes, " + residentKilobytes + " kB resident";
    }
}
