// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import edge.test.support.GatewayProcess;
import edge.test.support.Peers;
import edge.test.support.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartScriptTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void a_java_that_is_too_old_is_named_with_what_is_needed(@TempDir Path folder) throws Exception {
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));

        Program program = Program.start(folder.resolve("log"), Map.of("JAVA_HOME", folder.resolve("jdk").toString()),
            List.of(GatewayProcess.distribution().resolve("bin/edge-gateway").toString(), "--data",
                folder.resolve("data").toString()));

        assertThat(program.exitCode(PATIENCE)).isEqualTo(1);
        assertThat(program.output()).contains(java + " is Java 11; the gateway needs 17 or newer");
    }

    @Test
    void an_unknown_option_is_refused(@TempDir Path folder) {
        Program program = Program.start(folder.resolve("log"), Map.of(),
            List.of(GatewayProcess.distribution().resolve("bin/edge-gateway").toString(), "--dta", "x"));

        assertThat(program.exitCode(PATIENCE)).isEqualTo(1);
        assertThat(program.output()).contains("unknown option '--dta'");
    }

    @Test
    void a_second_gateway_on_the_same_data_directory_is_refused(@TempDir Path folder) throws Exception {
        try (GatewayProcess gateway = new GatewayProcess(folder.resolve("data"))) {
            gateway.start();

            Program second = Program.start(folder.resolve("second.log"), Map.of(),
                List.of(GatewayProcess.distribution().resolve("bin/edge-gateway").toString(), "--data",
                    gateway.data().toString()));

            assertThat(second.exitCode(PATIENCE)).isEqualTo(1);
            assertThat(second.output()).contains("another gateway is running on " + gateway.data());
            assertThat(gateway.get("/api/v1/gateway").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void it_stops_in_order_and_starts_again(@TempDir Path folder) throws Exception {
        try (GatewayProcess gateway = new GatewayProcess(folder.resolve("data"))) {
            gateway.start();
            // 128 + SIGTERM: the JVM ran its shutdown hooks.
            assertThat(gateway.stop()).isEqualTo(143);
            gateway.start();
            assertThat(gateway.log()).doesNotContain("Exception");
        }
    }

    @Test
    void the_cache_may_be_deleted_at_any_time(@TempDir Path folder) throws Exception {
        try (GatewayProcess gateway = new GatewayProcess(folder.resolve("data"))) {
            gateway.start();
            gateway.kill();
            try (var files = Files.walk(gateway.data().resolve("cache"))) {
                for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            gateway.start();
        }
    }

    @Test
    void the_distribution_also_runs_on_a_newer_java(@TempDir Path folder) throws Exception {
        Optional<Path> newer = Peers.java(24);
        assumeTrue(newer.isPresent(), "NOT RUN: there is no Java 24 or newer in /usr/lib/jvm");
        try (GatewayProcess gateway = new GatewayProcess(folder.resolve("data"))) {
            gateway.start(newer.get());
            assertThat(gateway.log()).doesNotContain("WARNING:").doesNotContain("Exception");
        }
    }
}
