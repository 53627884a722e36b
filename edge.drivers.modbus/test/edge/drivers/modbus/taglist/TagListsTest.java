// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.taglist;

import static org.assertj.core.api.Assertions.assertThat;

import edge.api.config.ConfigurationImport.File;
import edge.api.config.ConfigurationImport.Format;
import edge.api.config.ConfigurationImport.Imported;
import edge.api.config.Problem;
import edge.drivers.modbus.ModbusConfigurationCheck;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.JsonWriter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TagListsTest {
    private static final String CONFIGURATION = """
        {"host": "10.0.0.5", "unit": 3, "groups": {"slow": 60000}, "tags": [
          {"name": "temperature", "table": "holding", "address": 100, "type": "int16", "scale": 0.1, "unit": "°C", "group": "slow"},
          {"name": "pump", "table": "coil", "address": 0, "access": "read-write", "description": "the \\"big\\" one, left"},
          {"name": "level", "table": "input", "address": 7, "type": "float32", "onChange": true, "description": "=1+1"}
        ]}
        """;

    private final TagLists lists = new TagLists(schema());

    private static String schema() {
        try {
            return Files.readString(Path.of(TagListsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .resolveSibling("resources/schema/edge.drivers.modbus.schema.json"));
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Json.Obj tag(File file, int index) throws JsonException {
        return JsonParser.parse(file.text()).asObject().get("tags").asArray().get(index).asObject();
    }

    private static void assertValid(Imported imported) {
        assertThat(imported.files()).isNotEmpty();
        for (File file : imported.files()) {
            assertThat(new ModbusConfigurationCheck().check(file.name(), file.text())).as(file.text()).isEmpty();
        }
    }

    private static List<String> texts(Imported imported) {
        return imported.warnings().stream().map(Problem::toString).toList();
    }

    @Test
    void what_is_exported_is_imported_as_it_was() throws JsonException {
        String csv = lists.write("csv", CONFIGURATION);
        Imported imported = lists.read("csv", "boiler", csv, Optional.of(CONFIGURATION));

        assertThat(csv.lines().findFirst().orElseThrow()).startsWith("name,table,address,type,").doesNotContain("bit");
        assertThat(csv).contains("'=1+1").contains("\"the \"\"big\"\" one, left\"");
        assertThat(texts(imported)).isEmpty();
        assertValid(imported);
        assertThat(lists.write("csv", imported.files().get(0).text())).isEqualTo(csv);
        Json.Obj root = JsonParser.parse(imported.files().get(0).text()).asObject();
        assertThat(root.text("host")).isEqualTo("10.0.0.5");
        assertThat(root.integer("unit", 0, 255)).isEqualTo(3);
        assertThat(tag(imported.files().get(0), 2).text("description")).isEqualTo("=1+1");
        assertThat(tag(imported.files().get(0), 0).get("scale").asNumber()).isEqualTo(0.1);
        assertThat(tag(imported.files().get(0), 2).bool("onChange", false)).isTrue();
    }

    @Test
    void what_a_spreadsheet_makes_of_it_is_read_too() throws JsonException {
        String excel = "\ufeffname;table;address;type;onChange;description\r\na;holding;10;int16;TRUE;\"two\nlines; and more\"\r\n;;;;;\r\n";
        Imported imported = lists.read("csv", "boiler", excel, Optional.of(CONFIGURATION));

        assertThat(texts(imported)).isEmpty();
        assertValid(imported);
        assertThat(tag(imported.files().get(0), 0).text("description")).isEqualTo("two\nlines; and more");
    }

    @Test
    void a_cell_that_is_wrong_is_told_with_line_column_and_attribute() {
        String csv = "name,table,address,scale,onChange\na,holding,1x,\"0,5\",maybe\n,holding,1\nb,holding,2,1,true,more\nb,holding,3\n";
        assertThat(texts(lists.read("csv", "boiler", csv, Optional.of(CONFIGURATION)))).containsExactly(
            "line 2, column 11: address: must be a number with a point, not '1x'",
            "line 2, column 14: scale: must be a number with a point, not '0,5'",
            "line 2, column 20: onChange: must be true or false, not 'maybe'",
            "line 3, column 1: name: the tag has no name",
            "line 4, column 20: there are more cells than columns");
        Imported unknown = lists.read("csv", "boiler", "name,adress,name\na,1,2\n", Optional.empty());
        assertThat(unknown.files()).isEmpty();
        assertThat(texts(unknown).get(0)).startsWith("line 1, column 6: adress: there is no such attribute; known are name, table");
        assertThat(texts(unknown).get(1)).contains("twice");
        assertThat(texts(lists.read("csv", "boiler", "name\n\"a", Optional.empty())).get(0)).startsWith("line 2, column 1: the cell");
        assertThat(texts(lists.read("csv", "boiler", "", Optional.empty())).get(0)).contains("the list is empty");
    }

    @Test
    void no_cell_begins_as_a_formula_and_each_comes_back_as_it_was() throws JsonException {
        for (String text : List.of("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''-1", "'a")) {
            String configuration = "{\"host\": \"a\", \"tags\": [{\"name\": \"-x\", \"table\": \"coil\", \"address\": 0, \"description\": "
                + JsonWriter.text(new Json.Text(Device.NOWHERE, text)) + "}]}";
            String csv = lists.write("csv", configuration);
            assertThat(csv.lines().skip(1).findFirst().orElseThrow()).as(text).startsWith("'-x,coil,0,")
                .doesNotContain(",=", ",+", ",-", ",@", "\"\t");
            assertThat(tag(lists.read("csv", "boiler", csv, Optional.empty()).files().get(0), 0).text("description")).isEqualTo(text);
        }
    }

    @Test
    void a_hostile_list_is_refused_soon_with_few_words() {
        for (String hostile : List.of(",".repeat(600_000), "name\n" + "a\n".repeat(600_000), "name,address\na," + "9".repeat(1_000_000),
            "\0\1\u00ff".repeat(100_000), "name\n\"" + "x".repeat(1_000_000), "name\n" + "a\n".repeat(100_000))) {
            Imported imported = lists.read("csv", "boiler", hostile, Optional.of(CONFIGURATION));
            assertThat(imported.warnings()).isNotEmpty().hasSizeLessThanOrEqualTo(201);
            assertThat(imported.warnings()).allMatch(problem -> problem.message().length() < 2_000);
        }
        for (String format : List.of("neuron", "thingsboard", "edgex")) {
            for (String hostile : List.of("[".repeat(100_000), "{\"a\":".repeat(100_000), "- ".repeat(100_000), "a: {".repeat(100_000), "\0",
                "{\"tags\": 1e999999999}", "{\"tags\": [], \"tags\": []}")) {
                Imported imported = lists.read(format, "boiler", hostile, Optional.of(CONFIGURATION));
                assertThat(imported.files()).isEmpty();
                assertThat(imported.warnings()).isNotEmpty();
            }
        }
    }

    @Test
    void neurons_tags_become_a_device_for_each_slave() throws JsonException {
        Imported imported = lists.read("neuron", "plc", """
            {"nodes": [{"name": "plc", "plugin": "Modbus TCP"}],
             "groups": [{"driver": "plc", "group": "fast", "interval": 500}],
             "settings": [{"node": "plc", "params": {"host": "10.0.0.8", "port": 503, "timeout": 3000}}],
             "tags": [{"driver": "plc", "group": "fast", "tags": [
               {"name": "speed", "address": "1!400011", "type": 4, "attribute": 3, "decimal": 0.1, "description": "of the pump"},
               {"name": "flow rate", "address": "1!300001", "type": 9, "attribute": 1},
               {"name": "alarm", "address": "1!400020.4", "type": 11, "attribute": 1},
               {"name": "on", "address": "2!000001", "type": 11, "attribute": 3},
               {"name": "total", "address": "2!400001#BL", "type": 6, "attribute": 1},
               {"name": "text", "address": "2!400030.10H", "type": 13, "attribute": 1},
               {"name": "far", "address": "2!40001x", "type": 3, "attribute": 1}
             ]}]}
            """, Optional.empty());

        assertThat(imported.files()).extracting(File::name).containsExactly("plc-1", "plc-2");
        assertValid(imported);
        File first = imported.files().get(0);
        assertThat(first.text()).contains("\"host\": \"10.0.0.8\"", "\"port\": 503", "\"unit\": 1", "\"timeout\": 3000");
        assertThat(JsonWriter.text(tag(first, 0))).isEqualTo("{\"name\":\"speed\",\"table\":\"holding\",\"address\":10,"
            + "\"type\":\"uint16\",\"scale\":0.1,\"access\":\"read-write\",\"description\":\"of the pump\",\"period\":500}");
        assertThat(tag(first, 1).text("type")).isEqualTo("float32");
        assertThat(tag(first, 2).integer("bit", 0, 15)).isEqualTo(4);
        assertThat(tag(imported.files().get(1), 0).text("access")).isEqualTo("read-write");
        assertThat(tag(imported.files().get(1), 1).text("wordOrder")).isEqualTo("little");
        assertThat(texts(imported)).hasSize(4).allMatch(text -> text.startsWith("line "));
        assertThat(texts(imported).get(0)).contains("'flow rate' cannot be a name; the tag is called flow_rate");
        assertThat(texts(imported).get(1)).contains("#BL means different orders of bytes");
        assertThat(texts(imported).get(2)).startsWith("line 10, ").contains("texts, bytes", "left out");
        assertThat(texts(imported).get(3)).startsWith("line 11, ").contains("no address such as 1!400001");
    }

    @Test
    void an_edgex_profile_becomes_a_device_whose_address_is_to_be_set() throws JsonException {
        String yaml = """
            # a made-up heat pump
            name: "heat-pump"
            description: "Heat pump in the cellar"
            labels:
            - "hvac"
            deviceResources:
            -
              name: "Flow Temperature"
              isHidden: false
              attributes:
                { primaryTable: "HOLDING_REGISTERS", startingAddress: 5, rawType: "Int16" }
              properties:
                valueType: "Float32"
                readWrite: "RW"
                scale: 0.1
                minimum: 20   # degrees
                maximum: 60
                units: "°C"
            - name: Energy
              attributes: {primaryTable: INPUT_REGISTERS, startingAddress: "30", isWordSwap: true}
              properties: {valueType: "Uint32", readWrite: "R", mask: 255}
            - name: "Fault"
              attributes:
                primaryTable: "HOLDING_REGISTERS"
                startingAddress: 10.10
              properties:
                valueType: "Bool"
                readWrite: "R"
            - name: Odd
              attributes: { primaryTable: "INPUT_REGISTERS", startingAddress: 10.5 }
              properties: { valueType: "Int16", readWrite: "R" }
            deviceCommands: []
            """;
        Imported imported = lists.read("edgex", "heat-pump", yaml, Optional.empty());

        assertThat(imported.files()).hasSize(1);
        assertValid(imported);
        assertThat(JsonWriter.text(tag(imported.files().get(0), 0))).isEqualTo("{\"name\":\"Flow_Temperature\","
            + "\"table\":\"holding\",\"address\":5,\"type\":\"int16\",\"scale\":0.1,\"min\":20,\"max\":60,\"access\":\"read-write\","
            + "\"unit\":\"°C\"}");
        assertThat(tag(imported.files().get(0), 1).text("wordOrder")).isEqualTo("little");
        assertThat(texts(imported)).hasSize(5);
        assertThat(texts(imported).get(0)).startsWith("line 8, column 9: ").contains("Flow_Temperature");
        assertThat(texts(imported).get(1)).startsWith("line 21, column ").contains("mask: this property of Energy is not translated");
        assertThat(texts(imported).get(2)).startsWith("line 27, ").contains("Fault cannot be translated");
        assertThat(texts(imported).get(3)).startsWith("line 30, column ").contains("whole number");
        assertThat(texts(imported).get(4)).contains("host: the list does not say where heat-pump is");
    }

    @Test
    void a_profile_can_replace_the_tags_of_a_device_that_there_is() throws JsonException {
        Imported imported = lists.read("edgex", "boiler", """
            {"name": "p", "deviceResources": [{"name": "run", "attributes": {"primaryTable": "COILS", "startingAddress": 3},
              "properties": {"valueType": "Bool", "readWrite": "RW"}}]}
            """, Optional.of(CONFIGURATION));

        assertValid(imported);
        assertThat(imported.warnings()).isEmpty();
        Json.Obj root = JsonParser.parse(imported.files().get(0).text()).asObject();
        assertThat(root.text("host")).isEqualTo("10.0.0.5");
        assertThat(root.get("tags").asArray()).hasSize(1);
    }

    @Test
    void each_slave_of_the_thingsboard_gateway_becomes_a_device() throws JsonException {
        Imported imported = lists.read("thingsboard", "tb", """
            {"master": {"slaves": [
              {"host": "10.0.0.9", "port": 5021, "type": "tcp", "unitId": 2, "deviceName": "Cold Store", "timeout": 35,
               "byteOrder": "BIG", "wordOrder": "LITTLE", "pollPeriod": 2000,
               "attributes": [{"tag": "power", "type": "16int", "functionCode": 3, "objectsCount": 1, "address": 2, "divider": 10}],
               "timeseries": [
                 {"tag": "energy", "type": "32float", "functionCode": 4, "objectsCount": 2, "address": 8},
                 {"tag": "relay", "type": "bits", "functionCode": 1, "objectsCount": 1, "address": 1, "bitTargetType": "bool"},
                 {"tag": "many", "type": "bits", "functionCode": 1, "objectsCount": 4, "address": 4},
                 {"tag": "label", "type": "string", "functionCode": 3, "objectsCount": 8, "address": 40},
                 {"tag": "wide", "type": "32int", "functionCode": 3, "objectsCount": 1, "address": 60}],
               "attributeUpdates": [{"tag": "relay", "type": "bits", "functionCode": 5, "objectsCount": 1, "address": 1}],
               "rpc": [{"tag": "reset", "type": "16int", "functionCode": 6, "objectsCount": 1, "address": 99}]},
              {"host": "10.0.0.10", "type": "serial", "deviceName": "Meter", "timeseries": [
                 {"tag": "u", "type": "16uint", "functionCode": 4, "objectsCount": 1, "address": 0}]}
            ]}}
            """, Optional.empty());

        assertThat(imported.files()).extracting(File::name).containsExactly("Cold_Store", "Meter");
        assertValid(imported);
        File store = imported.files().get(0);
        assertThat(store.text()).contains("\"unit\": 2", "\"wordOrder\": \"little\"", "\"timeout\": 35000");
        assertThat(JsonWriter.text(tag(store, 0))).isEqualTo("{\"name\":\"power\",\"table\":\"holding\",\"address\":2,"
            + "\"type\":\"int16\",\"scale\":0.1,\"period\":2000}");
        assertThat(tag(store, 2).text("access")).isEqualTo("read-write");
        assertThat(texts(imported)).hasSize(5);
        assertThat(String.join("\n", texts(imported))).contains("several bits in one value", "label cannot be translated",
            "a int32 takes 2 registers", "only written is not translated", "only tcp is translated");
    }

    @Test
    void what_is_no_list_at_all_is_told_and_never_breaks_anything() {
        for (Format format : lists.formats()) {
            for (String text : List.of("", "[]", "{}", "null", "{\"tags\": 3}", "a: b: c", "{\"master\": {}}", "\u0000", "- - - -",
                "deviceResources:\n  - {", "x: |\n  y", "&a")) {
                Imported imported = lists.read(format.id(), "x", text, Optional.empty());
                assertThat(imported.files()).as(format.id() + " " + text).isEmpty();
                assertThat(imported.warnings()).isNotEmpty();
            }
        }
        Random random = new Random(3);
        String alphabet = "abz: -\n{}[],\"'#0.1!\t&";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "deviceResources:\n" : "");
            for (int n = random.nextInt(30); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            lists.read("edgex", "x", text.toString(), Optional.empty());
            lists.read("csv", "x", "name," + text, Optional.empty());
        }
    }
}
