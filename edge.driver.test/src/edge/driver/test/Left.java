// SPDX-License-Identifier: Apache-2.0
package edge.driver.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a process holds that a driver could leave behind. */
record Left(Set<Thread> threads, long descriptors) {

    private static final Path OPEN = Path.of("/proc/self/fd");

    static Left now() {
        return new Left(Thread.getAllStackTraces().keySet(), open());
    }

    /** -1 where there is no proc file system. */
    private static long open() {
        try (Stream<Path> files = Files.list(OPEN)) {
            return files.count();
        } catch (IOException e) {
            return -1;
        }
    }

    /** Names of living threads that were not there before and belong to nobody else. */
    Set<String> newThreadsSince(Left before, Set<String> shared) {
        return threads.stream().filter(thread -> !before.threads().contains(thread) && thread.isAlive())
            .map(Thread::getName).filter(name -> shared.stream().noneMatch(name::startsWith))
            .collect(Collectors.toUnmodifiableSet());
    }
}
