// SPDX-License-Identifier: Apache-2.0
package edge.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThrottleTest {
    private final AtomicLong clock = new AtomicLong();
    private final Throttle throttle = new Throttle(clock::get);

    private int guesses(String origin, long millis) {
        int checked = 0;
        long end = clock.get() + millis;
        while (clock.get() < end) {
            if (throttle.attempt("anna", origin) == Throttle.Verdict.ALLOWED) {
                checked++;
            }
            clock.addAndGet(50);
        }
        return checked;
    }

    @Test
    void one_origin_gets_few_guesses_in_an_hour() {
        assertThat(guesses("10.0.0.1", 3_600_000)).isLessThan(40);
    }

    @Test
    void an_ipv6_network_counts_as_one_origin() {
        int checked = 0;
        for (int i = 0; i < 1_000; i++) {
            if (throttle.attempt("user" + i, "[2001:db8:0:7::" + Integer.toHexString(i) + "]:443")
                == Throttle.Verdict.ALLOWED) {
                checked++;
            }
        }
        assertThat(checked).isLessThanOrEqualTo(20);
    }

    @Test
    void a_refusal_is_worth_noting_once_until_the_next_check() {
        for (int i = 0; i < 5; i++) {
            throttle.attempt("anna", "10.0.0.1");
        }
        assertThat(throttle.attempt("anna", "10.0.0.1")).isEqualTo(Throttle.Verdict.REFUSED_NEWLY);
        assertThat(throttle.attempt("anna", "10.0.0.1")).isEqualTo(Throttle.Verdict.REFUSED);
    }

    @Test
    void whoever_has_to_wait_is_on_record_once_and_has_nobody_forgotten() {
        while (throttle.attempt("anna", "10.0.0.1") == Throttle.Verdict.ALLOWED) {
            clock.addAndGet(1);
        }
        while (throttle.attempt("berta", "10.0.0.2") == Throttle.Verdict.ALLOWED) {
            clock.addAndGet(1);
        }
        int noted = 0;
        for (int i = 0; i < 10_000; i++) {
            if (throttle.attempt("user" + i, "10.0.0.1") == Throttle.Verdict.REFUSED_NEWLY) {
                noted++;
            }
        }
        assertThat(noted).isLessThanOrEqualTo(1);
        assertThat(throttle.attempt("berta", "10.0.0.2")).isEqualTo(Throttle.Verdict.REFUSED);
    }

    @Test
    void many_origins_together_cannot_guess_fast_at_one_account() {
        int checked = 0;
        for (int i = 0; i < 1_000; i++) {
            if (throttle.attempt("anna", "10." + i / 250 + "." + i % 250 + ".9") == Throttle.Verdict.ALLOWED) {
                checked++;
            }
            clock.addAndGet(60);
        }
        assertThat(checked).as("in a minute").isLessThan(30);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1,true", "127.0.0.1:8080,true", "/127.1.2.3:99,true", "::1,true", "[::1]:80,true",
        "0:0:0:0:0:0:0:1,true", "::ffff:127.0.0.1,true", "[::ffff:127.0.0.1]:80,true", "10.0.0.1,false",
        "127.evil.example,false", "localhost.evil.example,false", "internal,false", "fe80::1,false", "1::1,false",
        "::,false", "'',false"})
    void loopback_is_recognised_without_looking_up_names(String origin, boolean loopback) {
        assertThat(Origins.isLoopback(origin)).isEqualTo(loopback);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1:5000,10.0.0.1", "2001:db8::1,2001:db8:0:0::/64", "2001:0db8:0:0:ffff::2,2001:db8:0:0::/64",
        "::1,0:0:0:0::/64", "1:2:3:4:5:6:7:8,1:2:3:4::/64", "fe80::1%eth0,fe80:0:0:0::/64", "unix socket,unix socket",
        "loopback as a.example,'loopback as '", "loopback as b.example,'loopback as '"})
    void failures_are_counted_by_address_or_network(String origin, String key) {
        assertThat(Origins.key(origin)).isEqualTo(key);
    }
}
