// SPDX-License-Identifier: Apache-2.0
package edge.runtime.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import edge.api.health.LogBook;
import edge.api.health.LogBook.Level;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLoggerFactory;

class LogBookTest {
    private final LoggerContext logback = new LoggerContext();
    private final LogbackLogBook book = new LogbackLogBook(logback);
    private final Logger log = logback.getLogger("edge.some.Room");

    @Test
    void what_is_logged_is_in_the_book_with_its_trace() {
        log.info("started {}", 1);
        log.error("failed", new IllegalStateException("for the test"));

        assertThat(book.lines(0, Level.DEBUG, 10)).satisfiesExactly(
            line -> {
                assertThat(line.number()).isEqualTo(1);
                assertThat(line.logger()).isEqualTo("edge.some.Room");
                assertThat(line.text()).isEqualTo("started 1");
                assertThat(line.trace()).isEmpty();
                assertThat(line.time()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
            },
            line -> {
                assertThat(line.level()).isEqualTo(Level.ERROR);
                assertThat(line.trace()).contains("IllegalStateException: for the test").contains("\n\tat ");
            });
    }

    @Test
    void lines_are_chosen_by_number_level_and_count_and_come_oldest_first() {
        for (int i = 1; i <= 10; i++) {
            log.warn("warning {}", i);
            log.debug("detail {}", i);
        }

        assertThat(book.lines(0, Level.WARN, 3)).extracting(LogBook.Line::text)
            .containsExactly("warning 8", "warning 9", "warning 10");
        assertThat(book.lines(17, Level.DEBUG, 100)).extracting(LogBook.Line::number).containsExactly(18L, 19L, 20L);
        assertThat(book.lines(20, Level.DEBUG, 100)).isEmpty();
        assertThat(book.lines(0, Level.ERROR, 100)).isEmpty();
        assertThat(book.lines(0, Level.DEBUG, 0)).isEmpty();
    }

    @Test
    void a_line_is_one_line_and_harmless_in_a_terminal() {
        log.info("user \u001b[2J{}", "evil\nERROR all lost");

        assertThat(book.lines(0, Level.DEBUG, 1).get(0).text()).isEqualTo("user \\u001b[2Jevil\\u000aERROR all lost");
    }

    @Test
    void the_book_is_bounded_in_lines() {
        for (int i = 0; i < LogRing.CAPACITY + 100; i++) {
            log.info("line {}", i);
        }

        assertThat(book.lines(0, Level.DEBUG, Integer.MAX_VALUE)).hasSize(LogRing.CAPACITY);
        assertThat(book.lines(0, Level.DEBUG, Integer.MAX_VALUE).get(0).number()).isEqualTo(101);
    }

    @Test
    void the_book_is_bounded_in_characters_however_long_the_lines_are() {
        for (int i = 0; i < 500; i++) {
            log.info("x".repeat(100_000), new RuntimeException("y".repeat(100_000)));
        }

        int characters = book.lines(0, Level.DEBUG, Integer.MAX_VALUE).stream()
            .mapToInt(line -> line.text().length() + line.trace().length()).sum();
        assertThat(characters).isBetween(LogRing.MAX_CHARACTERS / 2, LogRing.MAX_CHARACTERS);
    }

    @Test
    void nothing_is_left_in_logback_when_the_component_goes() {
        book.close();
        log.info("unheard");

        assertThat(logback.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(LogbackLogBook.APPENDER)).isNull();
        assertThat(book.lines(0, Level.DEBUG, 10)).isEmpty();
    }

    @Test
    void without_logback_it_says_what_is_missing() {
        assertThatThrownBy(() -> new LogbackLogBook(new NOPLoggerFactory())).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("Logback");
    }
}
