// SPDX-License-Identifier: Apache-2.0
package edge.journal;

import edge.api.config.ConfigurationCheck;
import edge.api.config.Problem;
import edge.json.Json;
import edge.json.JsonException;
import edge.json.JsonParser;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** Checks what Metatype cannot say about {@code edge.journal.cfg.json}. */
@Component(property = "edge.check.pid=" + JournalComponent.PID)
public final class JournalConfigurationCheck implements ConfigurationCheck {

    private static final String QUOTA = "quotaMegabytes";
    private static final String SEGMENT = "segmentMegabytes";
    private static final String DIRECTORY = "directory";
    private static final String SYNC = "sync";

    /** The policy of that name, as it is written in configurations. */
    static Optional<SyncPolicy> policy(String name) {
        for (SyncPolicy policy : SyncPolicy.values()) {
            if (policy.name().toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(policy);
            }
        }
        return Optional.empty();
    }

    @Override
    public List<Problem> check(String name, String text) {
        List<Problem> problems = new ArrayList<>();
        try {
            Json.Obj root = JsonParser.parse(text).asObject();
            long quota = root.integer(QUOTA, 1024, 1, Integer.MAX_VALUE);
            long segment = root.integer(SEGMENT, 16, 1, Positions.MAX_SEGMENT_MEGABYTES);
            if (quota < Settings.LEAST_SEGMENTS * segment) {
                problems.add(problem(root, root.has(QUOTA) ? QUOTA : SEGMENT, "quotaMegabytes must be at least four times"
                    + " segmentMegabytes, here " + Settings.LEAST_SEGMENTS * segment + ": the journal is deleted in whole segments"));
            }
            JournalText.rules(text);
            if (policy(root.text(SYNC, "each")).isEmpty()) {
                problems.add(problem(root, SYNC, "sync must be each, interval or os"));
            }
            String directory = root.text(DIRECTORY, "journal");
            if (directory.isBlank() || !isPath(directory)) {
                problems.add(problem(root, DIRECTORY, "directory must be a path, for example journal"));
            }
        } catch (JsonException e) {
            problems.add(new Problem(e.line(), e.column(), e.path(), e.getMessage()));
        }
        return problems;
    }

    private static boolean isPath(String text) {
        try {
            return Path.of(text) != null;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static Problem problem(Json.Obj root, String member, String message) throws JsonException {
        Json.Place place = root.has(member) ? root.get(member).place() : root.place();
        return new Problem(place.line(), place.column(), member, message);
    }
}
