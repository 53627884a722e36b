// SPDX-License-Identifier: Apache-2.0
package edge.runtime.deploy;

import edge.api.access.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What it takes to keep a change for good: somebody who is still there afterwards.
 *
 * @param within after it was applied
 * @param why a clause that says why it is wanted; empty if somebody asked for it
 */
record Confirmation(Duration within, String why) {
    /** Bundles, and beginnings of PIDs, through which people and machines reach a gateway from afar. */
    private static final List<String> WAYS_IN = List.of("edge.web", "edge.broker", "edge.cloudconnector");

    /**
     * @param wanted what the request says; zero: none
     * @param usual for what the request says nothing about; zero: none
     */
    static Optional<Confirmation> of(Optional<Duration> wanted, Caller.Kind caller, Draft draft, Duration usual) {
        if (wanted.isPresent()) {
            return wanted.filter(time -> !time.isZero()).map(time -> new Confirmation(time, ""));
        } else if (usual.isZero() || caller == Caller.Kind.SYSTEM) {
            return Optional.empty();
        }
        return wayIn(draft).map(way -> new Confirmation(usual, ", because somebody may reach the gateway by " + way));
    }

    private static Optional<String> wayIn(Draft draft) {
        return draft.configurations().keySet().stream().filter(Confirmation::isWayIn).findFirst()
            .or(() -> draft.parts().stream().map(Draft.Part::symbolicName).filter(Confirmation::isWayIn).findFirst());
    }

    private static boolean isWayIn(String name) {
        return WAYS_IN.stream().anyMatch(way -> name.equals(way) || name.startsWith(way + ".") || name.startsWith(way + "~"));
    }

    /** Uplinks that are not missed: the draft takes them away. */
    static List<String> given(Draft draft) {
        return draft.configurations().entrySet().stream().filter(change -> change.getValue().isEmpty()).map(Map.Entry::getKey)
            .filter(pid -> pid.indexOf('~') > 0).map(pid -> pid.substring(pid.indexOf('~') + 1)).toList();
    }

    String words() {
        return "Is undone unless somebody confirms it within " + within.toSeconds() + " s" + why + ".";
    }
}
