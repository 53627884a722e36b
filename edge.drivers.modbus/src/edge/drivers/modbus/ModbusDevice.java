// SPDX-License-Identifier: Apache-2.0
package edge.drivers.modbus;

import edge.api.config.Configurations;
import edge.api.config.Problem;
import edge.api.device.DeviceFact;
import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.Quality.Reason;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.api.gateway.Gateway;
import edge.api.health.Events;
import edge.api.health.HealthCheck;
import edge.api.health.HealthReport;
import edge.api.value.Value;
import edge.drivers.modbus.client.Link;
import edge.drivers.modbus.client.LinkSettings;
import edge.drivers.modbus.client.ModbusClient;
import edge.drivers.modbus.client.Traffic;
import edge.drivers.modbus.codec.Order;
import edge.drivers.modbus.plan.Knowledge;
import edge.drivers.modbus.plan.Limits;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One device of a configuration {@code edge.drivers.modbus~NAME}. */
@Component(name = ModbusConfig.PID, service = {FieldDevice.class, HealthCheck.class},
    configurationPolicy = ConfigurationPolicy.REQUIRE, immediate = true)
@Designate(ocd = ModbusConfig.class, factory = true)
public final class ModbusDevice implements FieldDevice, HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ModbusDevice.class);

    private final DeviceInfo info;
    private final Station station;
    private final Knowledge knowledge;
    private final Map<String, ModbusTag> tags = new LinkedHashMap<>();
    private final List<Tag> publicTags;
    private final DeviceStatus status;
    private final Link link;
    private final Writer writer;
    private final Identity identity;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile Events events;

    /** @throws IllegalArgumentException if the configuration is wrong; the message names the attribute */
    @Activate
    public ModbusDevice(@Reference ModbusClient client, @Reference Gateway gateway, ModbusConfig config,
        Map<String, Object> properties) {
        String name = name(properties);
        station = new Station(name, Transport.endpoint(config, gateway.data()), config.unit(), config.addressBase(),
            Duration.ofMillis(config.timeout()));
        Limits limits = new Limits(config.maxGap(), config.maxRegisters());
        knowledge = new Knowledge(limits);
        info = new DeviceInfo(name, "edge.drivers.modbus", station.address(), config.description());
        TagDefaults defaults = new TagDefaults(config.addressBase(), order("byteOrder", config.byteOrder()),
            order("wordOrder", config.wordOrder()), limits);
        for (ModbusTag tag : readTags(name, properties, defaults)) {
            tags.put(tag.tag().name(), tag);
        }
        publicTags = tags.values().stream().map(ModbusTag::tag).toList();
        boolean polled = publicTags.stream().anyMatch(tag -> tag.access().canRead());
        status = new DeviceStatus(station, polled, () -> Optional.ofNullable(events));
        LinkSettings settings = new LinkSettings(Duration.ofMillis(config.connectTimeout()), config.maxInFlight(),
            LinkSettings.DEFAULT.maxQueued(), Duration.ofMillis(config.reconnectMin()),
            Duration.ofMillis(config.reconnectMax()));
        link = client.open(station.endpoint(), settings, status::linkChanged);
        writer = new Writer(station, link, status, config.writeMultiple(), config.readWrite());
        identity = new Identity(station, link);
        if (config.identify().equals("always") || config.identify().equals("auto") && !station.endpoint().hasBroadcast()) {
            status.onAnswer(identity::deviceAnswers);
        }
        LOG.info("Device {}: {} tags of {}", name, publicTags.size(), station.address());
    }

    private static String name(Map<String, Object> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        if (!pid.startsWith(ModbusConfig.PID + "~")) {
            throw new IllegalArgumentException("the configuration '" + pid + "' has no device name; it must be "
                + ModbusConfig.PID + "~NAME");
        }
        return pid.substring(ModbusConfig.PID.length() + 1);
    }

    private static Order order(String attribute, String label) {
        return Order.ofLabel(label)
            .orElseThrow(() -> new IllegalArgumentException(attribute + " must be big or little, not " + label));
    }

    private static List<ModbusTag> readTags(String name, Map<String, Object> properties, TagDefaults defaults) {
        if (!(properties.get(Configurations.TEXT_PROPERTY) instanceof String text)) {
            throw new IllegalArgumentException("device " + name + ": the text of its configuration is missing; put it into"
                + " etc/" + ModbusConfig.PID + "~" + name + ".cfg.json");
        }
        List<Problem> problems;
        try {
            TagListReader reader = new TagListReader(JsonParser.parse(text).asObject(), defaults);
            problems = reader.problems();
            if (problems.isEmpty()) {
                return reader.tags();
            }
        } catch (JsonException e) {
            problems = List.of(TagListReader.problem(e));
        }
        throw new IllegalArgumentException("device " + name + ": " + problems.get(0));
    }

    /** Ends the device: what is outstanding completes with PAUSED. */
    @Deactivate
    void close() {
        link.close();
        status.ended();
        LOG.info("Device {} ends", info.name());
    }

    /** What has happened on the line. */
    Traffic traffic() {
        return link.traffic();
    }

    @Override
    public List<DeviceFact> facts() {
        List<DeviceFact> facts = new ArrayList<>();
        new TreeMap<>(identity.texts()).forEach(
            (name, text) -> facts.add(new DeviceFact("identification." + name, Value.text(text), "")));
        Traffic traffic = link.traffic();
        facts.add(counter("requests", traffic.requests(), ""));
        facts.add(counter("answers", traffic.answers(), ""));
        facts.add(counter("exceptions", traffic.exceptions(), ""));
        facts.add(counter("timeouts", traffic.timeouts(), ""));
        facts.add(counter("malformed", traffic.malformed(), ""));
        facts.add(counter("skipped", traffic.skipped(), ""));
        facts.add(counter("busyMillis", traffic.busy().toMillis(), "ms"));
        facts.add(counter("lostMillis", traffic.lost().toMillis(), "ms"));
        return facts;
    }

    private static DeviceFact counter(String name, long value, String unit) {
        return new DeviceFact("line." + name, Value.unsigned(value), unit);
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public List<Tag> tags() {
        return publicTags;
    }

    @Override
    public LinkState link() {
        return status.link();
    }

    @Override
    public String subject() {
        return "device " + info.name();
    }

    @Override
    public HealthReport check() {
        return status.health();
    }

    @Override
    public Scan prepare(List<Tag> scanned) {
        List<ModbusTag> planned = scanned.stream().map(this::known).toList();
        for (ModbusTag tag : planned) {
            if (!tag.tag().access().canRead()) {
                throw new IllegalArgumentException(info.name() + ": the tag " + tag.tag().name() + " cannot be read");
            }
        }
        if (planned.isEmpty()) {
            return () -> CompletableFuture.completedFuture(List.of());
        }
        return new ModbusScan(station, link, status, planned, knowledge);
    }

    private ModbusTag known(Tag tag) {
        ModbusTag known = tags.get(tag.name());
        if (known == null) {
            throw new IllegalArgumentException(info.name() + " has no tag " + tag.name());
        }
        return known;
    }

    @Override
    public CompletionStage<Void> write(Tag tag, Value value) {
        ModbusTag known = tags.get(tag.name());
        if (known == null || !known.tag().access().canWrite()) {
            return writer.refuse(Reason.REJECTED, tag, known == null ? "there is no such tag" : "the tag cannot be written");
        }
        return writer.write(known, value);
    }
}
