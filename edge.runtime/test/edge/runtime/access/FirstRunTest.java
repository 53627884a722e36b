// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.access.Role;
import edge.json.JsonException;
import edge.runtime.testkit.MemoryAudit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstRunTest {
    /** Made with Python: hashlib.pbkdf2_hmac('sha256', 'correct horse battery'.encode(), b'0123456789abcdef', 20000). */
    private static final String PYTHONS_HASH =
        "pbkdf2-sha256:20000:MDEyMzQ1Njc4OWFiY2RlZg==:YZPUgXYPKMyKakj2x5HB6c9KWXQgYCsDV54RnJ+S4jo=";
    private static final char[] PASSWORD = "correct horse battery".toCharArray();
    private static final String ORIGIN = "10.1.1.1";

    @TempDir
    Path folder;

    private final MemoryAudit audit = new MemoryAudit();
    private Path file;
    private StoredAccounts accounts;

    @BeforeEach
    void open() {
        file = folder.resolve("first-run.json");
        accounts = new StoredAccounts(new AccountFile(folder.resolve("accounts.json")), folder.resolve("set-up-code.txt"),
            audit, () -> 0);
    }

    private void start(String text) throws IOException {
        Files.writeString(file, text);
        new FirstRunSetUp(accounts, file, audit).run();
    }

    @Test
    void an_administrator_and_machines_are_taken_over_and_the_file_is_deleted() throws IOException {
        start("""
            {"administrator": {"name": "factory", "password": "correct horse battery"},
             "machines": [{"name": "scada", "role": "operator",
                "secretSha256": "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"}]}
            """);

        assertThat(accounts.needsSetUp()).isFalse();
        assertThat(file).doesNotExist();
        assertThat(folder.resolve("set-up-code.txt")).doesNotExist();
        assertThat(accounts.signIn("factory", PASSWORD, ORIGIN)).isPresent();
        assertThat(accounts.machine("scada", "secret".toCharArray(), ORIGIN)).get()
            .extracting(caller -> caller.role()).isEqualTo(Role.OPERATOR);
        assertThat(Files.readString(folder.resolve("accounts.json"))).doesNotContain("correct horse");
    }

    @Test
    void a_hash_made_elsewhere_is_accepted_and_brought_to_todays_cost_at_the_first_sign_in() throws Exception {
        start("{\"administrator\": {\"name\": \"factory\", \"passwordHash\": \"" + PYTHONS_HASH + "\"}}");

        assertThat(accounts.signIn("factory", PASSWORD, ORIGIN)).isPresent();

        Map<String, StoredAccount> stored = new AccountFile(folder.resolve("accounts.json")).read();
        assertThat(stored.get("factory").verifier()).startsWith("pbkdf2-sha256:" + Passwords.ITERATIONS + ":");
        assertThat(accounts.signIn("factory", PASSWORD, ORIGIN)).isPresent();
    }

    @Test
    void a_bad_file_is_left_as_it_is_and_the_gateway_waits_for_its_set_up() throws IOException {
        start("{\"administrator\": {\"name\": \"factory\", \"password\": \"short\"}}");

        assertThat(accounts.needsSetUp()).isTrue();
        assertThat(file).exists();
        assertThat(folder.resolve("set-up-code.txt")).exists();
    }

    @Test
    void after_the_set_up_such_a_file_changes_nothing_and_is_deleted() throws IOException {
        accounts.setUp("anna", PASSWORD, "", "127.0.0.1");

        start("{\"administrator\": {\"name\": \"eve\", \"password\": \"correct horse battery\"}}");

        assertThat(file).doesNotExist();
        assertThat(accounts.list()).extracting(account -> account.name()).containsExactly("anna");
    }

    @Test
    void what_is_wrong_is_named_with_its_place() {
        assertThatThrownBy(() -> FirstRun.accounts("{\"administrator\": {\"name\": \"a\", \"password\": \"x\","
            + " \"passwordHash\": \"y\"}}")).isInstanceOf(JsonException.class).hasMessageContaining("either");
        assertThatThrownBy(() -> FirstRun.accounts("{\"machines\": []}")).hasMessageContaining("'administrator' is missing");
        assertThatThrownBy(() -> FirstRun.accounts("{\"administrator\": {\"name\": \"a\", \"passwordHash\": "
            + "\"pbkdf2-sha256:1:MDEyMzQ1Njc4OWFiY2RlZg==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}}"))
            .as("one iteration is no protection").hasMessageContaining("password hash");
        assertThatThrownBy(() -> FirstRun.accounts("{\"administrator\": {\"name\": \"a\", \"password\": "
            + "\"correct horse battery\"}, \"machines\": [{\"name\": \"m\", \"role\": \"king\", \"secretSha256\": \"\"}]}"))
            .hasMessageContaining("viewer, operator, engineer, administrator");
    }
}
