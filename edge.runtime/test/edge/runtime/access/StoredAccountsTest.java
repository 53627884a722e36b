// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.access.AccessDeniedException;
import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.health.HealthReport;
import edge.runtime.testkit.MemoryAudit;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredAccountsTest {
    private static final String LOOPBACK = "127.0.0.1:5050";
    private static final String LAN = "192.168.7.20";
    private static final char[] GOOD = "correct horse battery".toCharArray();

    @TempDir
    Path folder;

    private final MemoryAudit audit = new MemoryAudit();
    private final AtomicLong clock = new AtomicLong();
    private Path codeFile;
    private StoredAccounts accounts;

    @BeforeEach
    void open() {
        codeFile = folder.resolve("set-up-code.txt");
        accounts = reopened();
    }

    private StoredAccounts reopened() {
        return new StoredAccounts(new AccountFile(folder.resolve("accounts.json")), codeFile, audit, clock::get);
    }

    private Caller administrator() {
        return accounts.setUp("anna", GOOD, "", LOOPBACK);
    }

    @Test
    void nobody_can_sign_in_before_the_set_up() {
        assertThat(accounts.needsSetUp()).isTrue();
        assertThat(accounts.signIn("admin", "admin".toCharArray(), LAN)).isEmpty();
        assertThat(accounts.signIn("admin", new char[0], LAN)).isEmpty();
        assertThat(accounts.list()).isEmpty();
    }

    @Test
    void from_loopback_the_set_up_needs_no_code_and_can_be_done_once() {
        Caller caller = accounts.setUp("anna", GOOD, "", "[::1]:4711");

        assertThat(caller.role()).isEqualTo(Role.ADMINISTRATOR);
        assertThat(accounts.needsSetUp()).isFalse();
        assertThatThrownBy(() -> accounts.setUp("eve", GOOD, "", LOOPBACK)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void from_elsewhere_the_set_up_needs_the_code_of_the_file_which_is_then_deleted() throws IOException {
        accounts.announceSetUp();
        String code = Files.readString(codeFile).trim();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(codeFile))).isEqualTo("rw-------");

        assertThatThrownBy(() -> accounts.setUp("anna", GOOD, "AAAA-AAAA-AAAA", LAN))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("set-up-code.txt");
        assertThatThrownBy(() -> accounts.setUp("anna", GOOD, "", LAN)).isInstanceOf(IllegalArgumentException.class);
        accounts.setUp("anna", GOOD, code.toLowerCase().replace("-", " "), LAN);

        assertThat(codeFile).doesNotExist();
        assertThat(accounts.signIn("anna", GOOD, LAN)).isPresent();
    }

    @Test
    void without_a_code_made_nobody_can_set_up_from_elsewhere() {
        assertThatThrownBy(() -> accounts.setUp("anna", GOOD, "", LAN)).isInstanceOf(IllegalArgumentException.class);
        assertThat(accounts.needsSetUp()).isTrue();
    }

    @Test
    void guessing_the_code_is_refused_after_a_few_wrong_ones_even_if_the_next_would_be_right() throws IOException {
        accounts.announceSetUp();
        String code = Files.readString(codeFile).trim();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> accounts.setUp("eve", GOOD, "BBBB-BBBB-BBBB", LAN))
                .isInstanceOf(IllegalArgumentException.class);
        }

        assertThatThrownBy(() -> accounts.setUp("eve", GOOD, code, LAN)).hasMessageContaining("wait");
    }

    @Test
    void accounts_survive_a_restart_and_their_file_is_for_the_gateway_alone_and_holds_no_password() throws IOException {
        Caller anna = administrator();
        String secret = accounts.issueMachineSecret("line-3", Role.OPERATOR, anna);

        Path file = folder.resolve("accounts.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(Files.readString(file)).doesNotContain(secret).doesNotContain("correct horse").contains("pbkdf2-sha256:");
        accounts = reopened();
        assertThat(accounts.signIn("anna", GOOD, LAN)).get().extracting(Caller::role).isEqualTo(Role.ADMINISTRATOR);
        assertThat(accounts.machine("line-3", secret.toCharArray(), LAN)).get().extracting(Caller::role)
            .isEqualTo(Role.OPERATOR);
        assertThat(accounts.machine("line-3", (secret + "x").toCharArray(), LAN)).isEmpty();
        assertThat(accounts.machine("anna", GOOD, LAN)).isEmpty();
        assertThat(accounts.signIn("line-3", secret.toCharArray(), LAN)).isEmpty();
    }

    @Test
    void weak_passwords_and_bad_names_are_refused_with_the_reason() {
        Caller anna = administrator();

        assertThatThrownBy(() -> accounts.putPerson("ben", "short".toCharArray(), Role.VIEWER, anna))
            .hasMessageContaining("at least 12");
        assertThatThrownBy(() -> accounts.putPerson("administrator", "Administrator".toCharArray(), Role.VIEWER, anna))
            .hasMessageContaining("name");
        assertThatThrownBy(() -> accounts.putPerson("admin", "adminADMINadmin".toCharArray(), Role.VIEWER, anna))
            .hasMessageContaining("name");
        assertThatThrownBy(() -> accounts.putPerson("ben", "aaaaaaaaaaaaaaaa".toCharArray(), Role.VIEWER, anna))
            .hasMessageContaining("different");
        assertThatThrownBy(() -> accounts.putPerson("../etc", GOOD, Role.VIEWER, anna)).hasMessageContaining("name");
        assertThat(accounts.list()).hasSize(1);
    }

    @Test
    void only_an_administrator_manages_accounts_and_a_refusal_is_on_record() {
        Caller anna = administrator();
        accounts.putPerson("ben", GOOD, Role.ENGINEER, anna);
        Caller ben = accounts.signIn("ben", GOOD, LAN).orElseThrow();

        assertThatThrownBy(() -> accounts.putPerson("eve", GOOD, Role.ADMINISTRATOR, ben))
            .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> accounts.issueMachineSecret("m", Role.VIEWER, ben))
            .isInstanceOf(AccessDeniedException.class);
        assertThatThrownBy(() -> accounts.remove("anna", ben)).isInstanceOf(AccessDeniedException.class);
        assertThat(audit.outcomes("ben")).filteredOn(outcome -> outcome.startsWith("refused")).hasSize(3);
    }

    @Test
    void the_last_administrator_can_neither_be_removed_nor_demoted() {
        Caller anna = administrator();

        assertThatThrownBy(() -> accounts.remove("anna", anna)).hasMessageContaining("last administrator");
        assertThatThrownBy(() -> accounts.putPerson("anna", GOOD, Role.VIEWER, anna))
            .hasMessageContaining("last administrator");
        accounts.putPerson("ben", GOOD, Role.ADMINISTRATOR, anna);
        assertThat(accounts.remove("anna", anna)).isTrue();
        assertThat(accounts.remove("anna", anna)).isFalse();
        assertThat(accounts.signIn("anna", GOOD, LAN)).isEmpty();
    }

    @Test
    void guessing_a_password_is_slowed_down_and_the_owner_gets_in_again_after_waiting() {
        administrator();
        for (int i = 0; i < 5; i++) {
            assertThat(accounts.signIn("anna", "wrong password!".toCharArray(), LAN)).isEmpty();
        }
        assertThat(accounts.signIn("anna", GOOD, LAN)).as("refused at once, even with the right password").isEmpty();

        clock.addAndGet(301_000);

        assertThat(accounts.signIn("anna", GOOD, LAN)).isPresent();
    }

    @Test
    void a_guesser_elsewhere_never_keeps_the_owner_out_who_has_signed_in_before() {
        administrator();
        assertThat(accounts.signIn("anna", GOOD, LAN)).isPresent();
        for (int i = 0; i < 60; i++) {
            accounts.signIn("anna", "wrong password!".toCharArray(), "10.0." + i + ".1");
        }

        assertThat(accounts.signIn("anna", GOOD, "10.9.9.9")).as("a stranger has to wait").isEmpty();
        assertThat(accounts.signIn("anna", GOOD, LAN)).isPresent();
    }

    @Test
    void a_damaged_file_lets_nobody_in_and_does_not_open_the_set_up() throws IOException {
        administrator();
        Files.writeString(folder.resolve("accounts.json"), "{\"version\": 1, \"accounts\": [");

        accounts = reopened();

        assertThat(accounts.needsSetUp()).isFalse();
        assertThat(accounts.signIn("anna", GOOD, LOOPBACK)).isEmpty();
        assertThatThrownBy(() -> accounts.setUp("eve", GOOD, "", LOOPBACK)).isInstanceOf(IllegalStateException.class);
        assertThat(accounts.check().status()).isEqualTo(HealthReport.Status.CRITICAL);
        assertThat(Files.readString(folder.resolve("accounts.json"))).as("never wiped").startsWith("{\"version\"");
    }

    @Test
    void wrong_machine_secrets_are_on_record_once_and_then_counted() {
        for (int i = 0; i < 150; i++) {
            accounts.machine("line-3", "nonsense".toCharArray(), LAN + ":" + (1000 + i));
        }

        assertThat(audit.outcomes("line-3")).containsExactly("refused: no such machine",
            "refused: no such machine, 10 times", "refused: no such machine, 100 times");
    }

    @Test
    void names_that_somebody_makes_up_fill_neither_the_memory_nor_the_audit_log() {
        administrator();
        int before = audit.recent(1_000).size();
        for (int i = 0; i < 100; i++) {
            accounts.signIn(i + "x".repeat(60_000), GOOD, LAN);
            accounts.machine("made-up-" + i, "nonsense".toCharArray(), LAN);
        }

        assertThat(audit.recent(1_000).size() - before).as("five tries, the refusal, and 1, 10, 100 for the machines").isEqualTo(9);
    }

    @Test
    void an_unknown_name_costs_as_much_time_as_a_known_one() {
        administrator();
        long known = Long.MAX_VALUE;
        long unknown = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            known = Math.min(known, processorNanos("anna"));
            unknown = Math.min(unknown, processorNanos("nobody"));
            clock.addAndGet(3_600_000);
        }

        assertThat((double) unknown / known).as("%d ns against %d ns", unknown, known).isBetween(0.25, 4.0);
    }

    /** The hashing is done by the caller's thread. Its processor time is the same however busy the machine is. */
    private long processorNanos(String name) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        assertThat(accounts.signIn(name, "wrong password!".toCharArray(), LAN)).isEmpty();
        return threads.getCurrentThreadCpuTime() - start;
    }
}
