// SPDX-License-Identifier: Apache-2.0
package edge.broker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.json.JsonException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the rules allow, row by row: action, user, role, client id, topic or filter, allowed. */
class DenyMatrixTest {

    private static final String RULES = """
        {"rules": [
          {"read": ["public/#"], "write": ["in/%c/#"]},
          {"users": ["plc"], "read": ["plant/+/state"], "write": ["plant/%u/#"], "retain": ["plant/%u/state"],
           "will": ["plant/%u/gone"], "share": ["plant/1/state"]},
          {"role": "operator", "read": ["edge/#"], "write": ["edge/v1/cmd/#"]},
          {"clients": ["panel-1"], "read": ["%c/screen"]},
          {"users": ["wide"], "read": ["#"], "write": ["#"]},
          {"users": ["any"], "read": ["%c/#"], "write": ["%u/x"]}
        ]}""";

    private static TopicRules rules() throws JsonException {
        return AccessFile.read(RULES);
    }

    @ParameterizedTest
    @CsvSource({
        // read
        "read, plc, viewer, c, public/a, true", "read, plc, viewer, c, public/#, true", "read, plc, viewer, c, public, true",
        "read, plc, viewer, c, public/+/x, true", "read, plc, viewer, c, plant/1/state, true",
        "read, plc, viewer, c, plant/+/state, true", "read, plc, viewer, c, plant/#, false",
        "read, plc, viewer, c, plant/1/+, false", "read, plc, viewer, c, plant/1/state/more, false",
        "read, plc, viewer, c, #, false", "read, plc, viewer, c, +, false", "read, plc, viewer, c, +/+/state, false",
        "read, plc, viewer, c, private/a, false", "read, other, viewer, c, plant/1/state, false",
        "read, other, viewer, c, edge/v1/boiler, false", "read, other, operator, c, edge/v1/boiler, true",
        "read, other, operator, c, edge/#, true", "read, other, administrator, c, edge/v1/+, true",
        "read, other, viewer, panel-1, panel-1/screen, true", "read, other, viewer, panel-2, panel-2/screen, false",
        "read, wide, viewer, c, #, true", "read, wide, viewer, c, $SYS/#, false", "read, wide, viewer, c, $SYS/x, false",
        "read, wide, viewer, c, $other/x, false",
        // a client chooses its id, and must not choose with it what it may do
        "read, any, viewer, c, c/x, true", "read, any, viewer, +, x/y, false", "read, any, viewer, #, x/y, false",
        "read, any, viewer, +, +/y, false", "read, any, viewer, a/+, a/b/c, false", "read, any, viewer, a/b, a/b/c, false",
        "read, any, viewer, '', /x, false", "read, any, viewer, $SYS, $SYS/x, false", "read, any, viewer, edge, edge/v1/a, false",
        "write, plc, viewer, +, in/x/y, false", "write, plc, viewer, #, in/x, false", "write, plc, viewer, a/b, in/a/b/c, false",
        "write, plc, viewer, c, in/c/x, true", "write, plc, viewer, c, in/d/x, false", "write, plc, viewer, '', in//x, false",
        "write, +, viewer, c, plant/1/x, false", "write, any, viewer, c, any/x, true", "write, #, viewer, c, a/x, false",
        // write, retain, will
        "write, plc, viewer, c, plant/plc/a, true", "write, plc, viewer, c, plant/other/a, false",
        "write, plc, viewer, c, public/a, false", "write, other, viewer, c, plant/plc/a, false",
        "write, wide, viewer, c, anything, true", "write, wide, viewer, c, edge/v1/boiler, false",
        "write, wide, viewer, c, edge, false", "write, wide, viewer, c, $SYS/x, false", "write, wide, viewer, c, edge/v1/cmd/a, false",
        "write, other, operator, c, edge/v1/cmd/a, true", "write, other, viewer, c, edge/v1/cmd/a, false",
        "write, other, operator, c, edge/v1/boiler, false",
        "retain, plc, viewer, c, plant/plc/state, true", "retain, plc, viewer, c, plant/plc/a, false",
        "retain, plc, viewer, c, in/c/x, true", "retain, wide, viewer, c, x, true", "retain, wide, viewer, c, edge/v1/x, false",
        "will, plc, viewer, c, plant/plc/gone, true", "will, plc, viewer, c, plant/plc/a, false",
        "will, plc, viewer, c, in/c/x, true", "will, other, viewer, c, plant/plc/gone, false",
        "will, wide, viewer, c, edge/v1/boiler, false", "will, wide, viewer, c, $SYS/broker, false",
        // share
        "share, plc, viewer, c, plant/1/state, true", "share, plc, viewer, c, plant/2/state, false",
        "share, plc, viewer, c, public/#, true", "share, other, viewer, c, plant/1/state, false",
        "share, wide, viewer, c, $SYS/x, false", "share, wide, viewer, c, x/#, true"})
    void a_rule_must_allow_it(String action, String user, String role, String clientId, String topic, boolean allowed)
        throws JsonException {
        assertThat(isAllowed(rules(), action, new Caller(Caller.Kind.MACHINE, user, Role.valueOf(role.toUpperCase(Locale.ROOT)), "test"), clientId, topic))
            .isEqualTo(allowed);
    }

    private static boolean isAllowed(TopicRules rules, String action, Caller caller, String clientId, String topic) {
        return switch (action) {
            case "read" -> rules.maySubscribe(caller, clientId, topic, false);
            case "share" -> rules.maySubscribe(caller, clientId, topic, true);
            case "write" -> rules.publishing(caller, clientId, topic, false, false).isEmpty();
            case "retain" -> rules.publishing(caller, clientId, topic, true, false).isEmpty();
            default -> rules.publishing(caller, clientId, topic, false, true).isEmpty();
        };
    }

    @Test
    void rules_that_cannot_be_read_allow_nothing() {
        TopicRules none = TopicRules.unavailable("the file is damaged");
        Caller administrator = new Caller(Caller.Kind.MACHINE, "a", Role.ADMINISTRATOR, "test");
        for (String action : new String[] {"read", "share", "write", "retain", "will"}) {
            assertThat(isAllowed(none, action, administrator, "c", "x")).as(action).isFalse();
        }
        assertThat(none.publishing(administrator, "c", "x", false, false)).get()
            .satisfies(denial -> assertThat(denial).hasMessageContaining("the file is damaged"));
    }

    @Test
    void bad_rules_are_refused_with_their_place() {
        for (String bad : new String[] {"{}", "{\"rules\": [{}]}", "{\"rules\": [{\"read\": [\"a/#/b\"]}]}",
            "{\"rules\": [{\"read\": [\"a%c/b\"]}]}", "{\"rules\": [{\"users\": [], \"read\": [\"a\"]}]}",
            "{\"rules\": [{\"role\": \"king\", \"read\": [\"a\"]}]}", "{\"rules\": [{\"raed\": [\"a\"]}]}"}) {
            assertThatExceptionOfType(JsonException.class).as(bad).isThrownBy(() -> AccessFile.read(bad))
                .satisfies(e -> assertThat(e.line()).isEqualTo(1));
        }
    }
}
