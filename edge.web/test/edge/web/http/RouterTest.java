// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {
    private final Router router = new Router(List.of(
        Route.get("/devices", Access.VIEWER, call -> Reply.done()),
        Route.get("/devices/{device}", Access.VIEWER, call -> Reply.done()),
        Route.delete("/devices/{device}", Access.ENGINEER, call -> Reply.done()),
        Route.get("/devices/special", Access.VIEWER, call -> Reply.done()),
        Route.get("/devices/{device}/tags/{tag}", Access.VIEWER, call -> Reply.done())));

    @Test
    void a_path_leads_to_its_route_with_decoded_parameters() {
        Router.Match match = router.find("GET", "/devices/press%2007/tags/a+b").orElseThrow();

        assertThat(match.route().template()).isEqualTo("/devices/{device}/tags/{tag}");
        assertThat(match.parameters()).isEqualTo(Map.of("device", "press 07", "tag", "a+b"));
    }

    @Test
    void a_literal_segment_wins_over_a_parameter() {
        assertThat(router.find("GET", "/devices/special").orElseThrow().route().template())
            .isEqualTo("/devices/special");
    }

    @Test
    void what_is_not_there_is_not_found() {
        assertThat(router.find("GET", "/devices/")).isEmpty();
        assertThat(router.find("GET", "/devices/a/tags")).isEmpty();
        assertThat(router.find("GET", "/devices/a/tags/b/c")).isEmpty();
        assertThat(router.find("PUT", "/devices/a")).isEmpty();
        assertThat(router.find("GET", "/devices/%zz")).isEmpty();
        assertThat(router.find("GET", "")).isEmpty();
    }

    @Test
    void a_path_knows_its_methods() {
        assertThat(router.methods("/devices/a")).containsExactly("DELETE", "GET");
        assertThat(router.methods("/nothing")).isEmpty();
    }

    @Test
    void an_encoded_slash_stays_inside_of_its_parameter() {
        assertThat(router.find("GET", "/devices/..%2F..%2Fetc").orElseThrow().parameters())
            .isEqualTo(Map.of("device", "../../etc"));
    }

    @Test
    void two_routes_of_the_same_shape_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Router(List.of(
            Route.get("/a/{x}", Access.VIEWER, call -> Reply.done()),
            Route.get("/a/{y}", Access.VIEWER, call -> Reply.done())))).withMessageContaining("/a/{y}");
    }
}
