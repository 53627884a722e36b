// SPDX-License-Identifier: Apache-2.0
package edge.runtime.desired;

import edge.api.config.ConfigurationFile.Status;
import edge.api.config.Problem;
import edge.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A text and what the checks found.
 *
 * @param text the text, its secrets encrypted if that was possible
 * @param root the parsed text, if it is JSON
 * @param definition what described it, if somebody does
 * @param secrets names of the attributes that are secrets, or sound like it as long as nobody knows
 * @param properties what the component gets; empty unless {@link Status#APPLIED}
 * @param undecided refused only because a check could not be made
 */
record Checked(String text, Optional<Json.Obj> root, Optional<Definition> definition, Status status,
               List<Problem> problems, Set<String> secrets, Map<String, Object> properties,
               boolean undecided) {

    /** What cannot even be read: neither its form nor its secrets are known. */
    static Checked unreadable(Problem problem) {
        return new Checked("", Optional.empty(), Optional.empty(), Status.REFUSED, List.of(problem), Set.of(), Map.of(),
            false);
    }

    boolean isRefused() {
        return status == Status.REFUSED;
    }

    /** The text as it may be shown. */
    String masked() {
        return root.isPresent() ? SecretText.mask(text, root.get(), secrets) : SecretText.maskRoughly(text, secrets);
    }
}
