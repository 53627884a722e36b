// SPDX-License-Identifier: Apache-2.0
package edge.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplyTest {

    private static Json.Obj json(Reply reply) throws JsonException {
        return JsonParser.parse(new String(reply.body(), StandardCharsets.UTF_8)).asObject();
    }

    @Test
    void a_problem_is_a_document_of_rfc_9457() throws JsonException {
        Reply reply = Reply.problem(new HttpProblem(412, "stale", "Somebody else changed it."));

        assertThat(reply.status()).isEqualTo(412);
        assertThat(reply.contentType()).isEqualTo("application/problem+json");
        assertThat(json(reply).text("type")).isEqualTo("urn:edge:problem:stale");
        assertThat(json(reply).text("title")).isEqualTo("Changed meanwhile");
        assertThat(json(reply).integer("status", 0, 999)).isEqualTo(412);
        assertThat(json(reply).text("detail")).isEqualTo("Somebody else changed it.");
        assertThat(json(reply).has("problems")).isFalse();
    }

    @Test
    void problems_of_a_text_carry_their_places() throws JsonException {
        Reply reply = Reply.problem(new HttpProblem(422, "refused", "No.", List.of(
            new Problem(3, 11, "prot", "unknown"), new Problem(0, 0, "", "whole file"))));

        List<Json> problems = json(reply).get("problems").asArray();
        assertThat(problems.get(0).asObject().integer("line", 1, 9)).isEqualTo(3);
        assertThat(problems.get(0).asObject().integer("column", 1, 99)).isEqualTo(11);
        assertThat(problems.get(0).asObject().text("attribute")).isEqualTo("prot");
        assertThat(problems.get(1).asObject().members().keySet()).containsExactly("message");
    }

    @Test
    void what_is_told_back_to_the_client_cannot_leave_its_string() throws JsonException {
        String nasty = "a\"b\\c\r\nSet-Cookie: x\u0000<img onerror=1>";

        assertThat(json(Reply.problem(HttpProblem.notFound(nasty))).text("detail")).isEqualTo(nasty);
    }
}
