// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.journal.StreamSelection;
import edge.journal.StreamRules.Rule;
import edge.journal.StreamRules.WhenFull;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The rules of {@code edge.journal.cfg.json}, which Metatype cannot describe. */
final class JournalText {

    static final String WHEN_FULL = "whenFull";
    static final String MAX_AGE = "maxAgeHours";
    static final String RESOLUTION = "resolutionSeconds";
    static final String STREAMS = "streams";
    private static final String QUOTA = "quotaMegabytes";
    private static final String SEGMENT = "segmentMegabytes";
    private static final Set<String> MEMBERS = Set.of(STREAMS, QUOTA, MAX_AGE, WHEN_FULL, RESOLUTION);
    static final int MOST_HOURS = 24 * 366 * 10;
    static final int MOST_SECONDS = 86_400;

    private JournalText() {
    }

    /** The rules of a whole file. */
    static StreamRules rules(String text) throws JsonException {
        Json.Obj root = JsonParser.parse(text).asObject();
        Rule others = rule(root, new Rule(StreamSelection.ALL, 0, Duration.ZERO, WhenFull.REFUSE, StreamRules.RESOLUTION),
            StreamSelection.ALL, 0);
        long least = 2 * root.integer(SEGMENT, 16, 1, Positions.MAX_SEGMENT_MEGABYTES);
        List<Rule> rules = new ArrayList<>();
        if (root.has(STREAMS)) {
            for (Json item : root.get(STREAMS).asArray()) {
                Json.Obj object = item.asObject();
                object.allowOnly(MEMBERS);
                long quota = object.has(QUOTA) ? object.integer(QUOTA, least, 1 << 20) : 0;
                rules.add(rule(object, others, new StreamSelection(patterns(object.get(STREAMS))), quota << 20));
            }
        }
        return new StreamRules(rules, others);
    }

    private static Rule rule(Json.Obj object, Rule otherwise, StreamSelection streams, long quota) throws JsonException {
        Duration age = object.has(MAX_AGE) ? Duration.ofHours(object.integer(MAX_AGE, 0, MOST_HOURS)) : otherwise.maxAge();
        Duration resolution = object.has(RESOLUTION) ? Duration.ofSeconds(object.integer(RESOLUTION, 1, MOST_SECONDS))
            : otherwise.resolution();
        WhenFull whenFull = otherwise.whenFull();
        if (object.has(WHEN_FULL)) {
            Json named = object.get(WHEN_FULL);
            whenFull = whenFull(named.asText())
                .orElseThrow(() -> named.place().problem("must be refuse, drop or thin, not " + named.describe()));
        }
        return new Rule(streams, quota, age, whenFull, resolution);
    }

    private static Optional<WhenFull> whenFull(String name) {
        for (WhenFull each : WhenFull.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private static List<String> patterns(Json json) throws JsonException {
        List<String> patterns = new ArrayList<>();
        for (Json each : json.asArray()) {
            patterns.add(each.asText());
        }
        if (patterns.isEmpty()) {
            throw json.place().problem("needs at least one pattern, for example device/*");
        }
        return patterns;
    }
}
