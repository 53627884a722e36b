// SPDX-License-Identifier: Apache-2.0
package edge.runtime.computed;

import edge.api.config.Configurations;
import edge.api.config.Problem;
import edge.api.device.DeviceException;
import edge.api.device.DeviceInfo;
import edge.api.device.FieldDevice;
import edge.api.device.LinkState;
import edge.api.device.Quality.Reason;
import edge.api.device.Reading;
import edge.api.device.Scan;
import edge.api.device.Tag;
import edge.api.device.TagTable;
import edge.api.gateway.GatewayClock;
import edge.api.gateway.Moment;
import edge.api.value.Value;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.runtime.computed.ComputedTags.Computed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device of a configuration {@code edge.computed~NAME}: its tags are computed from the last known values of others. To
 * everybody else it is a device like any other; so its tags can be computed from in turn.
 */
@Component(name = ComputedConfig.PID, service = FieldDevice.class, configurationPolicy = ConfigurationPolicy.REQUIRE,
    immediate = true)
@Designate(ocd = ComputedConfig.class, factory = true)
public final class ComputedDevice implements FieldDevice {
    private static final Logger LOG = LoggerFactory.getLogger(ComputedDevice.class);

    private final DeviceInfo info;
    private final List<Tag> tags;
    private final List<Computed> computed;
    private final LinkState link;
    private final TagTable table;
    private final GatewayClock clock;
    private final Windows windows;
    private final Observation observation;

    /** @throws IllegalArgumentException if the configuration is wrong; the message names the place */
    @Activate
    public ComputedDevice(@Reference TagTable table, @Reference GatewayClock clock, ComputedConfig config,
        Map<String, Object> properties) {
        this(name(properties), String.valueOf(properties.get(Configurations.TEXT_PROPERTY)), config.description(), table, clock);
        LOG.info("Device {}: {} tags are computed", info.name(), tags.size());
    }

    ComputedDevice(String name, String text, String description, TagTable table, GatewayClock clock) {
        ComputedTags list;
        try {
            list = new ComputedTags(name, JsonParser.parse(text).asObject());
        } catch (JsonException e) {
            throw new IllegalArgumentException("device " + name + ": " + e.getMessage(), e);
        }
        for (Problem problem : list.problems()) {
            throw new IllegalArgumentException("device " + name + ": " + problem);
        }
        Moment now = clock.now();
        this.info = new DeviceInfo(name, "edge.runtime", "computed", description);
        this.tags = list.tags();
        this.computed = list.inOrder();
        this.link = new LinkState(LinkState.Phase.CONNECTED, now.wall(), "");
        this.table = table;
        this.clock = clock;
        this.windows = new Windows(computed.stream().flatMap(one -> one.windows().stream()).toList(), now.monotonicNanos());
        this.observation = windows.isEmpty() ? () -> { } : table.observe(windows::take);
    }

    @Deactivate
    void close() {
        observation.close();
    }

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public List<Tag> tags() {
        return tags;
    }

    @Override
    public LinkState link() {
        return link;
    }

    @Override
    public Scan prepare(List<Tag> group) {
        Set<String> names = new HashSet<>();
        group.forEach(tag -> names.add(tag.name()));
        List<Computed> wanted = computed.stream().filter(one -> names.contains(one.tag().name())).toList();
        return () -> CompletableFuture.completedFuture(compute(group, wanted));
    }

    @Override
    public CompletionStage<Void> write(Tag tag, Value value) {
        return CompletableFuture.failedFuture(
            new DeviceException(Reason.REJECTED, "tag " + info.name() + "/" + tag.name() + " is computed and cannot be written"));
    }

    private List<Reading> compute(List<Tag> group, List<Computed> wanted) {
        Moment now = clock.now();
        Map<String, Reading> readings = new HashMap<>();
        for (Computed one : wanted) {
            readings.put(one.tag().name(),
                new Evaluation(info.name(), readings, table, windows, now).reading(one.tag(), one.expression()));
        }
        return group.stream().map(tag -> readings.get(tag.name())).toList();
    }

    private static String name(Map<String, Object> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        return pid.substring(pid.indexOf('~') + 1);
    }
}
