// SPDX-License-Identifier: Apache-2.0
package edge.drivers.gpio.pwm;

import edge.api.device.Tag;
import edge.api.value.DataType;
import edge.drivers.gpio.Attributes;
import edge.drivers.gpio.Names;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import edge.json.TagAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the {@code channels} of a configuration file and refuses what contradicts itself. */
final class ChannelParser {

    private static final int MAX_CHANNELS = 64;
    private static final int MAX_NUMBER = 255;
    private static final double MAX_HERTZ = 1e7;
    private static final double MIN_HERTZ = 0.1;
    private static final double PERCENT = 100;
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private static final Set<String> OWN = Set.of("name", "chip", "channel", "frequency", "inverted", "initial", "safe",
        "access", "description");

    private ChannelParser() {
    }

    static List<Channel> parse(String text) throws JsonException {
        Json.Obj root = JsonParser.parse(text).asObject();
        TagAttributes attributes = new TagAttributes(root);
        Json list = root.get("channels");
        List<Json> items = list.asArray();
        if (items.isEmpty() || items.size() > MAX_CHANNELS) {
            throw list.place().problem("there must be 1 to " + MAX_CHANNELS + " channels, not " + items.size());
        }
        Names names = new Names();
        Map<List<Integer>, String> used = new HashMap<>();
        List<Channel> channels = new ArrayList<>(items.size());
        for (Json item : items) {
            Channel channel = channel(item.asObject(), names, attributes);
            String other = used.putIfAbsent(List.of(channel.chip(), channel.channel()), channel.tag().name());
            if (other != null) {
                throw item.asObject().get("channel").place().problem("channel " + channel.channel() + " of chip "
                    + channel.chip() + " is already used by '" + other + "'");
            }
            channels.add(channel);
        }
        return List.copyOf(channels);
    }

    private static Channel channel(Json.Obj object, Names names, TagAttributes attributes) throws JsonException {
        object.allowOnly(Attributes.withCommon(OWN));
        String name = names.read(object, "name");
        double hertz = object.get("frequency").asNumber();
        if (!(hertz >= MIN_HERTZ && hertz <= MAX_HERTZ)) {
            throw object.get("frequency").place().problem("must be 0.1 to 10000000 hertz, not "
                + object.get("frequency").describe());
        }
        double safe = percent(object, "safe", 0);
        Tag tag = new Tag(name, DataType.FLOAT64, "%", Attributes.access(object),
            attributes.period(object, PERIOD), TagAttributes.report(object, DataType.FLOAT64), object.text("description", ""));
        return new Channel(tag, (int) object.integer("chip", 0, 0, MAX_NUMBER), (int) object.integer("channel", 0, MAX_NUMBER),
            hertz, object.bool("inverted", false), percent(object, "initial", safe), safe);
    }

    private static double percent(Json.Obj object, String name, double otherwise) throws JsonException {
        double percent = object.number(name, otherwise);
        if (!(percent >= 0 && percent <= PERCENT)) {
            throw object.get(name).place().problem("must be 0 to 100 percent, not " + object.get(name).describe());
        }
        return percent;
    }
}
