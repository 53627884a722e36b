// SPDX-License-Identifier: Apache-2.0
package edge.web.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.access.Caller;
import edge.api.access.Role;
import edge.api.device.Access;
import edge.api.value.DataType;
import edge.api.value.Value;
import edge.web.http.Call;
import edge.web.http.Feed;
import edge.web.http.HttpProblem;
import edge.web.http.Session;
import edge.web.http.Sessions;
import edge.web.parts.PartsOf;
import edge.web.support.FakeField;
import edge.web.support.FakeGateway;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LiveStreamTest {

    /** A client whose connection takes what is written only when the test says so. */
    private static final class Client implements Feed.Sink {
        private final StringBuilder written = new StringBuilder();
        private boolean busy;
        private boolean closed;

        @Override
        public boolean isReady() {
            return !busy && !closed;
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        @Override
        public void write(byte[] bytes) {
            assertThat(busy).as("written while the last write was under way").isFalse();
            written.append(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            closed = true;
        }

        @Override
        public void abort(String why) {
            closed = true;
        }

        String take() {
            String text = written.toString();
            written.setLength(0);
            return text;
        }
    }

    private final FakeField field = new FakeField().device("d", "", "x").tag("d", "t", DataType.FLOAT64, "", Access.READ,
        Value.real(1));
    private final FakeGateway gateway = new FakeGateway(Path.of("unused"));
    private final Sessions sessions = new Sessions(Duration.ofMinutes(15), Duration.ofHours(12));
    private final Session session = sessions.find(sessions.begin(new Caller(Caller.Kind.PERSON, "anna", Role.VIEWER,
        "10.0.0.1"))).orElseThrow();
    private final LiveStream stream = new LiveStream(PartsOf.gateway(gateway, field), sessions, 2);

    private Client open(String... query) throws HttpProblem {
        Client client = new Client();
        stream.open(new Call(new Call.Request("GET", "/stream", query.length == 0 ? Map.of() : Map.of(query[0], query[1]),
            name -> Optional.empty(), "10.0.0.1"), Map.of(), Optional.of(new Call.Identity(session.caller(),
            Optional.of(session))), new byte[0], Optional.empty())).feed().orElseThrow().start(client);
        return client;
    }

    @Test
    void nothing_is_queued_for_a_client_that_does_not_take_it() throws Exception {
        Client slow = open("device", "d");
        stream.tick();
        assertThat(slow.take()).contains("event: device\n");

        slow.busy = true;
        for (int i = 2; i <= 50; i++) {
            field.set("d", "t", Value.real(i));
            stream.tick();
        }
        slow.busy = false;
        stream.tick();
        String caughtUp = slow.take();
        assertThat(caughtUp.split("event: tags\n", -1)).as("one change, the newest").hasSize(2);
        assertThat(caughtUp).contains("\"value\":50.0").doesNotContain("\"value\":49.0");
    }

    @Test
    void what_does_not_change_is_not_told_again() throws Exception {
        Client client = open("device", "d");
        stream.tick();
        client.take();
        for (int i = 0; i < 3; i++) {
            stream.tick();
        }
        assertThat(client.take()).isEmpty();
    }

    @Test
    void a_tag_that_is_defined_anew_is_told_whole() throws Exception {
        Client client = open("device", "d");
        stream.tick();
        client.take();
        field.tag("d", "t", DataType.INT16, "bar", Access.READ, Value.signed(3));
        stream.tick();

        assertThat(client.take()).contains("event: device\n").contains("\"unit\":\"bar\"");
    }

    @Test
    void a_client_that_comes_between_two_pictures_gets_the_last_one_at_once() throws Exception {
        open();
        stream.tick();
        stream.tick();
        Client late = open();
        stream.tick();

        assertThat(late.take()).startsWith("retry: ").contains("event: devices\n").contains("event: flow\n");
    }

    @Test
    void the_place_of_a_client_that_is_gone_is_free_again() throws Exception {
        Client one = open();
        open();
        assertThatThrownBy(this::open).isInstanceOf(HttpProblem.class).hasMessageContaining("2 live streams");
        one.close();
        stream.tick();

        assertThat(open().isOpen()).isTrue();
    }

    @Test
    void a_stream_does_not_outlive_its_session() throws Exception {
        Client client = open();
        stream.tick();
        client.take();
        sessions.end(session);
        stream.tick();

        assertThat(client.take()).isEqualTo("event: ended\ndata: {}\n\n");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    void a_line_break_in_a_value_cannot_make_an_event() throws Exception {
        field.tag("d", "text", DataType.TEXT, "", Access.READ, Value.text("a\n\nevent: ended\ndata: {}\n\n"));
        Client client = open("device", "d");
        stream.tick();

        assertThat(client.take()).doesNotContain("\nevent: ended").contains("a\\n\\nevent: ended");
    }

    @Test
    void asking_for_too_much_is_refused() {
        assertThatThrownBy(() -> open("log", "everything")).isInstanceOf(HttpProblem.class)
            .hasMessageContaining("debug, info, warn, error");
        assertThatThrownBy(() -> open("device", "a,".repeat(25) + "b")).isInstanceOf(HttpProblem.class)
            .hasMessageContaining("20 devices");
    }
}
