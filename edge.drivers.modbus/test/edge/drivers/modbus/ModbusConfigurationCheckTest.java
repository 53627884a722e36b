// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModbusConfigurationCheckTest {
    private final ModbusConfigurationCheck check = new ModbusConfigurationCheck();

    private List<Problem> tags(String tags) {
        return check.check("boiler-1", "{\"host\": \"plc\", \"tags\": [\n" + tags + "\n]}");
    }

    @Test
    void a_huge_exponent_is_refused_and_no_long_wait() {
        for (String attribute : List.of("baudRate", "turnaround", "retries", "maxGap")) {
            assertThat(check.check("boiler-1", "{\"host\": \"plc\", \"" + attribute + "\": 1e999999999, \"tags\": ["
                + "{\"name\": \"a\", \"table\": \"coil\", \"address\": 0}]}")).as(attribute).isNotEmpty();
        }
    }

    @Test
    void a_right_configuration_has_no_problem() {
        assertThat(check.check("boiler-1", """
            {
              "host": "10.0.0.5", "port": 502, "unit": 1, "timeout": 500, "byteOrder": "big", "wordOrder": "little",
              "addressBase": 1, "maxGap": 0, "maxRegisters": 4, "reconnectMin": 100, "reconnectMax": 100,
              "tags": [
                {"name": "a", "table": "holding", "address": 65536, "type": "int16", "access": "read-write", "min": 1, "max": 1},
                {"name": "b", "table": "input", "address": 1, "type": "float64", "scale": 0.5, "offset": 1, "unit": "bar"},
                {"name": "c", "table": "holding", "address": 1, "type": "bool", "bit": 15},
                {"name": "d", "table": "holding", "address": 1, "bit": 0, "onChange": true, "heartbeat": 60000},
                {"name": "e", "reference": "00001", "access": "write"},
                {"name": "f", "reference": "365536", "onChange": true, "deadband": 0.5, "period": 10},
                {"name": "g", "table": "discrete", "address": 1, "type": "bool", "scale": 1, "offset": 0, "deadband": 0,
                 "heartbeat": 0, "onChange": false, "period": 1000, "description": "with what a form writes by itself"},
                {"name": "h", "reference": "400010.4", "access": "read-write", "verify": true},
                {"name": "i", "table": "input", "address": 1, "type": "uint8", "half": "high", "clamp": [0, 100]},
                {"name": "j", "table": "input", "address": 1, "type": "text", "length": 7, "byteOrder": "little"},
                {"name": "k", "table": "input", "address": 1, "type": "float64", "order": "GHEFCDAB"},
                {"name": "l", "table": "holding", "address": 1, "type": "bcd32", "texts": {"0": "off", "1": "on"},
                 "access": "write"}
              ]
            }
            """)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"table": "coil", "address": 0}                                             | 1  | tags[0]            | 'name' is missing
        {"name": "a b", "table": "coil", "address": 0}                              | 10 | tags[0].name       | must be 1 to 64
        {"name": "a", "address": 0}                                                 | 1  | tags[0]            | 'table' is missing
        {"name": "a", "table": "coil"}                                              | 1  | tags[0]            | 'address' is missing
        {"name": "a", "table": "coils", "address": 0}                               | 24 | tags[0].table      | must be one of coil, discrete, input, holding
        {"name": "a", "table": "coil", "address": 65536}                            | 43 | tags[0].address    | from 0 to 65535
        {"name": "a", "table": "coil", "address": 1.5}                              | 43 | tags[0].address    | whole number
        {"name": "a", "reference": "40000"}                                         | 28 | tags[0].reference  | 00001 to 65536
        {"name": "a", "reference": "20001"}                                         | 28 | tags[0].reference  | 0, 1, 3 or 4
        {"name": "a", "reference": "40001", "table": "input"}                       | 28 | tags[0].reference  | use either
        {"name": "a", "table": "holding", "address": 65535, "type": "int32"}        | 46 | tags[0].address    | takes 2 registers
        {"name": "a", "table": "holding", "address": 0, "type": "int9"}             | 57 | tags[0].type       | must be one of bool, int8
        {"name": "a", "table": "coil", "address": 0, "type": "int16"}               | 54 | tags[0].type       | is a bool
        {"name": "a", "table": "holding", "address": 0, "type": "bool"}             | 57 | tags[0].type       | needs the attribute bit
        {"name": "a", "table": "holding", "address": 0, "bit": 16}                  | 56 | tags[0].bit        | from 0 to 15
        {"name": "a", "table": "holding", "address": 0, "type": "int16", "bit": 1}  | 73 | tags[0].bit        | only a bool
        {"name": "a", "table": "coil", "address": 0, "bit": 1}                      | 53 | tags[0].bit        | no meaning
        {"name": "a", "table": "coil", "address": 0, "scale": 2}                    | 55 | tags[0].scale      | no meaning
        {"name": "a", "table": "input", "address": 0, "bit": 1, "scale": 2}         | 66 | tags[0].scale      | for numbers
        {"name": "a", "table": "input", "address": 0, "scale": 0}                   | 56 | tags[0].scale      | must not be 0
        {"name": "a", "table": "input", "address": 0, "wordOrder": "middle"}        | 60 | tags[0].wordOrder  | big, little
        {"name": "a", "table": "input", "address": 0, "access": "write"}            | 57 | tags[0].access     | cannot be written
        {"name": "a", "table": "discrete", "address": 0, "access": "read-write"}    | 60 | tags[0].access     | cannot be written
        {"name": "a", "reference": "00001.3"}                                       | 28 | tags[0].reference  | bit of a register
        {"name": "a", "reference": "40001.3", "bit": 3}                             | 46 | tags[0].bit        | already
        {"name": "a", "table": "input", "address": 0, "type": "text"}               | 1  | tags[0]            | 'length' is missing
        {"name": "a", "table": "input", "address": 0, "type": "text", "length": 4, "scale": 2} | 85 | tags[0].scale | for numbers
        {"name": "a", "table": "input", "address": 0, "length": 4}                  | 57 | tags[0].length     | for text and bytes
        {"name": "a", "table": "input", "address": 0, "half": "high"}               | 55 | tags[0].half       | int8 and uint8
        {"name": "a", "table": "input", "address": 0, "type": "int8", "half": "top"} | 71 | tags[0].half      | low, high
        {"name": "a", "table": "input", "address": 0, "type": "int32", "order": "CDA"} | 73 | tags[0].order   | each of ABCD once
        {"name": "a", "table": "input", "address": 0, "type": "int32", "order": "CDAA"} | 73 | tags[0].order  | each of ABCD once
        {"name": "a", "table": "input", "address": 0, "order": "BA", "byteOrder": "little"} | 75 | tags[0].byteOrder | by order already
        {"name": "a", "table": "input", "address": 0, "clamp": [5, 1]}              | 56 | tags[0].clamp      | smallest
        {"name": "a", "table": "input", "address": 0, "clamp": [0, 1.5]}            | 56 | tags[0].clamp      | whole numbers
        {"name": "a", "table": "coil", "address": 0, "clamp": [0, 1]}               | 55 | tags[0].clamp      | for numbers
        {"name": "a", "table": "input", "address": 0, "texts": {"x": "y"}}          | 62 | tags[0].texts.x    | not a whole number
        {"name": "a", "table": "input", "address": 0, "texts": {"0": "y", "1": "y"}} | 72 | tags[0].texts.1   | two numbers
        {"name": "a", "table": "input", "address": 0, "scale": 2, "texts": {"0": "y"}} | 68 | tags[0].texts   | not scaled
        {"name": "a", "table": "input", "address": 0, "verify": true}               | 57 | tags[0].verify     | about writing
        {"name": "a", "table": "coil", "address": 0, "access": "rw"}                | 56 | tags[0].access     | must be one of
        {"name": "a", "table": "holding", "address": 0, "max": 5}                   | 56 | tags[0].max        | access read
        {"name": "a", "table": "holding", "address": 0, "access": "write", "min": 2, "max": 1} | 75 | tags[0].min | above max
        {"name": "a", "table": "coil", "address": 0, "access": "write", "min": 0}   | 72 | tags[0].min        | for numbers
        {"name": "a", "table": "coil", "address": 0, "period": 9}                   | 56 | tags[0].period     | from 10 to
        {"name": "a", "table": "input", "address": 0, "deadband": 1}                | 59 | tags[0].deadband   | onChange
        {"name": "a", "table": "input", "address": 0, "onChange": true, "deadband": -1} | 77 | tags[0].deadband | 0 or more
        {"name": "a", "table": "coil", "address": 0, "onChange": true, "deadband": 1} | 76 | tags[0].deadband | for numbers
        {"name": "a", "table": "coil", "adress": 0}                                 | 42 | tags[0].adress     | unknown attribute
        7                                                                           | 1  | tags[0]            | must be an object
        """)
    void a_wrong_tag_is_refused_at_its_place(String tag, int column, String attribute, String message) {
        List<Problem> problems = tags(tag);

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).line()).isEqualTo(2);
        assertThat(problems.get(0).column()).isEqualTo(column);
        assertThat(problems.get(0).attribute()).isEqualTo(attribute);
        assertThat(problems.get(0).message()).contains(message);
    }

    @Test
    void every_wrong_tag_is_named_and_two_of_one_name_too() {
        assertThat(tags("""
            {"name": "a", "table": "coil", "address": 0},
            {"name": "b", "table": "coil", "address": -1},
            {"name": "a", "table": "coil", "address": 1}""")).extracting(Problem::toString).containsExactly(
                "line 3, column 43: tags[1].address: must be a whole number from 0 to 65535, not -1",
                "line 4, column 10: tags[2].name: the tag in line 2 is called 'a' already; names must differ");
    }

    @Test
    void wrong_scalars_and_names_are_refused() {
        assertThat(check.check("boiler 1", "{\"host\": \"plc\", \"tags\": [{\"name\": \"a\", \"reference\": \"40001\"}]}"))
            .singleElement().satisfies(problem -> assertThat(problem.message()).contains("edge.drivers.modbus~NAME.cfg.json"));
        assertThat(check.check("a", "{\"host\": \" \", \"reconnectMin\": 20000, \"tags\": []}"))
            .extracting(Problem::attribute).containsExactly("host", "reconnectMin", "tags");
        for (String host : List.of("10.0.0.5:502", "modbus-tcp://plc", "plc 1", "")) {
            assertThat(check.check("a", "{\"host\": \"" + host + "\", \"tags\": [{\"name\": \"a\", \"reference\": \"40001\"}]}"))
                .as(host).extracting(Problem::attribute).containsExactly("host");
        }
        for (String host : List.of("10.0.0.5", "plc-1.plant.example", "::1", "fe80::1%eth0", "2001:db8::5")) {
            assertThat(check.check("a", "{\"host\": \"" + host + "\", \"tags\": [{\"name\": \"a\", \"reference\": \"40001\"}]}"))
                .as(host).isEmpty();
        }
        String tags = "\"tags\": [{\"name\": \"a\", \"reference\": \"40001\"}]}";
        for (String good : List.of("\"transport\": \"rtu\", \"serialPort\": \"/dev/ttyS1\", \"unit\": 247, \"retries\": 0",
            "\"transport\": \"rtu\", \"serialPort\": \"/dev/ttyS1\", \"host\": \"\", \"port\": 0, \"maxInFlight\": 1",
            "\"host\": \"plc\", \"baudRate\": 19200, \"rs485Termination\": false, \".keyStorePassword\": \"\"",
            "\"transport\": \"tls\", \"host\": \"plc\", \"caFile\": \"ca.pem\"",
            "\"transport\": \"udp\", \"host\": \"plc\", \"maxInFlight\": 4",
            "\"transport\": \"ascii\", \"serialPort\": \"/dev/ttyS1\", \"dataBits\": 7",
            "\"transport\": \"rtu-over-tcp\", \"host\": \"plc\", \"port\": 4001")) {
            assertThat(check.check("a", "{" + good + ", " + tags)).as(good).isEmpty();
        }
        for (List<String> bad : List.of(List.of("\"transport\": \"ipx\", \"host\": \"plc\"", "transport"),
            List.of("\"transport\": \"udp\", \"host\": \"plc\", \"keyStore\": \"a.p12\"", "keyStore"),
            List.of("\"transport\": \"rtu\", \"serialPort\": \"/dev/ttyS1\", \"dataBits\": 7", "dataBits"),
            List.of("\"transport\": \"rtu\", \"serialPort\": \"ttyS1\"", "serialPort"),
            List.of("\"transport\": \"rtu\", \"serialPort\": \"/dev/../etc/passwd\"", "serialPort"),
            List.of("\"transport\": \"rtu\", \"serialPort\": \"/dev/ttyS1\", \"host\": \"plc\"", "host"),
            List.of("\"transport\": \"rtu\", \"serialPort\": \"/dev/ttyS1\", \"unit\": 248", "unit"),
            List.of("\"transport\": \"rtu\", \"serialPort\": \"/dev/ttyS1\", \"unit\": 0", "unit"),
            List.of("\"host\": \"plc\", \"baudRate\": 9600", "baudRate"),
            List.of("\"host\": \"plc\", \"caFile\": \"ca.pem\"", "caFile"))) {
            assertThat(check.check("a", "{" + bad.get(0) + ", " + tags)).as(bad.get(0)).singleElement()
                .satisfies(problem -> assertThat(problem.attribute()).isEqualTo(bad.get(1)));
        }
        assertThat(check.check("a", "{\"tags\": 1}")).extracting(Problem::message).containsExactly("'host' is missing");
        assertThat(check.check("a", "{\"host\": \"plc\"}")).extracting(Problem::message).containsExactly("'tags' is missing");
        assertThat(check.check("a", "{\"host\": \"plc\", \"maxRegisters\": 2, \"tags\": [{\"name\": \"a\", \"reference\":"
            + " \"40001\", \"type\": \"int64\"}]}")).extracting(Problem::message).containsExactly(
                "a int64 takes 4 registers, but maxRegisters of this device is 2");
        assertThat(check.check("a", "{\"host\": ")).singleElement()
            .satisfies(problem -> assertThat(problem.line()).isEqualTo(1));
    }

    @Test
    void the_schema_knows_the_attributes_of_the_reader_and_only_the_words_that_forms_understand() throws Exception {
        Path classes = Path.of(ModbusConfigurationCheck.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String text = Files.readString(classes.resolveSibling("resources/schema/edge.drivers.modbus.schema.json"));
        Json.Obj root = JsonParser.parse(text).asObject();
        words(root);
        Json.Obj items = root.get("properties").asObject().get("tags").asObject().get("items").asObject();
        Set<String> attributes = items.get("properties").asObject().members().keySet();

        assertThat(attributes).containsExactlyInAnyOrderElementsOf(TagListReader.ATTRIBUTES);
    }

    private static void words(Json.Obj schema) throws Exception {
        assertThat(Set.of("type", "properties", "required", "additionalProperties", "items", "enum", "minimum", "maximum",
            "pattern", "minItems", "description", "default")).containsAll(schema.members().keySet());
        if (schema.has("items")) {
            words(schema.get("items").asObject());
        }
        if (schema.has("properties")) {
            for (Json property : schema.get("properties").asObject().members().values()) {
                words(property.asObject());
            }
        }
    }
}
