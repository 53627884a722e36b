// SPDX-License-Identifier: Apache-2.0
package edge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux tells about a process, from /proc (proc(5)). */
final class ProcessFigures {

    /** Clock ticks a second: USER_HZ, 100 on every Linux architecture that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private ProcessFigures() {
    }

    /** User and system time that the process and those that it has started have used, in seconds. */
    static double cpuSeconds(long pid) throws IOException {
        double seconds = ownCpuSeconds(pid);
        for (long child : descendants(pid)) {
            seconds += ownCpuSeconds(child);
        }
        return seconds;
    }

    // The gateway's program is its supervisor; the JVM is below it.
    private static long[] descendants(long pid) {
        return ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants).mapToLong(ProcessHandle::pid).toArray();
    }

    /** User and system time that the process alone has used, in seconds. */
    static double ownCpuSeconds(long pid) throws IOException {
        if (!Files.exists(Path.of("/proc", Long.toString(pid)))) {
            return 0; // ended just now
        }
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The command's name may contain blanks: fields are counted from behind its closing parenthesis.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Resident memory of the process and those that it has started, in MB (1,048,576 bytes). */
    static double residentMegabytes(long pid) throws IOException {
        double megabytes = ownResidentMegabytes(pid);
        for (long child : descendants(pid)) {
            megabytes += ownResidentMegabytes(child);
        }
        return megabytes;
    }

    private static double ownResidentMegabytes(long pid) throws IOException {
        if (!Files.exists(Path.of("/proc", Long.toString(pid)))) {
            return 0; // ended just now
        }
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
            }
        }
        throw new IOException("no VmRSS for process " + pid);
    }
}
