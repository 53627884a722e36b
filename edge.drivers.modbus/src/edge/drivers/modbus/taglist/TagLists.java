// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus.taglist;

import edge.api.config.ConfigurationImport;
import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Tag lists of Modbus devices from and to other formats. */
@Component(property = ConfigurationImport.PID + "=edge.drivers.modbus")
public final class TagLists implements ConfigurationImport {
    private static final String SCHEMA = "/schema/edge.drivers.modbus.schema.json";
    private static final int MAX_WARNINGS = 200;
    private static final String CSV = "csv";
    private static final String NEURON = "neuron";
    private static final String EDGEX = "edgex";
    private static final String THINGSBOARD = "thingsboard";

    private final String schema;

    @Activate
    public TagLists() throws IOException {
        this(ownSchema());
    }

    TagLists(String schema) {
        this.schema = schema;
    }

    private static String ownSchema() throws IOException {
        try (InputStream in = TagLists.class.getResourceAsStream(SCHEMA)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public List<Format> formats() {
        return List.of(new Format(CSV, "CSV", true), new Format(NEURON, "Neuron (JSON)", false),
            new Format(EDGEX, "EdgeX device profile (YAML or JSON)", false),
            new Format(THINGSBOARD, "ThingsBoard gateway (modbus.json)", false));
    }

    @Override
    public Imported read(String format, String name, String text, Optional<String> current) {
        List<Problem> warnings = new ArrayList<>();
        try {
            List<Device> devices = devices(format, name, text, warnings);
            devices = devices.stream().filter(device -> !device.tags().isEmpty()).toList();
            if (devices.isEmpty()) {
                warnings.add(new Problem(0, 0, "", "there is no tag in it that can be used"));
            }
            List<File> files = new ArrayList<>();
            for (Device device : devices) {
                // Only one device can take the place of the one that there is.
                boolean replaces = devices.size() == 1;
                Map<String, Json> kept = replaces && current.isPresent()
                    ? JsonParser.parse(current.get()).asObject().members() : Map.of();
                if (!kept.containsKey("host") && !device.attributes().containsKey("host") && !kept.containsKey("serialPort")) {
                    device.set("host", "set-the-address-of-the-device");
                    warnings.add(new Problem(0, 0, "host", "the list does not say where " + (replaces ? name : device.name())
                        + " is: set host, port and unit"));
                }
                files.add(new File(replaces ? name : device.name(), ConfigurationText.of(device, kept)));
            }
            return new Imported(List.copyOf(files), few(warnings));
        } catch (JsonException e) {
            warnings.add(0, new Problem(e.line(), e.column(), e.path(), e.getMessage()));
            return new Imported(List.of(), few(warnings));
        }
    }

    /** As many as somebody may read; how many more there are is told. */
    private static List<Problem> few(List<Problem> warnings) {
        if (warnings.size() <= MAX_WARNINGS) {
            return List.copyOf(warnings);
        }
        List<Problem> few = new ArrayList<>(warnings.subList(0, MAX_WARNINGS));
        few.add(new Problem(0, 0, "", "there are " + (warnings.size() - MAX_WARNINGS) + " more like these"));
        return List.copyOf(few);
    }

    private List<Device> devices(String format, String name, String text, List<Problem> warnings) throws JsonException {
        switch (format) {
            case CSV -> {
                Device device = new Device(name);
                List<Problem> problems = new ArrayList<>();
                new Csv(schema).read(text, device, problems);
                warnings.addAll(problems);
                return List.of(device);
            }
            case NEURON -> {
                return new NeuronList(warnings).read(JsonParser.parse(text), name);
            }
            case THINGSBOARD -> {
                return new ThingsBoardList(warnings).read(JsonParser.parse(text), name);
            }
            case EDGEX -> {
                return new EdgexProfile(warnings).read(text.stripLeading().startsWith("{") ? JsonParser.parse(text)
                    : Yaml.parse(text), name);
            }
            default -> throw new IllegalArgumentException("there is no format " + format);
        }
    }

    @Override
    public String write(String format, String text) {
        if (!format.equals(CSV)) {
            throw new IllegalArgumentException("only csv can be written, not " + format);
        }
        try {
            return new Csv(schema).write(JsonParser.parse(text).asObject().get("tags").asArray());
        } catch (JsonException e) {
            throw new IllegalArgumentException("the configuration cannot be read: " + e.getMessage(), e);
        }
    }
}
