// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import edge.api.device.Quality;
import edge.api.device.Quality.Level;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.value.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionTest {
    private static final Quality SENSOR = Quality.bad(Reason.SENSOR, "wire broken");

    private final Field field = new Field();

    private Reading compute(String expression, String type) {
        String text = "{\"tags\": [{\"name\": \"t\", \"type\": \"" + type + "\", \"expression\": \"" + expression + "\"}]}";
        ComputedDevice device = new ComputedDevice("c", text, "", field, field);
        try {
            return device.prepare(device.tags()).run().toCompletableFuture().join().get(0);
        } finally {
            device.close();
        }
    }

    private Value value(String expression, String type) {
        Reading reading = compute(expression, type);
        assertThat(reading.quality()).as(expression).isEqualTo(Quality.GOOD);
        return reading.value();
    }

    private static void refused(String expression, int character, String why) {
        assertThatThrownBy(() -> new Parser(expression, "c", tag -> java.util.Optional.empty()).parse())
            .as(expression).isInstanceOf(ExpressionException.class).hasMessageContaining(why)
            .extracting(e -> ((ExpressionException) e).position() + 1).as("place of: " + why).isEqualTo(character);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "1 + 2 * 3; 7", "(1 + 2) * 3; 9", "2 - 3 - 4; -5", "-2 ^ 2; -4", "2 ^ -1; 0.5", "--3; 3", "7 % 4; 3", "1e3 / .5; 2000",
        "abs(-2.5); 2.5", "round(2.5); 2", "floor(-0.5); -1", "ceil(0.2); 1", "min(3, 1, 2); 1", "max(3, 1, 2); 3",
        "clamp(120, 0, 100); 100", "sqrt(16); 4", "ln(exp(2)); 2", "log10(1000); 3", "bit(6, 1); 1", "bit(6, 0); 0",
        "if(1 < 2, 10, 20); 10", "if(not 1 < 2, 10, 20); 20", "default(1 / 0, 5); 5", "sin(0) + cos(0); 1"
    })
    void numbers_are_computed_as_in_mathematics(String expression, double result) {
        assertThat(((Value.Real) value(expression, "float64")).value()).isEqualTo(result, org.assertj.core.data.Offset.offset(1e-12));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "1 <= 1; true", "1 != 1; false", "1 == 1.0 and 2 > 1; true", "true or 1 / 0 > 1; true", "false and 1 / 0 > 1; false",
        "'a' == 'a'; true", "'a' != 'b'; true", "not not true; true", "true == (1 < 2); true", "1 > 2 or 2 >= 2 and true; true"
    })
    void conditions_are_computed_and_looked_at_only_as_far_as_needed(String expression, boolean result) {
        assertThat(value(expression, "bool")).isEqualTo(Value.of(result));
    }

    @Test
    void tags_of_any_numeric_type_are_numbers() {
        field.set("a/signed", Value.signed(-7));
        field.set("a/unsigned", Value.unsigned(-1));
        field.set("a/b-1.x_2", Value.real(0.5));

        assertThat(value("[a/signed] * [a/b-1.x_2]", "float64")).isEqualTo(Value.real(-3.5));
        assertThat(value("[a/unsigned]", "float64")).isEqualTo(Value.real(0x1p64));
    }

    @Test
    void a_result_is_rounded_to_an_integer_type_and_refused_where_it_does_not_fit() {
        assertThat(value("2.6", "int8")).isEqualTo(Value.signed(3));
        assertThat(value("255.4", "uint8")).isEqualTo(Value.unsigned(255));
        assertThat(value("2 ^ 63", "uint64")).isEqualTo(Value.unsigned(Long.MIN_VALUE));
        assertThat(value("-(2 ^ 63)", "int64")).isEqualTo(Value.signed(Long.MIN_VALUE));
        for (String[] one : new String[][] {{"128", "int8"}, {"255.5", "uint8"}, {"-1", "uint16"}, {"2 ^ 63", "int64"},
            {"2 ^ 64", "uint64"}, {"1e39", "float32"}}) {
            Reading reading = compute(one[0], one[1]);
            assertThat(reading.quality().reason()).as(one[0]).isEqualTo(Reason.OUT_OF_RANGE);
            assertThat(reading.value()).isEqualTo(Value.NONE);
            assertThat(reading.quality().detail()).contains(one[1]);
        }
    }

    @Test
    void the_worst_quality_of_what_was_looked_at_counts() {
        field.set("a/good", Value.real(1));
        field.set("a/unsure", Value.real(2), Quality.uncertain(Reason.SENSOR, "drifts"));
        field.set("a/bad", Value.NONE, SENSOR);

        Reading unsure = compute("[a/good] + [a/unsure]", "float64");
        assertThat(unsure.value()).isEqualTo(Value.real(3));
        assertThat(unsure.quality()).isEqualTo(Quality.uncertain(Reason.SENSOR, "a/unsure: drifts"));
        Reading bad = compute("[a/good] + [a/unsure] + [a/bad]", "float64");
        assertThat(bad.value()).isEqualTo(Value.NONE);
        assertThat(bad.quality()).isEqualTo(Quality.bad(Reason.SENSOR, "a/bad: wire broken"));
        assertThat(value("if([a/good] > 0, 1, [a/bad])", "float64")).isEqualTo(Value.real(1));
        assertThat(compute("[a/gone]", "float64").quality()).isEqualTo(Quality.bad(Reason.NO_DATA, "there is no tag a/gone"));
    }

    @Test
    void an_expression_can_ask_for_quality_and_stand_in_for_what_is_bad() {
        field.set("a/good", Value.real(1));
        field.set("a/bad", Value.NONE, SENSOR);

        assertThat(value("default([a/bad] * 2, [a/good] + 1)", "float64")).isEqualTo(Value.real(2));
        assertThat(value("default([a/good], [a/bad])", "float64")).isEqualTo(Value.real(1));
        assertThat(value("good([a/bad])", "bool")).isEqualTo(Value.FALSE);
        assertThat(value("good([a/good]) and not good([a/none])", "bool")).isEqualTo(Value.TRUE);
        assertThat(compute("default([a/bad], [a/bad])", "float64").quality().reason()).isEqualTo(Reason.SENSOR);
    }

    @Test
    void what_is_undefined_is_bad_and_says_why() {
        field.set("a/zero", Value.real(0));
        field.set("a/flag", Value.TRUE);
        field.set("a/bytes", Value.bytes(new byte[2]));

        assertThat(compute("1 / [a/zero]", "float64").quality().detail()).contains("/ of 1.0 and 0.0 is not a finite number");
        assertThat(compute("1 / [a/zero] > 5", "bool").quality().isBad()).isTrue();
        assertThat(compute("sqrt(-1)", "float64").quality().reason()).isEqualTo(Reason.OUT_OF_RANGE);
        assertThat(compute("[a/flag] + 1", "float64").quality().detail()).contains("true or false where a number is needed");
        assertThat(compute("[a/flag] > 1", "bool").quality().isBad()).isTrue();
        assertThat(compute("[a/bytes] == 1", "bool").quality().detail()).contains("bytes of a/bytes");
        assertThat(compute("[a/zero]", "text").quality().detail()).contains("does not fit the type text");
    }

    @Test
    void the_source_time_is_the_newest_that_was_looked_at() {
        field.set("a/old", Value.real(1));
        Instant old = field.now().wall();
        field.passed = field.passed.plusSeconds(5);
        assertThat(compute("[a/old] + 1", "float64").sourceTime()).isEqualTo(old);
        field.set("a/new", Value.real(1));
        Instant newest = field.now().wall();
        field.passed = field.passed.plusSeconds(5);

        assertThat(compute("[a/new] + [a/old]", "float64").sourceTime()).isEqualTo(newest);
        assertThat(compute("1", "float64").sourceTime()).isEqualTo(field.now().wall());
    }

    @Test
    void what_is_wrong_is_refused_at_its_place() {
        refused("1 +", 4, "a value is expected");
        refused("1 + * 2", 5, "not '*'");
        refused("(1 + 2", 7, ") is expected here, not the end");
        refused("1 2", 3, "should end here");
        refused("temp + 1", 1, "a tag is written in brackets: [temp]");
        refused("[temp] + 1", 1, "this device has no tag temp");
        refused("[a/b/c]", 1, "[device/tag]");
        refused("[a/b", 1, "a tag ends with ]");
        refused("[a/ü]", 1, "[device/tag]");
        refused("'text", 1, "a text ends with '");
        refused("1 = 2", 3, "equality is written ==");
        refused("1 < 2 < 3", 7, "do not chain");
        refused("1 $ 2", 3, "means nothing here");
        refused("1.2.3", 4, "should end here");
        refused("1e", 1, "is not a number");
        refused("1e999", 1, "too great");
        refused("true + 1", 6, "a number is needed on the left of +");
        refused("1 + 'a'", 5, "a number is needed on the right of +");
        refused("not 1", 5, "true or false is needed behind not");
        refused("1 and true", 3, "on the left of and");
        refused("1 == 'a'", 3, "cannot be compared");
        refused("'a' < 'b'", 5, "cannot be compared");
        refused("if(1, 2, 3)", 4, "as the condition of if");
        refused("abs(1, 2)", 9, "abs takes 1 values, not 2");
        refused("min(1)", 6, "min takes 2 to 20 values");
        refused("mean_over(1, 60)", 11, "a tag in brackets is expected");
        refused("mean_over([a/b], 0)", 18, "1 to 86400 seconds");
        refused("eval('1')", 1, "there is no function eval");
        refused("2 ^ 3 ^ 2", 7, "write parentheses");
        refused("", 1, "a value is expected");
    }

    @Test
    void the_cost_is_bounded_by_length_and_depth() {
        refused("1" + "+1".repeat(1000), Parser.MAX_LENGTH + 1, "at most 2000 characters");
        refused("(".repeat(40) + "1" + ")".repeat(40), 31, "nested deeper");
        assertThat(value("1" + "+1".repeat(999), "float64")).isEqualTo(Value.real(1000));
        assertThat(value("-".repeat(1998) + "1", "float64")).isEqualTo(Value.real(1));
    }

    @Test
    void random_text_is_refused_or_computed_but_never_breaks_anything() {
        String[] parts = {"1", "2.5", "[a/b]", "[c/t2]", "'x'", "(", ")", "+", "-", "*", "/", "%", "^", "<", "==", "and", "or", "not",
            "if", "default", "good", "min", "mean_over", ",", "true", " ", "[", "'", "!", "e", "\u00e4", "60"};
        field.set("a/b", Value.real(3));
        Random random = new Random(7);
        int accepted = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(9); n >= 0; n--) {
                text.append(parts[random.nextInt(parts.length)]).append(random.nextBoolean() ? " " : "");
            }
            try {
                Parser parser = new Parser(text.toString(), "c", tag -> java.util.Optional.empty());
                Node node = parser.parse();
                Windows windows = new Windows(parser.windows(), 0);
                node.value(new Evaluation("c", java.util.Map.of(), field, windows, field.now()));
                accepted++;
            } catch (ExpressionException e) {
                assertThat(e.position()).isBetween(0, text.length());
            }
        }
        assertThat(accepted).isGreaterThan(1000);
    }

    @Test
    void a_window_tells_about_the_readings_in_it() {
        String text = "{\"tags\": [" + String.join(",", java.util.stream.Stream.of("min", "max", "mean", "sum", "first", "last", "count")
            .map(f -> "{\"name\": \"" + f + "\", \"expression\": \"" + f + "_over([a/x], 60)\"}").toList()) + "]}";
        ComputedDevice device = new ComputedDevice("c", text, "", field, field);
        double[] values = {5, 1, 9, 3};
        for (double value : values) {
            field.passed = field.passed.plusSeconds(10);
            field.set("a/x", Value.real(value));
        }

        assertThat(window(device)).containsExactly(1.0, 9.0, 4.5, 18.0, 5.0, 3.0, 4.0);
        assertThat(read(device).get(0).quality().level()).as("not watched for a minute yet").isEqualTo(Level.UNCERTAIN);

        field.passed = field.passed.plusSeconds(45);
        assertThat(window(device)).as("5 and then 1 have left").containsExactly(3.0, 9.0, 6.0, 12.0, 9.0, 3.0, 2.0);
        assertThat(read(device).get(0).quality()).isEqualTo(Quality.GOOD);

        field.set("a/x", Value.NONE, SENSOR);
        assertThat(window(device)).as("what is not good does not count").containsExactly(3.0, 9.0, 6.0, 12.0, 9.0, 3.0, 2.0);
        assertThat(read(device).get(2).quality().level()).isEqualTo(Level.UNCERTAIN);

        field.passed = field.passed.plusMinutes(2);
        assertThat(read(device).get(0).quality()).isEqualTo(
            Quality.bad(Reason.NO_DATA, "there is no good reading of a/x in the last 60 s"));
        assertThat(read(device).get(6).value()).isEqualTo(Value.real(0));
        device.close();
        assertThat(field.isObserved()).isFalse();
    }

    private static java.util.List<Reading> read(ComputedDevice device) {
        return device.prepare(device.tags()).run().toCompletableFuture().join();
    }

    private static java.util.List<Double> window(ComputedDevice device) {
        return read(device).stream().map(reading -> ((Value.Real) reading.value()).value()).toList();
    }

    @Test
    void the_mean_of_a_bool_is_the_share_of_time_it_was_true() {
        String text = "{\"tags\": [{\"name\": \"duty\", \"expression\": \"mean_over([a/on], 10)\"}]}";
        ComputedDevice device = new ComputedDevice("c", text, "", field, field);
        for (int i = 0; i < 40; i++) {
            field.passed = field.passed.plus(Duration.ofMillis(1000));
            field.set("a/on", Value.of(i % 4 == 0));
        }

        assertThat(((Value.Real) read(device).get(0).value()).value()).isBetween(0.2, 0.3);
    }
}
