// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.web.http.Call.Identity;
import edge.web.support.FakeAccounts;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
    private final FakeAccounts accounts = new FakeAccounts().machine("script", Role.OPERATOR);
    private final Sessions sessions = new Sessions(Duration.ofMinutes(15), Duration.ofHours(12));
    private final Gate gate = new Gate(accounts, sessions);

    private static Call.Request request(String method, String... headers) {
        Map<String, String> all = new HashMap<>(Map.of("host", "gw.example:8443"));
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i].toLowerCase(java.util.Locale.ROOT), headers[i + 1]);
        }
        return new Call.Request(method, "/api/v1/x", Map.of(),
            name -> Optional.ofNullable(all.get(name.toLowerCase(java.util.Locale.ROOT))), "10.0.0.1");
    }

    private String signedIn(Role role) {
        return Gate.COOKIE + "=" + sessions.begin(new Caller(Caller.Kind.PERSON, "anna", role, "10.0.0.1"));
    }

    private int status(Call.Request request, Access access) {
        Optional<Identity> identity = gate.identify(request);
        HttpProblem problem = catchThrowableOfType(HttpProblem.class, () -> gate.admit(request, identity, access));
        return problem == null ? 200 : problem.status();
    }

    @Test
    void the_cookie_is_found_among_others() {
        String cookie = signedIn(Role.VIEWER);

        assertThat(gate.identify(request("GET", "Cookie", "a=b; " + cookie + "; c=d")).orElseThrow().caller().name())
            .isEqualTo("anna");
        assertThat(gate.identify(request("GET", "Cookie", "x" + cookie))).isEmpty();
    }

    @Test
    void a_machine_is_known_by_its_secret() {
        assertThat(gate.identify(request("GET", "Authorization", "Bearer script:script-secret")).orElseThrow().caller()
            .kind()).isEqualTo(Caller.Kind.MACHINE);
        assertThat(gate.identify(request("GET", "Authorization", "Bearer script:wrong"))).isEmpty();
        assertThat(gate.identify(request("GET", "Authorization", "Bearer script-secret"))).isEmpty();
        assertThat(gate.identify(request("GET", "Authorization", "Basic script:script-secret"))).isEmpty();
    }

    @Test
    void a_wrong_secret_is_not_made_good_by_a_cookie() {
        assertThat(gate.identify(request("GET", "Authorization", "Bearer script:wrong", "Cookie",
            signedIn(Role.VIEWER)))).isEmpty();
    }

    @Test
    void each_role_may_what_the_roles_before_it_may() {
        for (Role role : Role.values()) {
            String cookie = signedIn(role);
            for (Access access : Access.values()) {
                boolean may = access.role().map(role::includes).orElse(true);
                assertThat(status(request("GET", "Cookie", cookie), access)).as("%s on %s", role, access)
                    .isEqualTo(may ? 200 : 403);
            }
        }
    }

    @Test
    void nobody_may_only_what_is_public() {
        for (Access access : Access.values()) {
            assertThat(status(request("GET"), access)).isEqualTo(access == Access.PUBLIC ? 200 : 401);
        }
    }

    @Test
    void a_change_needs_the_header_that_another_site_cannot_send() {
        String cookie = signedIn(Role.ADMINISTRATOR);

        assertThat(status(request("PUT", "Cookie", cookie), Access.VIEWER)).isEqualTo(403);
        assertThat(status(request("PUT", "Cookie", cookie, "X-Edge-Request", "1"), Access.VIEWER)).isEqualTo(200);
        assertThat(status(request("GET", "Cookie", cookie), Access.VIEWER)).isEqualTo(200);
    }

    @Test
    void a_change_from_another_site_is_refused() {
        String cookie = signedIn(Role.ADMINISTRATOR);
        for (String origin : new String[] {"https://evil.example", "https://gw.example", "http://gw.example:8443",
            "https://gw.example:8443.evil.example", "null"}) {
            assertThat(status(request("POST", "Cookie", cookie, "X-Edge-Request", "1", "Origin", origin), Access.VIEWER))
                .as(origin).isEqualTo(403);
        }
        assertThat(status(request("POST", "Cookie", cookie, "X-Edge-Request", "1", "Sec-Fetch-Site", "cross-site"),
            Access.VIEWER)).isEqualTo(403);
        assertThat(status(request("POST", "Cookie", cookie, "X-Edge-Request", "1", "Sec-Fetch-Site", "same-site"),
            Access.VIEWER)).isEqualTo(403);
        assertThat(status(request("POST", "Cookie", cookie, "X-Edge-Request", "1", "Origin",
            "https://gw.example:8443", "Sec-Fetch-Site", "same-origin"), Access.VIEWER)).isEqualTo(200);
    }

    @Test
    void signing_in_is_protected_against_forging_too() {
        assertThat(status(request("POST"), Access.PUBLIC)).isEqualTo(403);
        assertThat(status(request("POST", "X-Edge-Request", "1"), Access.PUBLIC)).isEqualTo(200);
    }

    @Test
    void a_machine_needs_no_header_against_forging() {
        assertThatCode(() -> {
            Call.Request request = request("POST", "Authorization", "Bearer script:script-secret");
            gate.admit(request, gate.identify(request), Access.OPERATOR);
        }).doesNotThrowAnyException();
    }
}
