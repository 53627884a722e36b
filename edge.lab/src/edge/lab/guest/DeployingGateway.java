// SPDX-License-Identifier: Apache-2.0
package edge.lab.guest;

import edge.json.Json;
import edge.test.support.Deployments;
import edge.test.support.DriverJar;
import edge.test.support.GatewayProcess;
import edge.test.support.Until;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Runs the distribution and deploys a driver together with a configuration, again and again as the next version, until somebody
 * cuts the power; and looks afterwards which version is in force.
 *
 * <p>{@code check FOLDER n}: starts the gateway on that data directory, waits until it is well and prints {@code FOUND m}, the
 * version in force: of the bundle, of its configuration and of the values that it delivers alike. Prints what is between two
 * versions instead, and fails, if they differ. {@code write FOLDER n}: the same, and then goes on with the next versions and
 * prints {@code ACK n} for each that was reported as done. The number n is not needed: the caller compares.
 */
public final class DeployingGateway {
    private static final String BUNDLE = "acme.victim";
    private static final String SETTINGS = "acme.settings";
    private static final int WEB = 9443;
    private static final int MQTT = 1883;
    /** An emulated processor is slow. */
    private static final Duration START = Duration.ofMinutes(10);
    private static final Duration VALUES = Duration.ofMinutes(2);

    private final GatewayProcess gateway;
    private final Deployments deployments;
    private final PrintStream out;

    private DeployingGateway(Path data, PrintStream out) throws Exception {
        this.gateway = new GatewayProcess(data, WEB, MQTT);
        this.deployments = new Deployments(gateway);
        this.out = out;
        // The marker tells that the preparation is whole; it is the test's own and must not be torn by the cut.
        Path prepared = data.resolveSibling("prepared");
        if (!Files.exists(prepared)) {
            gateway.prepare();
            gateway.sendTo("nobody", 9); // streams are written to the journal meanwhile
            sync();
            Files.createFile(prepared);
            sync();
        }
    }

    public static void main(String... arguments) throws Exception {
        // Unbuffered: the cut is timed by these lines.
        PrintStream out = new PrintStream(System.out, true);
        DeployingGateway guest = new DeployingGateway(Path.of(arguments[1]), out);
        guest.gateway.start(Path.of(System.getProperty("java.home")), START);
        try {
            int version = guest.versionInForce();
            out.println("FOUND " + version);
            if (arguments[0].equals("write")) {
                guest.deployFrom(version);
            }
        } finally {
            guest.gateway.close();
        }
    }

    private static void sync() throws IOException, InterruptedException {
        new ProcessBuilder("sync").inheritIO().start().waitFor();
    }

    private int versionInForce() throws Exception {
        Until.holds(VALUES, "a journal and a broker that work", this::state, () -> {
            Json.Obj health = gateway.json("/api/v1/health").asObject();
            return health.get("items").asArray().stream().noneMatch(DeployingGateway::isCritical);
        });
        Path generations = gateway.data().resolve("generations");
        if (Files.exists(generations.resolve("attempt.json"))) {
            throw new AssertionError("an attempt is left");
        }
        try (Stream<Path> jars = Files.list(generations.resolve("jars"))) {
            if (jars.anyMatch(jar -> jar.getFileName().toString().startsWith("."))) {
                throw new AssertionError("a part of a jar is left");
            }
        }
        Path settings = gateway.data().resolve("etc/" + SETTINGS + ".cfg.json");
        if (gateway.get("/api/v1/bundles/" + BUNDLE).statusCode() == 404) {
            if (Files.exists(settings)) {
                throw new AssertionError("there is a configuration without its bundle: " + Files.readString(settings));
            }
            return 0;
        }
        Until.holds(VALUES, "good values", this::state, () -> deployments.isGood("victim"));
        String version = deployments.version(BUNDLE);
        if (!Files.readString(settings).contains("\"" + version + "\"")) {
            throw new AssertionError("the bundle is " + version + ", its configuration " + Files.readString(settings));
        }
        return Integer.parseInt(version.substring(version.lastIndexOf('.') + 1));
    }

    private static boolean isCritical(Json part) {
        try {
            return part.asObject().text("status").equals("critical");
        } catch (edge.json.JsonException e) {
            throw new AssertionError(e);
        }
    }

    private String state() {
        try {
            return gateway.get("/api/v1/health").body() + "\n" + gateway.log();
        } catch (IOException e) {
            return e + "\n" + gateway.log();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return gateway.log();
        }
    }

    /** The version that is in force counts as acknowledged: the first cut may hit the first deployment. */
    private void deployFrom(int inForce) throws Exception {
        out.println("ACK " + inForce);
        for (int n = inForce + 1; true; n++) {
            String version = "1.0." + n;
            Json.Obj report = deployments.apply(1, Deployments.install(deployments.upload(new DriverJar(BUNDLE, version).bytes()))
                + ", {\"action\": \"configure\", \"pid\": \"" + SETTINGS + "\", \"configuration\": {\"for\": \"" + version + "\"}}");
            // A machine as slow as an emulated one may fail a probation: then the old version stays, and the next one is tried.
            out.println((report.text("outcome").equals("done") ? "ACK " : report.text("detail", "") + ' ') + n);
        }
    }
}
