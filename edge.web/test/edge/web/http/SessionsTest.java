// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.access.Caller;
import edge.api.access.Role;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionsTest {
    /** Begins just before the nanosecond counter overflows: nobody may compare its values directly. */
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final Sessions sessions = new Sessions(Duration.ofMinutes(15), Duration.ofHours(12), nanos::get);
    private final Caller anna = caller("anna");

    private static Caller caller(String name) {
        return new Caller(Caller.Kind.PERSON, name, Role.OPERATOR, "10.0.0.1");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void a_token_finds_its_session_and_no_other_does() {
        String token = sessions.begin(anna);

        assertThat(sessions.find(token).orElseThrow().caller()).isEqualTo(anna);
        assertThat(sessions.find(token + "A")).isEmpty();
        assertThat(sessions.find("")).isEmpty();
    }

    @Test
    void tokens_have_256_bits_and_never_repeat() {
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            assertThat(tokens.add(sessions.begin(anna))).isTrue();
        }
        assertThat(tokens).allMatch(token -> token.matches("[A-Za-z0-9_-]{43}"));
    }

    @Test
    void a_session_that_is_idle_too_long_ends() {
        String token = sessions.begin(anna);
        pass(Duration.ofMinutes(14));
        assertThat(sessions.find(token)).isPresent();
        pass(Duration.ofMinutes(14));
        assertThat(sessions.find(token)).isPresent();
        pass(Duration.ofMinutes(15));
        assertThat(sessions.find(token)).isEmpty();
    }

    @Test
    void looking_whether_a_session_is_alive_does_not_keep_it_alive() {
        String token = sessions.begin(anna);
        Session session = sessions.find(token).orElseThrow();
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofMinutes(1));
            sessions.isAlive(session);
        }
        assertThat(sessions.isAlive(session)).isFalse();
        assertThat(sessions.find(token)).isEmpty();
    }

    @Test
    void a_session_in_use_still_ends_after_its_longest_time() {
        String token = sessions.begin(anna);
        for (int i = 0; i < 12 * 6 - 1; i++) {
            pass(Duration.ofMinutes(10));
            assertThat(sessions.find(token)).isPresent();
        }
        pass(Duration.ofMinutes(10));
        assertThat(sessions.find(token)).isEmpty();
    }

    @Test
    void ending_a_person_ends_all_of_their_sessions_and_nobody_elses() {
        String first = sessions.begin(anna);
        Session second = sessions.find(sessions.begin(anna)).orElseThrow();
        String other = sessions.begin(caller("oskar"));
        sessions.endAll("anna");

        assertThat(sessions.find(first)).isEmpty();
        assertThat(sessions.isAlive(second)).isFalse();
        assertThat(sessions.find(other)).isPresent();
    }

    @Test
    void many_sign_ins_end_the_session_that_was_idle_longest() {
        String first = sessions.begin(anna);
        String second = sessions.begin(anna);
        pass(Duration.ofSeconds(1));
        sessions.find(first);
        for (int i = 0; i < 199; i++) {
            pass(Duration.ofMillis(1));
            sessions.begin(caller("flood"));
        }
        assertThat(sessions.find(second)).isEmpty();
        assertThat(sessions.find(first)).isPresent();
    }
}
