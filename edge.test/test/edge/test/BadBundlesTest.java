// SPDX-License-Identifier: Apache-2.0
package edge.test;

import static org.assertj.core.api.Assertions.assertThat;

import edge.json.Json;
import edge.test.support.Deployments;
import edge.test.support.DriverJar;
import edge.test.support.Footprint;
import edge.test.support.GatewayProcess;
import edge.test.support.Pki;
import edge.test.support.Until;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every way in which a bundle can be bad, tried on a running gateway with a driver that worked before and with another one
 * that must not notice. What happened is written to {@code out/bad-bundles.md}: {@code docs/reference/bad-bundles.md} is that
 * file, from one run of all of them.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BadBundlesTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String VICTIM = "acme.victim";
    private static final Path WORKSPACE = Path.of(System.getProperty("edge.workspace"));
    private static final Path PAGE = WORKSPACE.resolve("docs/reference/bad-bundles.md");
    /** What separates the head of the page's table from its rows. */
    private static final String RULE = "|---|---|---|---|---|";
    private static final List<String> TABLE = new ArrayList<>();
    /** How many scans the other driver makes in a second. */
    private static final int WITNESSED = 5;

    @TempDir
    static Path folder;
    private static GatewayProcess gateway;
    private static Deployments deployments;

    @BeforeAll
    static void start() throws Exception {
        gateway = new GatewayProcess(folder.resolve("data"));
        gateway.start();
        deployments = new Deployments(gateway);
        Json.Obj report = deployments.apply(0, Deployments.install(deployments.upload(victim("1.0.0").bytes())) + ", "
            + Deployments.install(deployments.upload(new DriverJar("acme.witness", "1.0.0").bytes())));
        assertThat(report.text("outcome")).as(report.text("detail", "")).isEqualTo("done");
        Until.holds(PATIENCE, "good values", gateway::log, () -> deployments.isGood("victim") && deployments.isGood("witness"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** Runs last, and knows the rows of all tests. */
    @Test
    @Order(Integer.MAX_VALUE)
    void the_page_tells_what_happened_here_no_more_and_no_less() throws IOException {
        List<String> page = Files.readAllLines(PAGE);
        int first = page.indexOf(RULE) + 1;
        List<String> fresh = new ArrayList<>(page.subList(0, first));
        fresh.addAll(TABLE.stream().sorted().toList());
        Files.write(WORKSPACE.resolve("out/bad-bundles.md"), fresh);

        assertThat(kinds(page.subList(first, page.size())))
            .as("%s does not say what happened here: if it is right, copy out/bad-bundles.md there", PAGE)
            .containsExactlyInAnyOrderElementsOf(kinds(TABLE));
    }

    /** Which kind of bundle, and what became of it: the rest of a row differs from run to run. */
    private static List<String> kinds(List<String> rows) {
        return rows.stream().map(row -> row.split(" \\| ")[0] + ": " + row.split(" \\| ")[1]).toList();
    }

    @BeforeEach
    void everythingWorks() {
        oldOneWorks();
    }

    private static DriverJar victim(String version) {
        return new DriverJar(VICTIM, version);
    }

    /** Scans of the device: completed, and skipped because one before was not done. */
    private static long[] scans(String device) throws Exception {
        Json.Obj scan = gateway.json("/api/v1/devices/" + device).asObject().get("scans").asArray().get(0).asObject();
        return new long[] {scan.integer("completed", 0, Long.MAX_VALUE), scan.integer("overruns", 0, Long.MAX_VALUE)};
    }

    private static void oldOneWorks() {
        Until.holds(PATIENCE, "the old one's values", gateway::log,
            () -> deployments.version(VICTIM).equals("1.0.0") && deployments.isGood("victim") && deployments.isGood("witness"));
    }

    private static void row(String what, Json.Obj report, String missed) throws Exception {
        StringBuilder detail = new StringBuilder(report.text("detail", ""));
        for (Json finding : report.get("findings").asArray()) {
            detail.append(' ').append(finding.asText());
        }
        TABLE.add("| " + what + " | " + report.text("outcome") + " | " + report.integer("tookMillis", 0, Long.MAX_VALUE)
            + " ms | " + missed + " | " + detail.toString().strip().replace("|", "\\|") + " |");
    }

    /** Deploys it and sees to it that nothing but the reason is left. */
    private static void isTurnedAway(String what, String outcome, byte[] jar, String... words) throws Exception {
        Witness witness = new Witness();
        Json.Obj report = deployments.install(4, jar);
        String missed = witness.missed();

        assertThat(report.text("outcome")).as(report.text("detail", "")).isEqualTo(outcome);
        assertThat(report.text("detail")).contains(words);
        assertThat(report.get("findings").toString()).doesNotContain("restarted");
        oldOneWorks();
        row(what, report, missed);
    }

    /** Looks at the other driver while something is done. */
    private static final class Witness {
        private final long[] before = scans("witness");
        private final long start = System.nanoTime();

        Witness() throws Exception {
        }

        /**
         * What it missed, for the table. Where bad bundles stopped it, it would have missed nearly everything; a machine that is busy
         * with other work may cost it a part.
         */
        String missed() throws Exception {
            double expected = (System.nanoTime() - start) / 1e9 * WITNESSED;
            long[] after = scans("witness");
            long completed = after[0] - before[0];
            assertThat(completed).as("scans of the other driver meanwhile").isGreaterThanOrEqualTo(Math.round(expected / 2) - 4);
            return after[1] - before[1] + " of " + completed;
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "throws in activate, throw, no licence for this plant",
        "activates but never delivers, silent, delivers 0 good tags",
        "halves the tag rate, half, readings a second",
        "leaks threads, threads, more threads than before",
        "leaks sockets, sockets, more open files and sockets",
        })
    void a_bundle_that_does_not_work_is_rolled_back(String what, String mode, String reason) throws Exception {
        isTurnedAway(what, "rolled-back", victim("2.0.0").mode(mode).bytes(), reason);
    }

    @Test
    void a_bundle_that_blocks_in_activate_is_rolled_back() throws Exception {
        isTurnedAway("blocks in activate", "rolled-back", victim("2.0.0").mode("block").bytes(), "did not start within 20 s",
            "ModalDriver");
    }

    @Test
    void what_is_no_good_bundle_is_refused_before_anything_is_touched() throws Exception {
        byte[] good = victim("2.0.0").bytes();
        isTurnedAway("not a bundle", "refused", "hello, world".repeat(10).getBytes(), "not a complete jar");
        isTurnedAway("a jar, but no bundle", "refused", victim("2.0.0").header("Bundle-ManifestVersion", "1").bytes(),
            "not an OSGi bundle");
        isTurnedAway("truncated", "refused", Arrays.copyOf(good, good.length / 2), "not a complete jar");
        isTurnedAway("zip bomb", "refused", bomb(), "unpacks to more than");
        isTurnedAway("path traversal in entry names", "refused", victim("2.0.0").entry("../../../etc/cron.d/x", new byte[1])
            .bytes(), "leads out of it");
        byte[] tooNew = {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, 99, 0, 0};
        isTurnedAway("wrong Java level", "refused", victim("2.0.0").entry("acme/New.class", tooNew).bytes(), "needs Java 55");
        isTurnedAway("unresolved imports", "refused", victim("2.0.0").header("Import-Package",
            "org.osgi.framework,no.such.package;version=\"[3,4)\"").bytes(), "no.such.package");
    }

    /** 300 MiB of nothing. */
    private static byte[] bomb() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("bomb"));
            byte[] nothing = new byte[1 << 20];
            for (int i = 0; i < 300; i++) {
                zip.write(nothing);
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void imports_that_conflict_are_refused() throws Exception {
        deployments.apply(0, Deployments.install(deployments.upload(library("acme.lib1", "acme.p;version=1.0", "")
            .bytes())) + "," + Deployments.install(deployments.upload(library("acme.lib2",
                "acme.q;version=1.0;uses:=\"acme.p\",acme.p;version=2.0", "").bytes())));
        isTurnedAway("conflicting imports", "refused", victim("2.0.0").header("Import-Package",
            "org.osgi.framework,edge.api.device,edge.api.value,acme.p;version=\"[1,2)\",acme.q").bytes(), "acme.p");
    }

    private static DriverJar library(String name, String exports, String imports) {
        return new DriverJar(name, "1.0.0").header("Export-Package", exports).header("X-Device", name.replace("acme.", ""))
            .entry("acme/p/x.txt", new byte[1]).entry("acme/q/x.txt", new byte[1]);
    }

    @Test
    void an_older_version_is_refused_unless_it_is_wanted() throws Exception {
        String upload = deployments.upload(victim("0.9.0").bytes());
        Json.Obj report = deployments.post("/api/v1/deployments", "{\"changes\": [" + Deployments.install(upload) + "]}");
        assertThat(report.text("outcome")).isEqualTo("refused");
        assertThat(report.text("detail")).contains("older than 1.0.0");
        row("downgrade", report, "0");
    }

    private static void policy(String signatures) throws Exception {
        deployments.apply(0, "{\"action\": \"configure\", \"pid\": \"edge.runtime.trust\", \"configuration\": {\"signatures\": \""
            + signatures + "\"}}");
        Until.holds(PATIENCE, "the policy", gateway::log,
            () -> gateway.json("/api/v1/trust").asObject().text("policy").equals(signatures));
    }

    @Test
    void where_signatures_are_required_only_what_a_trusted_signer_has_signed_comes_in() throws Exception {
        String[] code = {"-signer", "root", "-ext", "eku=codeSigning"};
        Pki pki = new Pki(folder).key("root", "Acme Root", "-ext", "bc:c", "-ext", "ku=keyCertSign,cRLSign")
            .key("acme", "Acme Drivers", code).key("stranger", "A Stranger")
            .key("late", "Acme Until Last Year", "-signer", "root", "-ext", "eku=codeSigning", "-startdate", "-800d",
                "-validity", "365");
        Path trust = Files.createDirectories(gateway.data().resolve("trust"));
        Files.copy(pki.certificate("root"), trust.resolve("root.pem"));
        byte[] signed = signed(pki, "acme");
        policy("require");
        try {
            isTurnedAway("missing signature", "refused", victim("2.0.0").bytes(), "is not let in", "Nobody signed it");
            isTurnedAway("signature of somebody unknown", "refused", signed(pki, "stranger"), "is not let in", "A Stranger");
            isTurnedAway("signature with a certificate that has ended", "refused", signed(pki, "late"), "is not let in",
                "Acme Until Last Year");
            isTurnedAway("wrong signature: changed after it was signed", "refused", withOneMoreEntry(signed), "is not let in",
                "added.txt");
            Files.writeString(trust.resolve("revoked.txt"), pki.fingerprint("acme") + " the key was lost\n");
            isTurnedAway("signature of a revoked certificate", "refused", signed, "is not let in", "the key was lost");
        } finally {
            Files.deleteIfExists(trust.resolve("revoked.txt"));
            policy("off");
        }
    }

    private static byte[] signed(Pki pki, String by) throws IOException {
        Path jar = victim("2.0.0").write(folder);
        pki.sign(jar, by);
        return Files.readAllBytes(jar);
    }

    private static byte[] withOneMoreEntry(byte[] signed) throws IOException {
        Path jar = Files.write(folder.resolve("altered.jar"), signed);
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Files.writeString(zip.getPath("added.txt"), "by somebody else");
        }
        return Files.readAllBytes(jar);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "calls System.exit, exit, System.exit was called by edge.test.driver.ModalDriver",
        "calls System.exit in activate, exit-in-start, System.exit was called by edge.test.driver.ModalDriver",
        "halts the JVM, halt, the process ended by itself with exit code 42",
        })
    void what_ends_the_process_ends_in_a_restart_on_the_old_set_with_the_cause_named(String what, String mode, String cause)
        throws Exception {
        long pid = gateway.pid();
        String upload = deployments.upload(victim("2.0.0").mode(mode).bytes());
        long start = System.nanoTime();
        try {
            deployments.apply(10, Deployments.install(upload));
        } catch (IOException e) {
            assertThat(e).as("the answer is lost with the process").isNotNull();
        }
        Until.holds(PATIENCE, "another process", gateway::log, () -> gateway.pid() != pid);
        oldOneWorks();
        double seconds = (System.nanoTime() - start) / 1e9;
        Json.Obj report = interrupted(cause);
        TABLE.add(String.format(Locale.ROOT, "| %s | %s, restarted | %.1f s until values again | all, meanwhile | %s |", what,
            report.text("outcome"), seconds, report.text("detail")));
    }

    private static Json.Obj interrupted(String cause) throws Exception {
        Json.Obj[] found = new Json.Obj[1];
        Until.holds(PATIENCE, "the report", gateway::log, () -> {
            Json.Obj newest = deployments.history().get(0).asObject();
            found[0] = newest;
            return newest.text("outcome").equals("rolled-back") && newest.text("detail", "").contains(cause);
        });
        return found[0];
    }

    @Test
    void an_endless_loop_is_found_rolled_back_and_ended_by_a_restart() throws Exception {
        long pid = gateway.pid();
        long start = System.nanoTime();
        Json.Obj report = endsInARestart(60, "loop", pid);
        assertThat(report.text("detail")).contains("endless-", "computing without a pause", "ModalDriver.loop");
        assertThat(report.get("findings").toString()).contains("The gateway is restarted");
        row("endless loop in three threads", report, String.format(Locale.ROOT, "restarted; %.1f s until values again",
            (System.nanoTime() - start) / 1e9));
    }

    @Test
    void a_bundle_that_allocates_until_the_heap_is_short_does_not_stay() throws Exception {
        long start = System.nanoTime();
        // Its thread cannot be taken away and goes on filling the heap, until the supervisor starts another process.
        Json.Obj report = endsInARestart(60, "allocate", gateway.pid());
        assertThat(report.text("detail")).contains("heap");
        row("allocates until the heap is short", report, String.format(Locale.ROOT, "%.1f s until values again",
            (System.nanoTime() - start) / 1e9));
    }

    /** Deploys it, and waits for the old one in another process. Its report is in the history; the answer may be lost. */
    private static Json.Obj endsInARestart(int probation, String mode, long pid) throws Exception {
        String upload = deployments.upload(victim("2.0.0").mode(mode).bytes());
        String before = deployments.history().get(0).asObject().text("id");
        try {
            deployments.apply(probation, Deployments.install(upload));
        } catch (IOException e) {
            assertThat(e).as("the answer is lost with the process").isNotNull();
        }
        Until.holds(PATIENCE, "another process", gateway::log, () -> gateway.pid() != pid);
        oldOneWorks();
        Json.Obj report = deployments.history().get(0).asObject();
        assertThat(report.text("id")).isNotEqualTo(before);
        assertThat(report.text("outcome")).as(report.text("detail", "")).isEqualTo("rolled-back");
        return report;
    }

    private record Leak(String kind, String by, String holder) {
    }

    /** All beside each other, because the guard takes its time. */
    @Test
    void classes_that_do_not_go_are_reported_with_what_holds_them() throws Exception {
        List<Leak> leaks = List.of(new Leak("thread", "a thread", "the thread left-behind"),
            new Leak("timer", "a timer", "the timer forgotten-timer"),
            new Leak("hook", "a shutdown hook", "a shutdown hook, the thread forgotten-hook"),
            new Leak("local", "a thread-local", "a thread-local of the thread edge-scan"),
            new Leak("bean", "a management bean", "the management bean acme:type=Forgotten"));
        for (Leak leak : leaks) {
            deployments.install(0, new DriverJar("acme.leaky." + leak.kind(), "1.0.0").mode("holds-" + leak.kind()).bytes());
        }
        Until.holds(PATIENCE, "the first scan", gateway::log, () -> deployments.isGood("local"));
        Map<Leak, String> reports = new HashMap<>();
        for (Leak leak : leaks) {
            reports.put(leak, deployments.install(0, new DriverJar("acme.leaky." + leak.kind(), "1.0.1").bytes()).text("id"));
        }

        for (Leak leak : leaks) {
            Json.Obj report = withFinding(reports.get(leak));
            assertThat(report.get("findings").asArray().get(0).asText())
                .contains("The classes of acme.leaky." + leak.kind() + " 1.0.0 stay", leak.holder());
            row("leaks its class loader by " + leak.by(), report, "0");
            deployments.apply(0, "{\"action\": \"uninstall\", \"bundle\": \"acme.leaky." + leak.kind() + "\"}");
        }
    }

    /**
     * The report of a deployment, when something was found after it was done. The guard asks for a collection only where it costs no
     * device a scan, which on a busy machine may be never: then it is one from outside that shows it what stays.
     */
    private static Json.Obj withFinding(String id) throws Exception {
        Footprint.collect(gateway.pid());
        Footprint.collect(gateway.pid());
        Json.Obj[] found = new Json.Obj[1];
        Until.holds(PATIENCE, "the finding", gateway::log, () -> {
            for (Json one : deployments.history()) {
                found[0] = one.asObject();
                if (found[0].text("id").equals(id)) {
                    return !found[0].get("findings").asArray().isEmpty();
                }
            }
            return false;
        });
        return found[0];
    }
}
